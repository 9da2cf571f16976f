using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Keys;
using PhoenixCore.Ledger.Lots;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

/// <summary>Reads the state and a command and says what will happen, as a fact or a refusal. Leaves the state as it was, to the byte.</summary>
/// <remarks>The order of the checks is part of the contract: LEDGER.md.</remarks>
internal sealed unsafe partial class Decider : IDisposable
{
    private readonly LedgerState _state;
    private readonly Applier _applier;
    private readonly LotSelector _lots;
    private readonly PostingFlow _flow;

    public Decider(LedgerState state, Applier applier)
    {
        _state = state;
        _applier = applier;
        _lots = new LotSelector(state);
        _flow = new PostingFlow(state);
        _forfeit = new PostingFlow(state);
        _returnTexts = (byte*)NativeMemory.Alloc(ReturnTextsMax);
        _desk = new PolicyDesk(state);
    }

    /// <param name="ahead">Hints: proven before they are used.</param>
    /// <param name="stamp">Unix nanoseconds the sequencer wrote; the only time this code knows.</param>
    /// <param name="payload">Where a fact may be written; <paramref name="room"/> bytes of it.</param>
    public Outcome Decide(Command* command, in Lookahead ahead, long stamp, byte* payload, int room)
    {
        _ahead = ahead;
        _stamp = stamp;
        if (command->Has(CommandFlags.HasKey) && TryAnswerByKey(command, out var known)) return known;
        ForgetParties();
        if (command->Kind.IsQuestion()) return DecideQuestion(command, stamp, payload, room);
        if (command->Deadline != 0 && command->Deadline <= stamp) return Refusal(LedgerResult.DeadlineExceeded);
        if (command->Kind != CommandKind.CreateTenant && !_state.TenantExists(command->Tenant)) return Refusal(LedgerResult.TenantNotFound);

        var sequence = _state.Scalars->Sequence + 1;
        var writer = new FactWriter(payload, room, sequence);
        if (TryDecideFirst(command, stamp, ref writer)) return Written(OutcomeKind.FactFirst, LedgerResult.Accepted, -1, command->Tenant, null, ref writer);

        var index = -1;
        var result = command->Kind is CommandKind.AtomicBatch or CommandKind.TransferLegs
            ? DecideBatch(command, stamp, ref writer, out index)
            : DecideOperation(command, stamp, ref writer);
        if (result == LedgerResult.Accepted) return Written(OutcomeKind.Fact, result, -1, command->Tenant, command, ref writer);
        if (result is LedgerResult.Outdated or LedgerResult.EndingNotSearched || (!command->Has(CommandFlags.HasKey) && result != LedgerResult.PolicyViolation)) return Refusal(result, index);

        writer = new FactWriter(payload, room, sequence);
        var body = writer.Begin<RefusedBody>(PartKind.Refused);
        *body = new RefusedBody { Result = result, Kind = command->Kind, Index = index };
        if (result == LedgerResult.PolicyViolation) _desk.WriteRefusal(ref writer);
        writer.End(null, 0);
        if (command->Has(CommandFlags.HasKey)) return Written(OutcomeKind.Fact, result, index, command->Tenant, command, ref writer);
        return Refusal(result, index) with { DetailBytes = writer.Finish(null, 0) };
    }

    public void Dispose()
    {
        _lots.Dispose();
        NativeMemory.Free(_returnTexts);
    }

    private static Outcome Refusal(LedgerResult result, int index = -1) => new() { Kind = OutcomeKind.Refused, Result = result, RefusedIndex = index };

    private Outcome Written(OutcomeKind kind, LedgerResult result, int index, uint tenant, Command* command, ref FactWriter writer)
    {
        // A new tenant's first fact has no row to count its events in yet: they start at 1.
        var eventFirst = _state.TenantExists(tenant) ? _state.Tenants.Read((int)tenant)->NextEvent : 1;
        var factKind = writer.Parts == 1 ? writer.Part->Kind : PartKind.Batch;
        return new() { Kind = kind, Result = result, RefusedIndex = index, FactKind = factKind, FactBytes = writer.Finish(command, eventFirst) };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryAnswerByKey(Command* command, out Outcome outcome)
    {
        var entry = _state.Keys.Find(command->KeyLo, command->KeyHi);
        if (entry == null)
        {
            outcome = new() { Kind = OutcomeKind.SearchColdKeys, Result = LedgerResult.KeysNotSearched, RefusedIndex = -1, OriginalSequence = _state.Keys.Since };
            return command->KeysCheckedTo < _state.Keys.Since;
        }

        outcome = AnswerOf(command, entry);
        return true;
    }

    private static Outcome AnswerOf(Command* command, KeyEntry* entry)
    {
        if (entry->Closed) return Refusal(LedgerResult.IdempotencyKeyClosed);
        return command->Kind == CommandKind.KeyStatus || entry->Fingerprint == command->Fingerprint
            ? new() { Kind = OutcomeKind.Duplicate, Result = entry->Result, OriginalSequence = entry->Sequence, RefusedIndex = -1 }
            : Refusal(LedgerResult.IdempotencyConflict);
    }

    /// <summary>Questions: reads, and what became of a key.</summary>
    private Outcome DecideQuestion(Command* command, long stamp, byte* payload, int room)
    {
        var sequence = _state.Scalars->Sequence + 1;
        var writer = new FactWriter(payload, room, sequence);
        if (command->Kind == CommandKind.StartEpoch)
        {
            writer.Begin<EpochStartedBody>(PartKind.EpochStarted)->Format = EpochStartedBody.FactFormat;
            writer.End(null, 0);
            return Written(OutcomeKind.Fact, LedgerResult.Accepted, -1, 0, null, ref writer);
        }

        if (command->Kind == CommandKind.ChangeMembers)
        {
            *writer.Begin<MembersChangedBody>(PartKind.MembersChanged) = *(MembersChangedBody*)command->Arguments;
            writer.End(null, 0);
            return Written(OutcomeKind.Fact, LedgerResult.Accepted, -1, 0, null, ref writer);
        }

        if (command->Kind == CommandKind.KeyStatus)
        {
            if (!_state.TenantExists(command->Tenant)) return Refusal(LedgerResult.TenantNotFound);
            if (!command->Has(CommandFlags.CloseKey)) return Refusal(LedgerResult.KeyUnknown);
            writer.Begin(PartKind.KeyClosed, 0);
            writer.End(null, 0);
            return Written(OutcomeKind.Fact, LedgerResult.IdempotencyKeyClosed, -1, command->Tenant, command, ref writer);
        }

        if (command->Kind == CommandKind.RecordAdminAction) return DecideAdminAction(command, ref writer);
        if (command->Kind is CommandKind.Barrier or CommandKind.AuditAccounts) return Outcome.OfRead;
        if (!_state.TenantExists(command->Tenant)) return Refusal(LedgerResult.TenantNotFound);
        if (TryDecideFirst(command, stamp, ref writer)) return Written(OutcomeKind.FactFirst, LedgerResult.Accepted, -1, command->Tenant, null, ref writer);
        return Outcome.OfRead;
    }

    private LedgerResult DecideOperation(Command* command, long stamp, ref FactWriter writer) => command->Kind switch
    {
        CommandKind.CreateTransfer => DecideTransfer(command, stamp, ref writer),
        CommandKind.CreateReservation => DecideReservation(command, stamp, ref writer),
        CommandKind.CommitReservation => DecideCommit(command, stamp, ref writer),
        CommandKind.ReleaseReservation => DecideRelease(command, ref writer),
        CommandKind.CreateCredit => DecideCredit(command, stamp, ref writer),
        CommandKind.CreateDebit => DecideDebit(command, ref writer),
        CommandKind.CreateWallet => DecideWallet(command, ref writer),
        CommandKind.SetWalletStatus => DecideWalletStatus(command, ref writer),
        CommandKind.SetBounds => DecideBounds(command, ref writer),
        CommandKind.CreateAsset => DecideAsset(command, ref writer),
        CommandKind.SetAssetStatus => DecideAssetStatus(command, ref writer),
        CommandKind.CreateTenant => DecideTenant(command, ref writer),
        CommandKind.IncrementReservation => DecideIncrement(command, ref writer),
        CommandKind.ExtendReservation => DecideExtension(command, stamp, ref writer),
        CommandKind.UpdateLot => DecideLotUpdate(command, stamp, ref writer),
        CommandKind.ExpireLot => DecideLotExpiry(command, ref writer),
        CommandKind.ReverseCredit => DecideCreditReversal(command, ref writer),
        CommandKind.ReverseTransfer => DecideTransferReversal(command, stamp, ref writer),
        CommandKind.PutPolicy => DecidePolicy(command, ref writer),
        CommandKind.SetPolicyStatus => DecidePolicyStatus(command, ref writer),
        CommandKind.BindWallet or CommandKind.UpdateWallet => DecideWalletUpdate(command, ref writer),
        CommandKind.BindAsset => DecideAssetBinding(command, ref writer),
        CommandKind.UpdateAsset => DecideAssetUpdate(command, ref writer),
        _ => LedgerResult.OperationNotAllowed,
    };

    /// <summary>All operations or none: each is applied for the next one to see, then all are undone.</summary>
    private LedgerResult DecideBatch(Command* command, long stamp, ref FactWriter writer, out int refused)
    {
        var operations = (Command*)command->Arguments;
        var most = command->Kind == CommandKind.TransferLegs ? LedgerLimits.TransferLegsMax : LedgerLimits.BatchOperationsMax;
        refused = -1;
        if (command->ArgumentCount < 1 || command->ArgumentCount > most) return LedgerResult.TooManyOperations;

        var result = LedgerResult.Accepted;
        _applier.BeginProvisional(command->ArgumentCount);
        for (var i = 0; i < command->ArgumentCount && result == LedgerResult.Accepted; i++)
        {
            var entryOrdinal = writer.NextEntryOrdinal;
            ForgetParties(); // the operation before has changed what they are
            result = !writer.HasRoomForOperation ? LedgerResult.TooManyOperations
                : operations[i].Tenant != command->Tenant || operations[i].Kind.IsReversal() || operations[i].Kind.IsUpdate() ? LedgerResult.OperationNotAllowed
                : DecideOperation(operations + i, stamp, ref writer);
            if (result == LedgerResult.Accepted && !writer.IsWithinOrdinals) result = LedgerResult.TooManyOperations;
            if (result == LedgerResult.Accepted) _applier.ApplyPart(writer.Part, new FactContext(writer.Sequence, stamp, command->Tenant), entryOrdinal);
            else refused = i;
        }

        _applier.UndoProvisional();
        return result;
    }
}
