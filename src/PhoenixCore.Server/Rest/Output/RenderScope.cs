using System.Buffers;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>What rendering looks up: the assets' codes, and older facts that hold the texts of things.</summary>
internal sealed class RenderScope(AssetDirectory assets, LedgerShard shard)
{
    [ThreadStatic] private static ArrayBufferWriter<byte>? _older;

    /// <summary>Asks for every asset that a fact names and that is not known yet, so that rendering need not wait.</summary>
    public ValueTask KnowAssetsAsync(TenantContext tenant, ReadOnlySpan<byte> fact) => UnknownAssets(tenant, fact) is { } unknown ? AskAsync(tenant, unknown) : default;

    private async ValueTask AskAsync(TenantContext tenant, List<int> handles)
    {
        foreach (var handle in handles)
        {
            if (await assets.FindAsync(tenant, handle, CancellationToken.None).ConfigureAwait(false) is null) throw new InvariantBrokenException("a fact names an asset that its tenant does not have");
        }
    }

    /// <summary>Handles of the assets in a fact that are not known yet; null nearly always.</summary>
    private unsafe List<int>? UnknownAssets(TenantContext tenant, ReadOnlySpan<byte> fact)
    {
        List<int>? unknown = null;
        fixed (byte* payload = fact)
        {
            foreach (var part in new FactParts(payload))
            {
                foreach (ref readonly var posting in part.Postings) Note(tenant, posting.Asset, ref unknown);
                var named = part.Kind switch
                {
                    PartKind.BoundsSet => part.Body<BoundsSetBody>().Asset,
                    PartKind.AssetStatusSet => part.Body<AssetStatusSetBody>().Handle,
                    PartKind.LotExpired => part.Body<LotExpiredBody>().Asset,
                    PartKind.WalletCreated => part.Body<WalletCreatedBody>().DefaultAsset,
                    PartKind.LotUpdated => part.Body<LotUpdatedBody>().Asset,
                    PartKind.ReservationExtended => AssetOfReservation(part.Body<ReservationChangedBody>().Number),
                    PartKind.WalletStatusSet => DefaultAssetOf(part.Body<WalletStatusSetBody>().Number),
                    PartKind.AssetPoliciesBound => part.Body<PoliciesBoundBody>().Handle,
                    PartKind.WalletUpdated => DefaultAssetOf(part.Body<WalletUpdatedBody>().Number),
                    PartKind.WalletPoliciesBound => DefaultAssetOf(part.Body<PoliciesBoundBody>().Number),
                    _ => 0,
                };
                Note(tenant, named, ref unknown);
            }
        }

        return unknown;
    }

    public AssetInfo Asset(TenantContext tenant, int handle) => assets.Known(tenant, handle) ?? throw new InvariantBrokenException("an asset was not asked for before it was rendered");

    /// <summary>An older fact of the same tenant, valid until the next one is read on this thread; empty when there is none.</summary>
    public ReadOnlySpan<byte> Older(TenantContext tenant, ulong sequence, out FactContext context)
    {
        var buffer = _older ??= new ArrayBufferWriter<byte>(1_024);
        return shard.Facts.TryRead(sequence, buffer, out context) && context.Tenant == tenant.Number ? buffer.WrittenSpan : default;
    }

    /// <summary>As <see cref="Older"/>, in an array of its own.</summary>
    public byte[]? Copy(TenantContext tenant, ulong sequence) => Older(tenant, sequence, out _) is { Length: > 0 } fact ? fact.ToArray() : null;

    /// <summary>Name and metadata that an update gave: it stands alone in its fact.</summary>
    public unsafe byte[] TextsOfUpdate(TenantContext tenant, ulong sequence)
    {
        fixed (byte* payload = Older(tenant, sequence, out _))
        {
            if (payload == null) throw new InvariantBrokenException("the fact of an update is not in the journal");
            return new FactParts(payload).First.Extras.ToArray();
        }
    }

    /// <summary>Handle of the asset of a reservation, by the fact that made it; 0 = there is none.</summary>
    public unsafe int AssetOfReservation(ulong number)
    {
        var buffer = _older ??= new ArrayBufferWriter<byte>(1_024);
        if (!shard.Facts.TryRead(Numbers.SequenceOf(number), buffer, out _)) return 0;
        fixed (byte* payload = buffer.WrittenSpan)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.Reserved && part.Body<ReservedBody>().Number == number) return part.Postings[0].Asset;
            }
        }

        return 0;
    }

    private unsafe int DefaultAssetOf(ulong wallet)
    {
        var buffer = _older ??= new ArrayBufferWriter<byte>(1_024);
        if (!shard.Facts.TryRead(Numbers.SequenceOf(wallet), buffer, out _)) return 0;
        fixed (byte* payload = buffer.WrittenSpan)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.WalletCreated && part.Body<WalletCreatedBody>().Number == wallet) return part.Body<WalletCreatedBody>().DefaultAsset;
            }
        }

        return 0;
    }

    private void Note(TenantContext tenant, int handle, ref List<int>? unknown)
    {
        if (handle != 0 && assets.Known(tenant, handle) is not { IsFixed: true } && unknown?.Contains(handle) != true) (unknown ??= []).Add(handle);
    }
}
