using System.Buffers;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Turns decimal amounts into smallest units, which takes the asset's scale: named, of the reservation, or implied by the wallet.</summary>
/// <remarks>Whatever asset the scale came from is pinned in the command. Where no scale can be known the command names an asset that cannot
/// exist: the ledger then refuses it with the check that comes first, and units of a guessed scale can never be applied.</remarks>
internal sealed class AmountScaling(LedgerShard shard, AssetDirectory assets)
{
    private const string NoAsset = "?"; // not a valid code

    public static bool IsNeeded(OperationRequest request) => request.Amount.Decimal != null || request.Floor.Decimal != null || request.Ceiling.Decimal != null;

    /// <summary>Of a request without decimals.</summary>
    public static RequestUnits UnitsOf(OperationRequest request) =>
        new(request.Amount.Units, request.FloorIsNegative ? -request.Floor.Units : request.Floor.Units, request.Ceiling.Units);

    /// <param name="before">Operations of the same batch that are decided earlier: they may make the asset or the wallet.</param>
    public async ValueTask<(RequestUnits Units, LedgerResult Refusal)> ConvertAsync(TenantContext tenant, OperationRequest request, IEnumerable<OperationRequest> before, CancellationToken ct)
    {
        var (asset, refusal) = await AssetOfAsync(tenant, request, before, ct).ConfigureAwait(false);
        if (refusal != LedgerResult.Accepted) return (default, refusal);
        if (!request.Amount.TryToUnits(asset.Scale, out var amount) || !request.Floor.TryToUnits(asset.Scale, out var floor) || !request.Ceiling.TryToUnits(asset.Scale, out var ceiling))
            return (default, LedgerResult.InvalidAmount);
        return (new RequestUnits(amount, request.FloorIsNegative ? -floor : floor, ceiling, asset.Code, asset.Scale), LedgerResult.Accepted);
    }

    public async ValueTask<(RequestUnits[] Units, LedgerResult Refusal, int Index)> ConvertPartsAsync(TenantContext tenant, IReadOnlyList<OperationRequest> parts, CancellationToken ct)
    {
        var units = new RequestUnits[parts.Count];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = UnitsOf(parts[i]);
            if (!IsNeeded(parts[i])) continue;
            (units[i], var refusal) = await ConvertAsync(tenant, parts[i], parts.Take(i), ct).ConfigureAwait(false);
            if (refusal != LedgerResult.Accepted) return (units, refusal, i);
        }

        return (units, LedgerResult.Accepted, -1);
    }

    private async ValueTask<((string Code, int Scale) Asset, LedgerResult Refusal)> AssetOfAsync(TenantContext tenant, OperationRequest request, IEnumerable<OperationRequest> before, CancellationToken ct)
    {
        if (request.Kind.IsReversal())
        {
            var original = request.Undone is { } undone ? await assets.FindAsync(tenant, undone.Slices[0].Asset, ct).ConfigureAwait(false) : null;
            return (original is null ? (NoAsset, LedgerLimits.ScaleMax) : (original.Code, original.Scale), LedgerResult.Accepted); // TransactionNotFound
        }

        if (request.Reservation != null && request.Asset == null)
            return (await AssetOfReservationAsync(tenant, request.Reservation, ct).ConfigureAwait(false), LedgerResult.Accepted);
        var code = request.Asset;
        if (code == null)
        {
            (code, var refusal) = await AssetOfWalletAsync(tenant, request.Wallet ?? "", before, ct).ConfigureAwait(false);
            if (refusal != LedgerResult.Accepted) return (default, refusal);
        }

        if (await assets.FindAsync(tenant, code!, ct).ConfigureAwait(false) is { } known) return ((known.Code, known.Scale), LedgerResult.Accepted);
        if (before.LastOrDefault(part => part.Kind == CommandKind.CreateAsset && part.Asset == code) is { } made) return ((code!, made.Scale), LedgerResult.Accepted);
        if (request.Kind == CommandKind.CreateCredit && await TryMakeCurrencyAsync(tenant, code!, ct).ConfigureAwait(false) is { } currency) return ((currency.Code, currency.Scale), LedgerResult.Accepted);
        return ((NoAsset, LedgerLimits.ScaleMax), LedgerResult.Accepted);
    }

    /// <summary>The wallet's default asset or its only one, as the ledger resolves it.</summary>
    private async ValueTask<(string? Code, LedgerResult Refusal)> AssetOfWalletAsync(TenantContext tenant, string wallet, IEnumerable<OperationRequest> before, CancellationToken ct)
    {
        var call = shard.Rent();
        try
        {
            FillRead(call, tenant, new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = wallet });
            await shard.SendAsync(call, ct).ConfigureAwait(false);
            if (ResultOf(call) == LedgerResult.Accepted)
                return ReadRows.ImpliedAsset(CommandKind.ReadWallet, call.Answered) is { } code ? (code, LedgerResult.Accepted) : (null, LedgerResult.AssetRequired);
        }
        finally
        {
            call.Return();
        }

        var made = before.LastOrDefault(part => part.Kind == CommandKind.CreateWallet && part.ExternalId == wallet);
        if (made != null) return made.Asset != null ? (made.Asset, LedgerResult.Accepted) : (null, LedgerResult.AssetRequired);
        return (NoAsset, LedgerResult.Accepted); // WalletNotFound comes before AssetNotFound
    }

    /// <summary>From the fact that made the reservation, which never changes: a retried capture converts as the first one did.</summary>
    private async ValueTask<(string Code, int Scale)> AssetOfReservationAsync(TenantContext tenant, string reservation, CancellationToken ct)
    {
        if (tenant.Ids.TryParse(IdKind.Reservation, reservation, out var number) && HandleOfReservation(tenant, number) is var handle and not 0
            && await assets.FindAsync(tenant, handle, ct).ConfigureAwait(false) is { } asset) return (asset.Code, asset.Scale);
        return (NoAsset, LedgerLimits.ScaleMax); // ReservationNotFound, or one of this batch, which has no id yet
    }

    private unsafe int HandleOfReservation(TenantContext tenant, ulong number)
    {
        var fact = new ArrayBufferWriter<byte>(512);
        if (!shard.Facts.TryRead(Numbers.SequenceOf(number), fact, out var context) || context.Tenant != tenant.Number) return 0;
        fixed (byte* payload = fact.WrittenSpan)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.Reserved && part.Body<ReservedBody>().Number == number) return part.Postings[0].Asset;
            }
        }

        return 0;
    }

    /// <summary>Does what the ledger would do before such a credit, so that the scale is the asset's and not a guess.</summary>
    private async ValueTask<AssetInfo?> TryMakeCurrencyAsync(TenantContext tenant, string code, CancellationToken ct)
    {
        if (!Iso4217.TryGetScale(code, out var scale)) return null;
        var call = shard.Rent();
        try
        {
            FillRead(call, tenant, new OperationRequest { Kind = CommandKind.CreateAsset, Asset = code, Scale = scale });
            await shard.SendAsync(call, ct).ConfigureAwait(false);
        }
        finally
        {
            call.Return();
        }

        return await assets.FindAsync(tenant, code, ct).ConfigureAwait(false);
    }

    private static unsafe void FillRead(ShardCall call, TenantContext tenant, OperationRequest request) => CommandBuilder.Fill(call.Command, tenant, request, default, call);

    private static unsafe LedgerResult ResultOf(ShardCall call) => call.Reply->Result;
}
