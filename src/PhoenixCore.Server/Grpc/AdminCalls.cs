using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Tenants;
using ApiKey = PhoenixCore.Contracts.V1.ApiKey;

namespace PhoenixCore.Server.Grpc;

/// <summary>Calls of operators.</summary>
internal sealed class AdminCalls(Administration administration, TimeProvider time, SnapshotDesk snapshots)
{
    public GrpcServiceBinder Bind(GrpcServiceBinder admin) => admin
        .Unary<CreateTenantRequest, Tenant>("CreateTenant", CreateTenantRequest.Parser, (request, call) => Tell(async () =>
            AdminRenderer.TenantOf((await administration.CreateAsync(request.Id, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false)).Value)))
        .Unary<GetTenantRequest, Tenant>("GetTenant", GetTenantRequest.Parser, (request, _) => Tell(() => Task.FromResult(AdminRenderer.TenantOf(administration.Find(request.Id)))))
        .Unary<ListTenantsRequest, ListTenantsReply>("ListTenants", ListTenantsRequest.Parser, (request, _) => Tell(() => Task.FromResult(List(request))))
        .Unary<SetTenantStatusRequest, Tenant>("SuspendTenant", SetTenantStatusRequest.Parser, (request, call) => SetSuspendedAsync(request, call, suspended: true))
        .Unary<SetTenantStatusRequest, Tenant>("ResumeTenant", SetTenantStatusRequest.Parser, (request, call) => SetSuspendedAsync(request, call, suspended: false))
        .Unary<EraseTenantRequest, Tenant>("EraseTenant", EraseTenantRequest.Parser, (request, call) => Tell(async () =>
            AdminRenderer.TenantOf((await administration.EraseAsync(request.Id, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false)).Value)))
        .Unary<CreateKeyRequest, ApiKey>("CreateKey", CreateKeyRequest.Parser, CreateKeyAsync)
        .Unary<ListKeysRequest, ListKeysReply>("ListKeys", ListKeysRequest.Parser, (request, _) => Tell(() => Task.FromResult(ListKeys(request))))
        .Unary<RotateKeyRequest, ApiKey>("RotateKey", RotateKeyRequest.Parser, RotateKeyAsync)
        .Unary<RevokeKeyRequest, ApiKey>("RevokeKey", RevokeKeyRequest.Parser, RevokeKeyAsync)
        .Unary<CreateSnapshotRequest, Snapshot>("CreateSnapshot", CreateSnapshotRequest.Parser, (_, _) => Tell(async () => AdminRenderer.SnapshotOf(await snapshots.CreateAsync().ConfigureAwait(false))))
        .Unary<ListSnapshotsRequest, ListSnapshotsReply>("ListSnapshots", ListSnapshotsRequest.Parser, (_, _) => Tell(() => Task.FromResult(new ListSnapshotsReply { Snapshots = { snapshots.Sound().Select(AdminRenderer.SnapshotOf) } })));

    private ValueTask<Tenant> SetSuspendedAsync(SetTenantStatusRequest request, GrpcCall call, bool suspended) => Tell(async () =>
        AdminRenderer.TenantOf((await administration.SetSuspendedAsync(request.Id, suspended, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false)).Value));

    private ValueTask<ApiKey> CreateKeyAsync(CreateKeyRequest request, GrpcCall call) => Tell(async () =>
    {
        var expiresAt = request.ExpiresAtUnixNs == 0 ? (DateTimeOffset?)null : DateTimeOffset.UnixEpoch.AddTicks(request.ExpiresAtUnixNs / TimeSpan.NanosecondsPerTick);
        var wanted = new NewKey([.. request.Scopes], Text(request.Name, "name"), expiresAt, request.ExpiresInSeconds);
        var minted = await administration.CreateKeyAsync(request.TenantId, wanted, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false);
        return KeyOf(request.TenantId, minted.Value);
    });

    private ValueTask<ApiKey> RotateKeyAsync(RotateKeyRequest request, GrpcCall call) => Tell(async () =>
    {
        var overlap = request.HasOverlapSeconds ? (int)Math.Min(request.OverlapSeconds, int.MaxValue) : Administration.OverlapSecondsDefault;
        var minted = await administration.RotateKeyAsync(request.TenantId, request.KeyId, overlap, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false);
        return KeyOf(request.TenantId, minted.Value);
    });

    private ValueTask<ApiKey> RevokeKeyAsync(RevokeKeyRequest request, GrpcCall call) => Tell(async () =>
    {
        var revoked = await administration.RevokeKeyAsync(request.TenantId, request.KeyId, RequestOf(call, request.IdempotencyKey, request.Reason)).ConfigureAwait(false);
        return KeyOf(request.TenantId, new MintedKey(revoked.Value, null));
    });

    private ListTenantsReply List(ListTenantsRequest request)
    {
        var size = RequestMapper.PageSize(request.PageSize);
        var after = request.PageToken.Length == 0 ? 0 : administration.Find(request.PageToken).Number;
        var rows = administration.Tenants.Where(tenant => tenant.Number > after).Take(size + 1).ToArray();
        var reply = new ListTenantsReply { NextPageToken = rows.Length > size ? rows[size - 1].Name : "" };
        reply.Tenants.Add(rows.Take(size).Select(AdminRenderer.TenantOf));
        return reply;
    }

    private ListKeysReply ListKeys(ListKeysRequest request)
    {
        var size = RequestMapper.PageSize(request.PageSize);
        var first = request.PageToken.Length == 0;
        var rows = administration.KeysOf(request.TenantId).SkipWhile(key => !first && key.KeyId != request.PageToken).Skip(first ? 0 : 1).Take(size + 1).ToArray();
        var reply = new ListKeysReply { NextPageToken = rows.Length > size ? rows[size - 1].KeyId : "" };
        reply.Keys.Add(rows.Take(size).Select(key => KeyOf(request.TenantId, new MintedKey(key, null))));
        return reply;
    }

    private ApiKey KeyOf(string tenant, MintedKey key) => AdminRenderer.KeyOf(administration.Find(tenant), key, time.GetUtcNow());

    private static AdminRequest RequestOf(GrpcCall call, string key, string reason) =>
        new(GrpcCaller.Of(call), Text(reason, "reason"), Text(key.Length > 0 ? key : call.RequestMetadata.Find(RequestMapper.KeyMetadata) ?? "", "idempotency_key"));

    private static string? Text(string text, string name) => text.Length == 0 ? null
        : text.Length <= RequestLimits.TextMax && !text.Any(char.IsControl) ? text : throw RequestMapper.Invalid($"{name} must have at most {RequestLimits.TextMax} printable characters");

    private static async ValueTask<T> Tell<T>(Func<Task<T>> action)
    {
        try
        {
            return await action().ConfigureAwait(false);
        }
        catch (RefusedException e)
        {
            throw new GrpcException(Statuses.Of(e.Result));
        }
    }
}
