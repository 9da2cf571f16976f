using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

// Operations that some policy governs; the plain ones never come here.
internal sealed unsafe partial class Decider
{
    private readonly PolicyDesk _desk;

    /// <summary>Of the command being decided, unix nanoseconds.</summary>
    private long _stamp;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsGoverned(AccountFlags flags, int asset) => (flags & AccountFlags.AnyPolicy) != 0 || _state.Assets.Read(asset)->Binding != 0;

    private PolicyQuestion Ask(PolicyOperation operation, in Party of, ulong other, Int128 amount)
    {
        var question = new PolicyQuestion { Operation = operation, Wallet = of.Number, Other = other, Amount = amount, WalletHandle = of.Wallet };
        Int128 total = 0;
        if (of.Account != 0)
        {
            var account = _state.Accounts.Read(of.Account);
            total = account->Available + account->Reserved;
            question.WalletHandle = account->WalletHandle;
        }

        // Two amounts at their bounds pass Int128; anything beyond a bound is as good as the bound's neighbour.
        if (question.Leaves) question.BalanceAfter = total < amount - LedgerLimits.UnitsMax ? -LedgerLimits.UnitsMax - 1 : total - amount;
        else if (question.Enters) question.BalanceAfter = total > LedgerLimits.UnitsMax - amount ? LedgerLimits.UnitsMax + 1 : total + amount;
        else question.BalanceAfter = total;
        return question;
    }

    /// <summary>"take" under layers 3 and 4, when the account has lots that they govern.</summary>
    private LedgerResult TakeGoverned(in Party from, Command* command) => TakeGoverned(from.Account, command->Amount, command->Strategy, NamedLots(command));

    private LedgerResult TakeGoverned(int account, Int128 amount, SelectionStrategy strategy, ReadOnlySpan<ulong> named)
    {
        if (account == 0 || (_state.Accounts.Read(account)->Flags & (AccountFlags.LotPolicies | AccountFlags.Pooled)) != AccountFlags.LotPolicies)
            return _lots.Take(account, amount, strategy, named);
        return _lots.TakeGoverned(account, amount, strategy, named, _desk);
    }

    /// <summary>Checks of a credit from "policy usable" to layer 2; and what its lot will be.</summary>
    private LedgerResult GovernCredit(Command* command, int asset, in Party wallet, ref FactWriter writer, out LotGovernedItem lot, out long expiresAt)
    {
        (lot, expiresAt) = (default, command->ExpiresAt);
        var found = FindLotPolicy(command, asset, wallet, out var version);
        if (found != LedgerResult.Accepted) return found;
        _desk.Begin(command, command->Tenant, _stamp, asset);
        var question = Ask(PolicyOperation.Credit, wallet, 0, command->Amount);
        var asked = _desk.AskLayers(question);
        if (asked != LedgerResult.Accepted) return asked;

        var extras = new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes);
        var restrictions = Extras.TryFind(extras, ExtraTag.RestrictionProgram, out var program) ? PolicyNames.AddressOf(program) : null;
        var subject = new LotSubject
        {
            Number = Numbers.Of(writer.Sequence, writer.NextOrdinal),
            CreatedAt = _stamp,
            Attributes = Extras.TryFind(extras, ExtraTag.AttributeValues, out var values) ? PolicyNames.AddressOf(values) : null,
        };
        if (version == 0 && restrictions == null) return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;

        expiresAt = _desk.ExpiryOf(version, restrictions, question, subject, command->ExpiresAt);
        if (expiresAt != 0 && expiresAt <= _stamp) return LedgerResult.ExpiryInPast;
        if (version == 0) return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;
        lot = GovernedBy(version, command->Amount);
        return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;
    }

    /// <summary>A credit that adds to a lot: layers 1–2; its terms stay.</summary>
    private LedgerResult GovernAddition(Command* command, int asset, in Party wallet)
    {
        _desk.Begin(command, command->Tenant, _stamp, asset);
        var question = Ask(PolicyOperation.Credit, wallet, 0, command->Amount);
        var asked = _desk.AskLayers(question);
        if (asked != LedgerResult.Accepted) return asked;
        return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;
    }

    /// <summary>The version that a new lot is pinned to: the given policy's, else that of the asset's first one that is not deprecated; 0 = none.</summary>
    private LedgerResult FindLotPolicy(Command* command, int asset, in Party wallet, out int version)
    {
        version = 0;
        if (command->Other != 0)
        {
            var policy = _state.FindPolicy(command->Tenant, command->Other);
            if (policy == 0 || _state.Policies.Read(policy)->Status != PolicyStatus.Active) return LedgerResult.InvalidPolicy;
            version = _state.Policies.Read(policy)->Latest;
            return LedgerResult.Accepted;
        }

        var binding = _state.Assets.Read(asset)->Binding;
        if (binding == 0 || wallet.Is(AccountFlags.Pooled)) return LedgerResult.Accepted;
        var row = _state.Bindings.Read(binding);
        for (var i = 0; i < row->Count && version == 0; i++)
        {
            var policy = _state.Policies.Read(row->Policies[i]);
            if (policy->Status != PolicyStatus.Deprecated) version = policy->Latest;
        }

        return LedgerResult.Accepted;
    }

    private static void WriteLot(in LotGovernedItem lot, ref FactWriter writer)
    {
        if (lot.Policy != 0) *(LotGovernedItem*)writer.AddPolicyItem(PolicyItemKind.LotGoverned, sizeof(LotGovernedItem)) = lot;
    }

    private LedgerResult GovernTransfer(Command* command, int asset, in Party from, in Party to)
    {
        _desk.Begin(command, command->Tenant, _stamp, asset);
        var outward = Ask(PolicyOperation.TransferOut, from, to.Number, command->Amount);
        var asked = _desk.AskLayers(outward);
        if (asked != LedgerResult.Accepted) return asked;
        asked = _desk.AskLayers(Ask(PolicyOperation.TransferIn, to, from.Number, command->Amount));
        if (asked != LedgerResult.Accepted) return asked;
        _desk.AskLots(outward);
        return TakeAndSettle(from, command);
    }

    private LedgerResult GovernDebit(Command* command, int asset, in Party wallet)
    {
        _desk.Begin(command, command->Tenant, _stamp, asset);
        var question = Ask(PolicyOperation.Consume, wallet, 0, command->Amount);
        var asked = _desk.AskLayers(question);
        if (asked != LedgerResult.Accepted) return asked;
        _desk.AskLots(question);
        return TakeAndSettle(wallet, command);
    }

    private LedgerResult TakeAndSettle(in Party from, Command* command)
    {
        var taken = TakeGoverned(from, command);
        if (taken != LedgerResult.Accepted) return taken;
        _desk.SettleWager(from.Account, command->Amount);
        return _desk.Fits() ? LedgerResult.Accepted : LedgerResult.TooManyLots;
    }

    /// <summary>A reservation is asked for itself and for the capture that is to follow.</summary>
    /// <param name="memo">Of the reservation that is incremented: its intent and context count where the command says nothing; 0 = it is new.</param>
    private LedgerResult GovernReservation(Command* command, int asset, in Party wallet, int memo = 0)
    {
        _desk.Begin(command, command->Tenant, _stamp, asset);
        _desk.Recall(memo);
        var reserve = Ask(PolicyOperation.Reserve, wallet, 0, command->Amount);
        var commit = Ask(PolicyOperation.Commit, wallet, 0, command->Amount);
        commit.Before = PolicyOperation.Reserve;
        var asked = _desk.AskLayers(reserve);
        if (asked != LedgerResult.Accepted) return asked;
        asked = _desk.AskLayers(commit);
        if (asked != LedgerResult.Accepted) return asked;
        _desk.AskLots(reserve, commit);
        var taken = TakeGoverned(wallet, command);
        if (taken != LedgerResult.Accepted) return taken;
        return _desk.Fits(_desk.MemoBytes) ? LedgerResult.Accepted : LedgerResult.TooManyLots;
    }

    /// <summary>A reservation that ends without a capture gives back what was counted for it.</summary>
    private void GiveBack(int reservation, AccountRow* account, ref FactWriter writer)
    {
        var row = _state.Reservations.Read(reservation);
        _desk.Begin(null, row->Tenant, _stamp, account->Asset);
        _desk.GiveBack(row, 0, isUnused: row->Totals == 0 || _state.Totals.Read(row->Totals)->Captured == 0);
        _desk.WriteTo(ref writer);
    }

    /// <summary>Policies of a list, by number, as an item. Each ACTIVE, or bound already and not INACTIVE.</summary>
    private LedgerResult CheckBinding(Command* command, int present, out BoundItem bound)
    {
        bound = default;
        if (command->ArgumentCount is < 0 or > PolicyLimits.BindingsMax) return LedgerResult.InvalidPolicy;
        var numbers = (ulong*)command->Arguments;
        for (var i = 0; i < command->ArgumentCount; i++)
        {
            var policy = _state.FindPolicy(command->Tenant, numbers[i]);
            if (policy == 0) return LedgerResult.InvalidPolicy;
            var status = _state.Policies.Read(policy)->Status;
            if (status == PolicyStatus.Inactive || (status == PolicyStatus.Deprecated && !IsBound(present, policy))) return LedgerResult.InvalidPolicy;
            for (var j = 0; j < i; j++)
            {
                if (bound.Handles[j] == policy) return LedgerResult.InvalidPolicy;
            }

            bound.Policies[i] = numbers[i];
            bound.Handles[i] = policy;
            bound.Count++;
        }

        RowCursor next = default;
        bound.Handle = bound.Count == 0 ? 0 : present != 0 ? present : _state.Bindings.Upcoming(ref next);
        return LedgerResult.Accepted;
    }

    private bool IsBound(int binding, int policy)
    {
        if (binding == 0) return false;
        var row = _state.Bindings.Read(binding);
        for (var i = 0; i < row->Count; i++)
        {
            if (row->Policies[i] == policy) return true;
        }

        return false;
    }

    private static void WriteBinding(in BoundItem bound, ref FactWriter writer) => *(BoundItem*)writer.AddPolicyItem(PolicyItemKind.Bound, sizeof(BoundItem)) = bound;

    private LedgerResult DecideAssetBinding(Command* command, ref FactWriter writer)
    {
        var asset = AssetOf(command);
        if (asset == 0) return LedgerResult.AssetNotFound;
        var check = CheckBinding(command, _state.Assets.Read(asset)->Binding, out var bound);
        if (check != LedgerResult.Accepted) return check;
        *writer.Begin<PoliciesBoundBody>(PartKind.AssetPoliciesBound) = new PoliciesBoundBody { Handle = asset };
        WriteBinding(bound, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>The program was compiled by <see cref="PolicyCompiler"/>; what only the state knows is checked here.</summary>
    private LedgerResult DecidePolicy(Command* command, ref FactWriter writer)
    {
        var handle = 0;
        if (command->Subject != 0)
        {
            handle = _state.FindPolicy(command->Tenant, command->Subject);
            if (handle == 0) return LedgerResult.PolicyNotFound;
            if (handle == LedgerState.DefaultPolicy) return LedgerResult.InvalidPolicy;
        }

        var extras = new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes);
        if (Extras.TryFind(extras, ExtraTag.PolicyProgram, out var program) && !KnowsRelease(command->Tenant, PolicyNames.AddressOf(program))) return LedgerResult.InvalidPolicy;
        RowCursor policies = default, versions = default;
        var body = writer.Begin<PolicyPutBody>(PartKind.PolicyPut);
        body->Number = handle == 0 ? writer.NewNumber() : command->Subject;
        body->Handle = handle == 0 ? _state.Policies.Upcoming(ref policies) : handle;
        body->Version = handle == 0 ? 1 : _state.PolicyVersions.Read(_state.Policies.Read(handle)->Latest)->Version + 1;
        body->VersionHandle = _state.PolicyVersions.Upcoming(ref versions);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private bool KnowsRelease(uint tenant, byte* program)
    {
        ProgramHeader header;
        Unsafe.CopyBlockUnaligned(&header, program, ProgramHeader.SizeBytes); // texts of a command lie where they like
        if (header.Wagering < 0) return true;
        RuleRow rule;
        Unsafe.CopyBlockUnaligned(&rule, program + ProgramHeader.SizeBytes + (header.Wagering * RuleRow.SizeBytes), RuleRow.SizeBytes);
        return rule.ReleasePolicy == 0 || _state.FindPolicy(tenant, rule.ReleasePolicy) != 0;
    }

    private LedgerResult DecidePolicyStatus(Command* command, ref FactWriter writer)
    {
        var handle = _state.FindPolicy(command->Tenant, command->Subject);
        if (handle == 0) return LedgerResult.PolicyNotFound;
        if (handle == LedgerState.DefaultPolicy) return LedgerResult.InvalidPolicy;
        *writer.Begin<PolicyStatusSetBody>(PartKind.PolicyStatusSet) = new PolicyStatusSetBody { Number = command->Subject, Handle = handle, Status = (PolicyStatus)command->Other };
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }
}
