using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Codes and scales of assets. A scale that can still change is asked for each time, one that cannot only once. Any thread.</summary>
public sealed class AssetDirectory(LedgerShard shard)
{
    private readonly ConcurrentDictionary<(uint Tenant, string Code), AssetInfo> _byCode = new();
    private readonly ConcurrentDictionary<(uint Tenant, int Handle), AssetInfo> _byHandle = new();

    /// <summary>Null when the tenant has no such asset (it may get one later).</summary>
    public ValueTask<AssetInfo?> FindAsync(TenantContext tenant, string code, CancellationToken ct) =>
        _byCode.TryGetValue((tenant.Number, code), out var known) && known.IsFixed ? new(known) : AskAsync(tenant, code, 0, ct);

    /// <summary>The asset that a fact names by handle.</summary>
    public ValueTask<AssetInfo?> FindAsync(TenantContext tenant, int handle, CancellationToken ct) =>
        _byHandle.TryGetValue((tenant.Number, handle), out var known) && known.IsFixed ? new(known) : AskAsync(tenant, null, handle, ct);

    /// <summary>As it was when it was last asked for; null when it never was.</summary>
    public AssetInfo? Known(TenantContext tenant, int handle) => _byHandle.GetValueOrDefault((tenant.Number, handle));

    private async ValueTask<AssetInfo?> AskAsync(TenantContext tenant, string? code, int handle, CancellationToken ct)
    {
        if (code != null && !AssetCode.IsValid(Encoding.UTF8.GetBytes(code))) return null;
        var call = shard.Rent();
        try
        {
            Ask(call, tenant.Number, code, handle);
            await shard.SendAsync(call, ct).ConfigureAwait(false);
            return Read(call, tenant.Number);
        }
        finally
        {
            call.Return();
        }
    }

    private static unsafe void Ask(ShardCall call, uint tenant, string? code, int handle)
    {
        call.Command->Kind = CommandKind.ReadAsset;
        call.Command->Tenant = tenant;
        call.Command->AssetCode = code != null ? AssetCode.Pack(Encoding.ASCII.GetBytes(code)) : 0;
        call.Command->Wallet = (ulong)handle;
    }

    private unsafe AssetInfo? Read(ShardCall call, uint tenant)
    {
        if (call.Reply->Result != LedgerResult.Accepted) return null;
        var view = MemoryMarshal.Read<AssetView>(call.Answered);
        var info = new AssetInfo(view.Handle, AssetCode.Unpack(view.Code), view.Scale, view.IsScaleFixed);
        _byCode[(tenant, info.Code)] = info;
        _byHandle[(tenant, info.Handle)] = info;
        return info;
    }
}
