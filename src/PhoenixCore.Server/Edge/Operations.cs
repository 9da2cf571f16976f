using System.Buffers;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Edge.Policies;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Executes requests of every transport and dialect: one way in, one way out.</summary>
/// <param name="place">Where what was added up is kept over restarts; null = nowhere.</param>
public sealed class Operations(LedgerShard shard, AssetDirectory assets, IJournalStorage? place = null)
{
    /// <summary>Times that a command is made again because something came between. Each time some other change has succeeded.</summary>
    private const int AttemptsMax = 64;

    private readonly AmountScaling _scaling = new(shard, assets);
    private readonly JournalLookup _journal = new(shard);
    private readonly TextUpdates _updates = new(shard, assets);

    /// <summary>What was booked before.</summary>
    public LedgerHistory History { get; } = new(shard, assets, place);

    /// <summary>Sends the request and waits until its answer is durable.</summary>
    /// <param name="ct">Ends only the wait for a place in the queue (nothing was sent then).</param>
    /// <returns>The answer; the caller disposes it.</returns>
    public async ValueTask<OperationReply> ExecuteAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var reply = await TryAsync(tenant, request, ct).ConfigureAwait(false);
            if (reply.Result is not (LedgerResult.Outdated or LedgerResult.EndingNotSearched) || attempt == AttemptsMax) return reply;
            if (reply.Result == LedgerResult.EndingNotSearched && !await TryFindEndingAsync(tenant, reply.RefusedIndex < 0 ? request : request.Parts![reply.RefusedIndex], ct).ConfigureAwait(false)) return reply;
            reply.Dispose();
            if (request.Update is { IsTooLarge: true }) return Refused(tenant, LedgerResult.TextTooLarge);
        }
    }

    private async ValueTask<bool> TryFindEndingAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        request.Ended = tenant.Ids.TryParse(IdKind.Reservation, request.Reservation!, out var number) ? await History.Reservations.EndingAsync(tenant, number, ct).ConfigureAwait(false) : ReservationStatus.None;
        return request.Ended is not null;
    }

    /// <summary>Once, on what is there now.</summary>
    private async ValueTask<OperationReply> TryAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        if (JournalLookup.IsNeeded(request.Kind)) await _journal.PrepareAsync(tenant, request, ct).ConfigureAwait(false);
        if (TextUpdates.IsNeeded(request)) request.Update = await _updates.MakeAsync(tenant, request, ct).ConfigureAwait(false);
        if (PolicyInput.Prepare(tenant, request) is { } wrong) return Refused(tenant, LedgerResult.InvalidPolicy, explanation: wrong);
        var units = AmountScaling.UnitsOf(request);
        if (AmountScaling.IsNeeded(request))
        {
            (units, var refusal) = await _scaling.ConvertAsync(tenant, request, before: [], ct).ConfigureAwait(false);
            if (refusal != LedgerResult.Accepted) return Refused(tenant, refusal);
        }

        RequestUnits[]? parts = null;
        if (request.Parts is { Count: > 0 and <= LedgerLimits.BatchOperationsMax })
        {
            (parts, var refusal, var index) = await _scaling.ConvertPartsAsync(tenant, request.Parts, ct).ConfigureAwait(false);
            if (refusal != LedgerResult.Accepted) return Refused(tenant, refusal, index);
        }
        else if (request.Parts is { Count: > LedgerLimits.BatchOperationsMax })
        {
            return Refused(tenant, LedgerResult.TooManyOperations);
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

    private OperationReply Refused(TenantContext tenant, LedgerResult result, int index = -1, string? explanation = null)
    {
        var call = shard.Rent();
        return new OperationReply(call, null, new FactContext(0, 0, tenant.Number), result, index, duplicate: false, explanation);
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

        if (request.Home is { } home) (command->Wallet, command->Other) = (home.Wallet, (ulong)home.Asset);
        if (request.Undone is { } undone) SetUndone(command, undone, call);
        if (request.IsLong || request.Kind is CommandKind.ListWallets or CommandKind.ListAssets or CommandKind.ReadLots
            or CommandKind.ListPolicies or CommandKind.ListPolicyVersions or CommandKind.EvaluatePolicy) LongAnswer.MakeRoom(call);
        if (parts is null) return;
        command->Arguments = CommandArguments.OfParts(tenant, request.Parts!, parts, call);
        command->ArgumentCount = parts.Length;
        if (request.Key != null) command->Fingerprint = CommandArguments.FingerprintOf(tenant, request, units, parts);
    }

    private static unsafe void SetUndone(Command* command, Original undone, ShardCall call)
    {
        (command->Subject, command->Wallet, command->Other) = (undone.Number, undone.Giver, undone.Taker);
        command->Arguments = CommandArguments.OfSlices(undone, call);
        command->ArgumentCount = undone.Slices.Length;
    }

    /// <summary>The reply of a call that was answered; a repetition's is read back from the journal.</summary>
    internal unsafe OperationReply Finish(ShardCall call, TenantContext tenant)
    {
        var reply = LongAnswer.ReplyOf(call);
        var context = new FactContext(reply->Sequence, reply->Stamp, tenant.Number);
        if (reply->Kind != OutcomeKind.Duplicate && !(reply->Kind == OutcomeKind.Fact && call.IsLong))
        {
            if (reply->Kind == OutcomeKind.Fact) TextCipher.Open((byte*)reply + ReplyBlock.SizeBytes, tenant.Texts);
            return new OperationReply(call, null, context, reply->Result, reply->RefusedIndex, duplicate: false);
        }

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
