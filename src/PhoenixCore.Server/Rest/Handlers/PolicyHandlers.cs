using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>Policies, their versions and status, and what they would say.</summary>
internal sealed class PolicyHandlers(CommandRunner runner)
{
    public IEnumerable<Route> Routes =>
    [
        new("POST", "/policies", Scope.PoliciesWrite, CreateAsync, NeedsKey: true),
        new("GET", "/policies", Scope.PoliciesRead, ListAsync, NeedsKey: false),
        new("GET", "/policies/{id}", Scope.PoliciesRead, GetAsync, NeedsKey: false),
        new("PUT", "/policies/{id}", Scope.PoliciesWrite, UpdateAsync, NeedsKey: true),
        new("GET", "/policies/{id}/versions", Scope.PoliciesRead, VersionsAsync, NeedsKey: false),
        new("POST", "/policies/{id}/deprecate", Scope.PoliciesWrite, call => SetStatusAsync(call, PolicyStatus.Deprecated), NeedsKey: true),
        new("POST", "/policies/{id}/activate", Scope.PoliciesWrite, call => SetStatusAsync(call, PolicyStatus.Active), NeedsKey: true),
        new("POST", "/policies/{id}/deactivate", Scope.PoliciesWrite, call => SetStatusAsync(call, PolicyStatus.Inactive), NeedsKey: true),
        new("POST", "/policies/{id}/evaluate", Scope.PoliciesRead, EvaluateAsync, NeedsKey: false),
    ];

    private async ValueTask CreateAsync(RestCall call)
    {
        var request = await ReadAsync(call);
        await runner.RunAsync(call, request, StatusCodes.Status201Created, FactShape.Resource);
    }

    /// <summary>A whole new version, its name too.</summary>
    private async ValueTask UpdateAsync(RestCall call)
    {
        var request = await ReadAsync(call);
        request.Policy = call.Parameters[0];
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private ValueTask<OperationRequest> ReadAsync(RestCall call) => runner.ReadBodyAsync(call, body =>
    {
        try
        {
            var request = PolicyRequest.Read(call.Tenant, body, call.Dialect == Dialect.Concepts);
            return request.Name is null ? throw new ApiErrorException(ApiError.Invalid("name", "is required")) : request;
        }
        catch (PolicySyntaxException e)
        {
            throw new ApiErrorException(ApiError.Of(LedgerResult.InvalidPolicy, -1) with { Message = e.Message, Details = [("policy", e.Message)] });
        }
        catch (JsonException)
        {
            throw new ApiErrorException(ApiError.Invalid("the body is not valid JSON, has a member twice, or is nested too deep"));
        }
    });

    private async ValueTask SetStatusAsync(RestCall call, PolicyStatus status)
    {
        var request = (await runner.ReadBodyAsync(call)).As(BodyShape.PolicyStatus);
        request.Policy = call.Parameters[0];
        request.PolicyStatus = status;
        await runner.RunAsync(call, request, StatusCodes.Status200OK, FactShape.Resource);
    }

    private async ValueTask GetAsync(RestCall call)
    {
        var question = new OperationRequest { Kind = CommandKind.ReadPolicy, Policy = call.Parameters[0] };
        if (call.Query("version") is { } version && (!ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (question.Cursor = number) == 0))
            throw new ApiErrorException(ApiError.Invalid("version", "must be a number, at least 1"));
        using var reply = await runner.AskAsync(call, question);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        PolicyJson.Write(body, runner.Scope, call.Tenant, MemoryMarshal.Read<PolicyView>(reply.Payload));
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask ListAsync(RestCall call)
    {
        var page = Page.Of(call);
        var question = new OperationRequest { Kind = CommandKind.ListPolicies, Rows = page.Limit + 1 };
        if (page.Cursor is { } id) question.Cursor = PolicyIds.NumberOf(call.Tenant, id);
        using var reply = await runner.ExecuteAsync(call, question);
        if (reply.Result != LedgerResult.Accepted) throw new ApiErrorException(Page.UnknownCursor);
        Send(call, ReadRows.All<PolicyView>(reply.Payload), page.Limit, last => PolicyIds.Format(call.Tenant, last.Number));
    }

    /// <summary>Newest first; a cursor is a version's number.</summary>
    private async ValueTask VersionsAsync(RestCall call)
    {
        var page = Page.Of(call);
        var question = new OperationRequest { Kind = CommandKind.ListPolicyVersions, Policy = call.Parameters[0] };
        if (page.Cursor is { } version && (!ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || (question.Cursor = number) == 0)) throw new ApiErrorException(Page.UnknownCursor);
        using var reply = await runner.AskAsync(call, question);
        Send(call, ReadRows.All<PolicyView>(reply.Payload), page.Limit, last => last.Version.ToString(CultureInfo.InvariantCulture));
    }

    private void Send(RestCall call, ReadOnlySpan<PolicyView> rows, int limit, Func<PolicyView, string> idOf)
    {
        var shown = Math.Min(rows.Length, limit);
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        for (var i = 0; i < shown; i++) PolicyJson.Write(body, runner.Scope, call.Tenant, rows[i]);
        Page.Close(body, rows.Length > shown ? idOf(rows[shown - 1]) : null);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    /// <summary>Asks all policies that govern the wallet; the one in the path has only to exist.</summary>
    private async ValueTask EvaluateAsync(RestCall call)
    {
        (await runner.AskAsync(call, new OperationRequest { Kind = CommandKind.ReadPolicy, Policy = call.Parameters[0] })).Dispose();
        var parsed = await runner.ReadBodyAsync(call);
        var request = parsed.As(BodyShape.Evaluation);
        request.PolicyOperation = PolicyNames.OperationOf(parsed.Type?.ToLowerInvariant() ?? "consume");
        if (request.PolicyOperation == PolicyOperation.None) throw new ApiErrorException(ApiError.Invalid("operation", "must be credit, consume, transfer_out, transfer_in, reserve or commit"));
        using var reply = await runner.AskAsync(call, request);
        var body = JsonBody.Start(call.Dialect);
        body.OpenEnvelope();
        WriteEvaluation(body, call, reply.Payload);
        body.CloseEnvelope();
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private static void WriteEvaluation(JsonBody to, RestCall call, ReadOnlySpan<byte> rows)
    {
        var head = MemoryMarshal.Read<EvaluationView>(rows);
        to.Json.WriteStartObject();
        to.Json.WriteString("policy_id"u8, call.Parameters[0]);
        to.Json.WriteBoolean("allowed"u8, head.Result == LedgerResult.Accepted);
        if (head.Result == LedgerResult.Accepted) to.Json.WriteNull("code"u8);
        else to.Json.WriteString("code"u8, ApiResult.Of(head.Result).Code);
        to.Json.WriteString("asset"u8, AssetCode.Unpack(head.Asset));
        to.Json.WriteNumber("scale"u8, head.Scale);
        to.Json.WriteStartArray("verdicts"u8);
        foreach (ref readonly var verdict in ReadRows.After<EvaluationView, VerdictView>(rows)) WriteVerdict(to, call.Tenant, verdict, head.Scale);
        to.Json.WriteEndArray();
        to.Json.WriteEndObject();
    }

    private static unsafe void WriteVerdict(JsonBody to, TenantContext tenant, in VerdictView verdict, int scale)
    {
        to.Json.WriteStartObject();
        to.Json.WriteString("layer"u8, PolicyDetails.LayerOf(verdict.Layer));
        if (verdict.IsOfOther) to.Json.WriteBoolean("counterparty"u8, true);
        if (verdict.Lot != 0)
        {
            to.Id("lot_id"u8, tenant, IdKind.Lot, verdict.Lot);
            to.Amount("amount"u8, "amount_minor"u8, verdict.Amount, scale);
        }

        to.Json.WriteBoolean("allowed"u8, verdict.IsAllowed);
        if (!verdict.IsAllowed)
        {
            if (verdict.Policy != 0)
            {
                to.Json.WriteString("policy_id"u8, PolicyIds.Format(tenant, verdict.Policy));
                to.Json.WriteNumber("version"u8, verdict.Version);
            }

            fixed (byte* rule = verdict.Rule) to.Text("rule"u8, new ReadOnlySpan<byte>(rule, verdict.RuleBytes));
        }

        to.Json.WriteEndObject();
    }
}
