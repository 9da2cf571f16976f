using System.Buffers;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Executes requests of every transport and dialect: one way in, one way out.</summary>
public sealed class Operations(LedgerShard shard, AssetDirectory assets)
{
    /// <summary>Sends the request and waits until its answer is durable.</summary>
    /// <param name="ct">Ends only the wait for a place in the queue (nothing was sent then).</param>
    /// <returns>The answer; the caller disposes it.</returns>
    public async ValueTask<OperationReply> ExecuteAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var units = default(RequestUnits);
        if (NeedsScale(request))
        {
            var converted = await ConvertAsync(tenant, request, ct).ConfigureAwait(false);
            if (converted is null) return Refused(tenant, LedgerResult.InvalidAmount);
            units = converted.Value;
        }
        else
        {
            units = UnitsOf(request);
        }

        RequestUnits[]? parts = null;
        if (request.Parts is { Count: > 0 })
        {
            parts = await ConvertPartsAsync(tenant, request.Parts, ct).ConfigureAwait(false);
            if (parts is null) return Refused(tenant, LedgerResult.InvalidAmount);
        }

        var call = shard.Rent();
        var sent = false;
        try
        {
            Fill(call, tenant, request, units, parts);
            await shard.ExecuteAsync(call, ct).ConfigureAwait(false);
            sent = true;
            return Finish(call, tenant);
        }
        finally
        {
            if (!sent) call.Return();
        }
    }

    private static bool NeedsScale(OperationRequest request) => request.Amount.Decimal != null || request.Floor.Decimal != null || request.Ceiling.Decimal != null;

    private static RequestUnits UnitsOf(OperationRequest request) =>
        new(request.Amount.Units, request.FloorIsNegative ? -request.Floor.Units : request.Floor.Units, request.Ceiling.Units);

    /// <summary>Null: some amount does not fit the asset's scale.</summary>
    private async ValueTask<RequestUnits?> ConvertAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var scale = await ScaleOfAsync(tenant, request, ct).ConfigureAwait(false);
        if (!request.Amount.TryToUnits(scale, out var amount) || !request.Floor.TryToUnits(scale, out var floor) || !request.Ceiling.TryToUnits(scale, out var ceiling)) return null;
        return new RequestUnits(amount, request.FloorIsNegative ? -floor : floor, ceiling);
    }

    private async ValueTask<RequestUnits[]?> ConvertPartsAsync(TenantContext tenant, IReadOnlyList<OperationRequest> parts, CancellationToken ct)
    {
        var units = new RequestUnits[parts.Count];
        for (var i = 0; i < units.Length; i++)
        {
            var converted = NeedsScale(parts[i]) ? await ConvertAsync(tenant, parts[i], ct).ConfigureAwait(false) : UnitsOf(parts[i]);
            if (converted is null) return null;
            units[i] = converted.Value;
        }

        return units;
    }

    /// <summary>The scale to read decimals with; of an asset that is not there any scale will do: the ledger refuses the command for it.</summary>
    private async ValueTask<int> ScaleOfAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var code = request.Asset ?? await ImpliedAssetAsync(tenant, request, ct).ConfigureAwait(false);
        if (code is null) return LedgerLimits.ScaleMax;
        if (await assets.FindAsync(tenant, code, ct).ConfigureAwait(false) is { } asset) return asset.Scale;
        return Iso4217.TryGetScale(AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(code.Length > AssetCode.LengthMax ? "" : code)), out var scale) ? scale : LedgerLimits.ScaleMax;
    }

    /// <summary>The asset of the reservation, or the wallet's default or only one.</summary>
    private async ValueTask<string?> ImpliedAssetAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var question = request.Reservation != null
            ? new OperationRequest { Kind = CommandKind.ReadReservation, Reservation = request.Reservation }
            : new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = request.Wallet };
        using var reply = await ExecuteAsync(tenant, question, ct).ConfigureAwait(false);
        return reply.Result == LedgerResult.Accepted ? ReadRows.ImpliedAsset(question.Kind, reply.Payload) : null;
    }

    private unsafe OperationReply Refused(TenantContext tenant, LedgerResult result)
    {
        var call = shard.Rent();
        return new OperationReply(call, null, new FactContext(0, 0, tenant.Number), result, -1, duplicate: false);
    }

    private static unsafe void Fill(ShardCall call, TenantContext tenant, OperationRequest request, in RequestUnits units, RequestUnits[]? parts)
    {
        var command = call.Command;
        CommandBuilder.Fill(command, tenant, request, units, call);
        if (request.Lots is { } lots)
        {
            command->Arguments = CommandArguments.OfLots(tenant, lots, call);
            command->ArgumentCount = lots.Count;
        }

        if (parts is null) return;
        command->Arguments = CommandArguments.OfParts(tenant, request.Parts!, parts, call);
        command->ArgumentCount = parts.Length;
        if (request.Key != null) command->Fingerprint = CommandArguments.FingerprintOf(request, units, parts);
    }

    /// <summary>The reply of a call that was answered; a repetition's is read back from the journal.</summary>
    internal unsafe OperationReply Finish(ShardCall call, TenantContext tenant)
    {
        var reply = call.Reply;
        var context = new FactContext(reply->Sequence, reply->Stamp, tenant.Number);
        if (reply->Kind != OutcomeKind.Duplicate && !(reply->Kind == OutcomeKind.Fact && call.IsLong))
            return new OperationReply(call, null, context, reply->Result, reply->RefusedIndex, duplicate: false);

        var fact = new ArrayBufferWriter<byte>(512);
        if (!shard.Facts.TryRead(reply->Sequence, fact, out context)) throw new InvariantBrokenException("a durable fact is not in the journal");
        fixed (byte* payload = fact.WrittenSpan)
        {
            var part = new FactParts(payload).First;
            var result = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Result : LedgerResult.Accepted;
            var index = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Index : -1;
            return new OperationReply(call, fact, context, result, index, reply->Kind == OutcomeKind.Duplicate);
        }
    }
}
