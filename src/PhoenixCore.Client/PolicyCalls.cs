using PhoenixCore.Client.Api;
using PhoenixCore.Client.Calls;
using PhoenixCore.Contracts.V1;
using Asset = PhoenixCore.Client.Api.Asset;
using Policy = PhoenixCore.Client.Api.Policy;
using Wallet = PhoenixCore.Client.Api.Wallet;

namespace PhoenixCore.Client;

/// <summary>Policies: what is allowed, under which limits, and how lots are spent. Any thread.</summary>
/// <remarks>A policy is written as a JSON object; <c>pol_default</c> exists always and allows everything.</remarks>
public sealed class PolicyCalls
{
    private const string Service = "Policies";

    private readonly LogicalCalls _calls;

    internal PolicyCalls(LogicalCalls calls) => _calls = calls;

    /// <summary>Makes version 1 of a new policy.</summary>
    public Task<Policy> CreateAsync(string sourceJson, RequestOptions? options = null) => PutAsync("", sourceJson, options);

    /// <summary>Makes the next version of the whole policy; the older ones stay where they are pinned.</summary>
    public Task<Policy> UpdateAsync(string policy, string sourceJson, RequestOptions? options = null) => PutAsync(policy, sourceJson, options);

    /// <param name="version">0 = the latest.</param>
    public async Task<Policy> GetAsync(string policy, int version = 0, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return Policy.From(await _calls.RunAsync(Service, "GetPolicy", new GetPolicyRequest { PolicyId = policy, Version = (uint)version }, Contracts.V1.Policy.Parser, null, ct).ConfigureAwait(false));
    }

    /// <summary>At their latest versions, oldest first.</summary>
    public IAsyncEnumerable<Policy> ListAsync(CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var page = await _calls.RunAsync(Service, "ListPolicies", new ListPoliciesRequest { PageSize = LogicalCalls.Page, PageToken = token }, ListPoliciesReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Policies.Select(Policy.From), page.NextPageToken);
        },
        ct);

    /// <summary>Newest first.</summary>
    public IAsyncEnumerable<Policy> ListVersionsAsync(string policy, CancellationToken ct = default) => LogicalCalls.PagesAsync(
        async (token, pageCt) =>
        {
            var request = new ListPolicyVersionsRequest { PolicyId = policy, PageSize = LogicalCalls.Page, PageToken = token };
            var page = await _calls.RunAsync(Service, "ListPolicyVersions", request, ListPoliciesReply.Parser, null, pageCt).ConfigureAwait(false);
            return (page.Policies.Select(Policy.From), page.NextPageToken);
        },
        ct);

    public async Task<Policy> SetStatusAsync(string policy, PolicyStatus status, RequestOptions? options = null)
    {
        var request = new SetPolicyStatusRequest { IdempotencyKey = LogicalCalls.KeyOf(options), PolicyId = policy, Status = status };
        return Policy.From(await _calls.RunAsync(Service, "SetPolicyStatus", request, Contracts.V1.Policy.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>Replaces the wallet's policies, at most 8.</summary>
    public async Task<Wallet> BindWalletAsync(string wallet, IReadOnlyList<string> policies, RequestOptions? options = null)
    {
        var request = new BindWalletRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Wallet = wallet, Policies = { policies } };
        return Wallet.From(await _calls.RunAsync(Service, "BindWallet", request, Contracts.V1.Wallet.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>Replaces the asset's policies, at most 8.</summary>
    public async Task<Asset> BindAssetAsync(string asset, IReadOnlyList<string> policies, RequestOptions? options = null)
    {
        var request = new BindAssetRequest { IdempotencyKey = LogicalCalls.KeyOf(options), Asset = asset, Policies = { policies } };
        return Asset.From(await _calls.RunAsync(Service, "BindAsset", request, Contracts.V1.Asset.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }

    /// <summary>What an operation would meet, without doing it.</summary>
    public async Task<PolicyEvaluation> EvaluateAsync(PolicyQuestion question, CancellationToken ct = default)
    {
        var request = new EvaluateRequest
        {
            Operation = question.Operation,
            Wallet = question.Wallet,
            Counterparty = question.Counterparty,
            Amount = question.Amount.ToAmount(),
            Intent = question.Intent,
            ContextJson = question.ContextJson,
            Selection = question.Selection,
            LotIds = { question.LotIds },
        };
        return PolicyEvaluation.From(await _calls.RunAsync(Service, "Evaluate", request, Evaluation.Parser, null, ct).ConfigureAwait(false));
    }

    private async Task<Policy> PutAsync(string policy, string sourceJson, RequestOptions? options)
    {
        var request = new PutPolicyRequest { IdempotencyKey = LogicalCalls.KeyOf(options), PolicyId = policy, SourceJson = sourceJson };
        return Policy.From(await _calls.RunAsync(Service, "PutPolicy", request, Contracts.V1.Policy.Parser, request.IdempotencyKey, options?.CancellationToken ?? default).ConfigureAwait(false));
    }
}
