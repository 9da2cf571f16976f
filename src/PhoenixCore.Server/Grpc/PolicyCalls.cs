using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;
using PhoenixCore.Server.Grpc.Rendering;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls about policies.</summary>
internal sealed class PolicyCalls(Operations operations, StateReads reads)
{
    public async ValueTask<Policy> PutAsync(PutPolicyRequest request, GrpcCall call)
    {
        ulong number;
        int version;
        using (var reply = await ExecuteAsync(RequestMapper.Map(request, GrpcCaller.TenantOf(call), call), call).ConfigureAwait(false)) (number, version) = MadeBy(reply);
        return await ReadAsync(number, (ulong)version, call).ConfigureAwait(false);
    }

    public async ValueTask<Policy> SetStatusAsync(SetPolicyStatusRequest request, GrpcCall call)
    {
        (await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false)).Dispose();
        return await ReadAsync(PolicyIds.NumberOf(GrpcCaller.TenantOf(call), request.PolicyId), 0, call).ConfigureAwait(false);
    }

    public ValueTask<Policy> GetAsync(GetPolicyRequest request, GrpcCall call) => ReadAsync(PolicyIds.NumberOf(GrpcCaller.TenantOf(call), request.PolicyId), request.Version, call);

    /// <summary>A page's token is the id of its last policy.</summary>
    public async ValueTask<ListPoliciesReply> ListAsync(ListPoliciesRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        var after = request.PageToken.Length == 0 ? 0 : PolicyIds.NumberOf(tenant, request.PageToken);
        var (result, found) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ListPolicies, Number: after, Subject: (ulong)rows + 1), call.CancellationToken).ConfigureAwait(false);
        if (result != LedgerResult.Accepted) throw RequestMapper.Invalid("page_token is none of ours");
        return PageOf(tenant, found, rows, last => last.Id);
    }

    /// <summary>A page's token is the number of its last version.</summary>
    public async ValueTask<ListPoliciesReply> ListVersionsAsync(ListPolicyVersionsRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var rows = RequestMapper.PageSize(request.PageSize);
        ulong below = 0;
        if (request.PageToken.Length > 0 && !ulong.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out below)) throw RequestMapper.Invalid("page_token is none of ours");
        var question = new StateQuestion(CommandKind.ListPolicyVersions, Number: below, Subject: PolicyIds.NumberOf(tenant, request.PolicyId));
        var (result, found) = await reads.AskAsync(tenant, question, call.CancellationToken).ConfigureAwait(false);
        if (result != LedgerResult.Accepted) throw new GrpcException(Statuses.Of(result));
        return PageOf(tenant, found, rows, last => last.Version.ToString(CultureInfo.InvariantCulture));
    }

    public async ValueTask<Evaluation> EvaluateAsync(EvaluateRequest request, GrpcCall call)
    {
        using var reply = await ExecuteAsync(RequestMapper.Map(request, call), call).ConfigureAwait(false);
        return EvaluationOf(GrpcCaller.TenantOf(call), reply.Payload);
    }

    private static unsafe Evaluation EvaluationOf(TenantContext tenant, ReadOnlySpan<byte> rows)
    {
        var head = MemoryMarshal.Read<EvaluationView>(rows);
        var evaluation = new Evaluation { Allowed = head.Result == LedgerResult.Accepted, Reason = head.Result == LedgerResult.Accepted ? "" : ApiResult.Of(head.Result).Code };
        foreach (ref readonly var view in ReadRows.After<EvaluationView, VerdictView>(rows))
        {
            var verdict = new Verdict { Layer = PolicyDetails.LayerOf(view.Layer), Allowed = view.IsAllowed, Counterparty = view.IsOfOther };
            if (view.Lot != 0) (verdict.LotId, verdict.Amount) = (tenant.Ids.Format(IdKind.Lot, view.Lot), WireValues.AmountOf(view.Amount, AssetCode.Unpack(head.Asset), head.Scale));
            if (view.Policy != 0) (verdict.PolicyId, verdict.Version) = (PolicyIds.Format(tenant, view.Policy), (uint)view.Version);
            fixed (byte* rule = view.Rule) verdict.Rule = Encoding.UTF8.GetString(rule, view.RuleBytes);
            evaluation.Verdicts.Add(verdict);
        }

        return evaluation;
    }

    private static unsafe (ulong Number, int Version) MadeBy(OperationReply reply)
    {
        fixed (byte* payload = reply.Payload)
        {
            ref readonly var body = ref new FactParts(payload).First.Body<PolicyPutBody>();
            return (body.Number, body.Version);
        }
    }

    private async ValueTask<Policy> ReadAsync(ulong number, ulong version, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var (result, found) = await reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadPolicy, Number: version, Subject: number), call.CancellationToken).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? PolicyOf(tenant, MemoryMarshal.Read<PolicyView>(found)) : throw new GrpcException(Statuses.Of(result));
    }

    private ListPoliciesReply PageOf(TenantContext tenant, byte[] found, int rows, Func<Policy, string> tokenOf)
    {
        var reply = new ListPoliciesReply();
        var views = ReadRows.All<PolicyView>(found);
        foreach (ref readonly var view in views[..Math.Min(rows, views.Length)]) reply.Policies.Add(PolicyOf(tenant, view));
        if (views.Length > rows) reply.NextPageToken = tokenOf(reply.Policies[^1]);
        return reply;
    }

    private Policy PolicyOf(TenantContext tenant, in PolicyView view) => new()
    {
        Id = PolicyIds.Format(tenant, view.Number),
        Version = (uint)view.Version,
        LatestVersion = (uint)view.LatestVersion,
        Status = view.Status switch
        {
            Ledger.Policies.PolicyStatus.Active => Contracts.V1.PolicyStatus.Active,
            Ledger.Policies.PolicyStatus.Deprecated => Contracts.V1.PolicyStatus.Deprecated,
            Ledger.Policies.PolicyStatus.Inactive => Contracts.V1.PolicyStatus.Inactive,
        },
        SourceJson = SourceOf(tenant, view),
        CreatedAtUnixNs = view.CreatedAt,
        UpdatedAtUnixNs = view.UpdatedAt,
        VersionCreatedAtUnixNs = view.VersionCreatedAt,
    };

    private unsafe string SourceOf(TenantContext tenant, in PolicyView view)
    {
        if (reads.FindFact(tenant, view.TextSequence) is not { } fact) return """{"name":"default"}""";
        fixed (byte* payload = fact.Payload)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.PolicyPut && part.Body<PolicyPutBody>().Number == view.Number && part.Body<PolicyPutBody>().Version == view.Version) return WireValues.TextOf(part.Extras, ExtraTag.PolicySource);
            }
        }

        return "{}";
    }

    private async ValueTask<OperationReply> ExecuteAsync(OperationRequest request, GrpcCall call)
    {
        var tenant = GrpcCaller.TenantOf(call);
        var reply = await operations.ExecuteAsync(tenant, request, call.CancellationToken).ConfigureAwait(false);
        if (reply.Result == LedgerResult.Accepted) return reply;
        var refusal = Statuses.Of(tenant, reply);
        reply.Dispose();
        throw new GrpcException(refusal);
    }
}
