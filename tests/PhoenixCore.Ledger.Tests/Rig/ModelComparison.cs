using System.Numerics;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Model;
using PhoenixCore.Model.Scripts;
using Outcome = PhoenixCore.Ledger.Decisions.Outcome;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Runs a script on the real ledger and on the naive one and says where they differ.</summary>
public sealed unsafe partial class ModelComparison : IDisposable
{
    private readonly ModelLedger _model = new(withHouse: true, provisionsIso: true);
    private readonly CommandArena _arena = new();
    private readonly FactBook _book = new();
    private readonly ModelTranslator _translator;
    private readonly Dictionary<ulong, RecordedFact> _keyed = [];
    private RecordedFact? _last;

    /// <param name="keeps">The rig keeps the facts for a replay.</param>
    public ModelComparison(int hotKeys = 1 << 16, bool keeps = false)
    {
        _translator = new ModelTranslator(_book, _model, _arena, LastChangeOf);
        Rig = new LedgerRig(tenant: false, hotKeys);
        Rig.Keeps = keeps;
        Rig.Appended = Heard;
        Rig.MakeTenant(LedgerRig.Tenant);
    }

    public LedgerRig Rig { get; }

    public FactBook Book => _book;

    /// <summary>Balances, lots and reservations are compared after every so many steps, and the books are audited.</summary>
    public int StateEvery { get; init; } = 1;

    /// <summary>Counts what the model said.</summary>
    public PolicyCoverage? Coverage { get; init; }

    /// <summary>The first step at which the two differ, and how; null when they never do.</summary>
    public (int Step, string Difference)? Run(IEnumerable<ScriptStep> script)
    {
        var index = 0;
        foreach (var step in script)
        {
            if (Difference(step, index) is { } difference) return (index, difference);
            index++;
        }

        Coverage?.Count(_model.RuleTally);
        return null;
    }

    public void Dispose()
    {
        Rig.Dispose();
        _arena.Dispose();
    }

    private string? Difference(ScriptStep step, int index)
    {
        try
        {
            var difference = step.Command is Sweep ? Sweep(step.Stamp) : Compare(step.Command, step.Stamp);
            difference ??= Rig.Ledger.FindFault();
            if (difference is null && index % StateEvery == StateEvery - 1) difference = CompareState(step.Stamp);
            return difference;
        }
        catch (Exception broken) when (broken is InvariantBrokenException or Xunit.Sdk.XunitException or OverflowException or ArgumentException or KeyNotFoundException)
        {
            return broken.Message + broken.StackTrace;
        }
        finally
        {
            _arena.Clear();
        }
    }

    private void Heard(RecordedFact fact)
    {
        _book.Add(fact);
        _last = fact;
        fixed (byte* payload = fact.Bytes)
        {
            if ((((FactHeader*)payload)->Flags & FactHeader.Keyed) != 0) _keyed.Add(fact.Context.Sequence, fact);
        }
    }

    private ulong LastChangeOf(ulong lot)
    {
        var question = _arena.Commands(1);
        question->Kind = CommandKind.ReadLotChange;
        question->Tenant = LedgerRig.Tenant;
        question->Subject = lot;
        Assert.Equal(LedgerResult.Accepted, Rig.Read(question, Rig.Ledger.Stamp, out var answer));
        return MemoryMarshal.Read<LotChangeView>(answer).Sequence;
    }

    private string? Sweep(long stamp)
    {
        _model.Execute(new Sweep(), stamp);
        Rig.Sweep(stamp);
        return null;
    }

    private string? Compare(ModelCommand command, long stamp)
    {
        var real = _translator.Translate(command); // before the model runs: an ordinal means what was made before
        var question = QuestionOf(command);
        var evaluation = question is null ? null : _model.Evaluate(question, stamp);
        if (evaluation is not null && CompareEvaluation(question!, real, evaluation, stamp) is { } wrong) return $"evaluation: {wrong}";
        var expected = _model.Execute(command, stamp);
        var outcome = Rig.Execute(real, stamp);
        Coverage?.Count(command, expected);
        if (evaluation is not null) Coverage?.Count(evaluation);
        if (evaluation is not null && Belies(command, evaluation, expected)) return $"evaluated as {evaluation.Result} {evaluation.AlsoAllowed}, the operation was answered {expected.Result}";
        if (command is KeyStatus) return CompareKey(expected, outcome);

        var result = Enum.Parse<ModelResult>(outcome.Result.ToString());
        if (result != expected.Result && result != expected.AlsoAllowed) return $"answered {outcome.Result}{(result == ModelResult.PolicyViolation && outcome.Kind != OutcomeKind.Duplicate ? $" by {Rig.Denial()}" : "")}, the model {expected.Result} {expected.AlsoAllowed} {expected.Violation}";
        if (outcome.Kind == OutcomeKind.Duplicate != expected.Duplicate) return $"answered as {outcome.Kind}, the model's duplicate: {expected.Duplicate}";
        if (outcome.Kind == OutcomeKind.Duplicate && CompareOriginal(outcome, expected, _translator.OperationOf) is { } unlike) return unlike;
        if (command is AtomicBatch && !expected.Duplicate && Operation(outcome.RefusedIndex) != expected.RefusedIndex) return $"refused operation {Operation(outcome.RefusedIndex)}, the model {expected.RefusedIndex}";
        if (result == ModelResult.PolicyViolation && outcome.Kind != OutcomeKind.Duplicate && CompareDenial(expected.Violation!) is { } other) return other;
        return outcome.Kind == OutcomeKind.Fact && result == ModelResult.Accepted ? CompareMovements(_last!, expected.Movements) : null;
    }

    private string? CompareDenial(Model.Policies.Violation expected)
    {
        var denial = Rig.Denial();
        var policy = expected.Policy is { } given ? _book.PolicyOf(given) : 0;
        var lot = expected.Lot is not { } ordinal ? 0 : _model.NameOf(ordinal) is null ? denial.Lot : _translator.LotOf(ordinal); // one of the refused batch itself has no name
        return denial == (expected.Layer, policy, expected.Version, expected.Rule, lot) ? null : $"denied by {denial}, the model by {expected} (policy {policy}, lot {lot})";
    }

    private int? Operation(int refused) => refused < 0 ? null : _translator.OperationOf[refused];

    private static string? CompareKey(Model.Outcome expected, in Outcome outcome)
    {
        var known = outcome.Kind == OutcomeKind.Duplicate ? KeyState.Known : outcome.Result == LedgerResult.KeyUnknown ? KeyState.Unknown : KeyState.Closed;
        if (known != expected.KeyState) return $"the key is {known}, the model's {expected.KeyState}";
        if (expected.Original is not { } original || Enum.Parse<ModelResult>(outcome.Result.ToString()) is var result && (result == original.Result || result == original.AlsoAllowed)) return null;
        return $"the key's answer is {outcome.Result}, the model's {original.Result}";
    }

    /// <summary>A duplicate's answer is read from the fact that answered first.</summary>
    private string? CompareOriginal(in Outcome outcome, Model.Outcome expected, List<int> operationOf)
    {
        if (!_keyed.TryGetValue(outcome.OriginalSequence, out var fact)) return $"the original {outcome.OriginalSequence} carries no key";
        if (expected.Result == ModelResult.Accepted) return CompareMovements(fact, expected.Movements);
        fixed (byte* payload = fact.Bytes)
        {
            ref readonly var refused = ref new FactParts(payload).First.Body<RefusedBody>();
            if (refused.Result != outcome.Result) return $"the original was refused with {refused.Result}";
            var operation = refused.Kind != CommandKind.AtomicBatch || refused.Index < 0 ? (int?)null : operationOf[refused.Index];
            return operation == expected.RefusedIndex ? null : $"the original's operation {operation} was refused, the model's {expected.RefusedIndex}";
        }
    }

    private string? CompareMovements(RecordedFact fact, IReadOnlyList<Movement> movements)
    {
        fixed (byte* payload = fact.Bytes)
        {
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                foreach (ref readonly var posting in part.Postings)
                {
                    if (index == movements.Count) return $"more than the model's {movements.Count} postings";
                    var movement = movements[index++];
                    var same = _book.WalletOf(posting.DebitWallet) == movement.FromWallet && _book.WalletOf(posting.CreditWallet) == movement.ToWallet
                        && posting.DebitLot == _translator.LotOf(movement.FromLot) && posting.CreditLot == _translator.LotOf(movement.ToLot)
                        && posting.Has(PostingFlags.DebitReserved) == (movement.FromColumn == Column.Reserved)
                        && posting.Has(PostingFlags.CreditReserved) == (movement.ToColumn == Column.Reserved)
                        && posting.Amount == ModelTranslator.Units(movement.Amount);
                    if (!same) return $"posting {index - 1}: {_book.WalletOf(posting.DebitWallet)} → {_book.WalletOf(posting.CreditWallet)} {posting.Amount} {posting.Flags}, the model {movement}";
                }
            }

            return index == movements.Count ? null : $"{index} postings, the model {movements.Count}";
        }
    }

    /// <summary>Looks at every wallet, which expires what is due on both sides first.</summary>
    private string? CompareState(long stamp)
    {
        _model.Sweep(stamp);
        foreach (var wallet in _model.Wallets()) Rig.Read(AskWallet(wallet.ExternalId), stamp, out _);
        var balances = _model.Balances().ToLookup(balance => balance.Wallet);
        foreach (var wallet in _model.Wallets())
        {
            var difference = CompareWallet(wallet, [.. balances[wallet.ExternalId]], stamp);
            if (difference is not null) return $"{wallet.ExternalId}: {difference}";
        }

        return CompareReservations(stamp) ?? Rig.Ledger.FindFault();
    }

    private string? CompareWallet(Model.WalletView wallet, List<Balance> balances, long stamp)
    {
        var question = AskWallet(wallet.ExternalId);
        if (Rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return "is not there";

        var head = MemoryMarshal.Read<Reads.WalletView>(answer);
        var code = head.DefaultAsset == 0 ? null : AssetCode.Unpack(head.DefaultAsset);
        var same = head.Status.ToString() == wallet.Status.ToString() && head.Pooled == wallet.Pooled && head.System == wallet.System && code == wallet.DefaultAsset;
        if (!same) return $"{head.Status} pooled={head.Pooled} system={head.System} default={code}, the model {wallet}";
        if (Unlike(head.Policies, _model.PoliciesOfWallet(wallet.ExternalId)) is { } bound) return bound;
        if (head.Balances != balances.Count) return $"{head.Balances} accounts, the model {balances.Count}";

        var views = MemoryMarshal.Cast<byte, BalanceView>(answer[sizeof(Reads.WalletView)..]).ToArray();
        foreach (var view in views)
        {
            var asset = AssetCode.Unpack(view.Asset);
            if (CompareBalance(view, balances.Find(balance => balance.Asset == asset)) is { } difference) return $"{asset}: {difference}";
            if (CompareLots(wallet, asset, question, stamp) is { } other) return $"{asset}: {other}";
        }

        return null;
    }

    private string? Unlike(Policies.PolicyList list, IReadOnlyList<int> expected)
    {
        var numbers = new Span<ulong>(list.Numbers, list.Count).ToArray();
        return numbers.SequenceEqual(expected.Select(_book.PolicyOf)) ? null : $"bound to [{string.Join(", ", numbers)}], the model to [{string.Join(", ", expected)}]";
    }

    private Command* AskWallet(string externalId)
    {
        var question = _arena.Commands(1);
        question->Kind = CommandKind.ReadWallet;
        question->Tenant = LedgerRig.Tenant;
        question->Flags = CommandFlags.WalletByAlias;
        (question->WalletAliasLo, question->WalletAliasHi) = CommandArena.HashOf(externalId);
        return question;
    }

    private string? CompareBalance(in BalanceView view, Balance? balance)
    {
        if (balance is null) return "an account that the model has not";
        static bool Same(Int128 real, BigInteger? model, Int128 none) => real == (model is { } given ? ModelTranslator.Units(given) : none);
        var same = Same(view.Available, balance.Available, 0) && Same(view.Reserved, balance.Reserved, 0) && Same(view.Lifetime, balance.Lifetime, 0)
            && Same(view.Floor, balance.Floor, -LedgerLimits.UnitsMax) && Same(view.Ceiling, balance.Ceiling, LedgerLimits.UnitsMax)
            && view.LastEntry == _book.LastEntryOf(balance.Wallet, balance.Asset)
            && view.Available == _book.Column(balance.Wallet, balance.Asset, reserved: false) && view.Reserved == _book.Column(balance.Wallet, balance.Asset, reserved: true);
        return same ? null : $"available {view.Available} reserved {view.Reserved} lifetime {view.Lifetime} floor {view.Floor} ceiling {view.Ceiling}, the model {balance}";
    }

    private string? CompareLots(Model.WalletView wallet, string asset, Command* question, long stamp)
    {
        question->Kind = CommandKind.ReadLots;
        question->AssetCode = AssetCode.Pack(System.Text.Encoding.ASCII.GetBytes(asset));
        if (Rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return "lots cannot be read";

        var real = MemoryMarshal.Cast<byte, Reads.LotView>(answer);
        var lots = _model.Lots(wallet.ExternalId, asset);
        if (real.Length != lots.Count) return $"{real.Length} lots, the model {lots.Count}";
        for (var i = 0; i < lots.Count; i++)
        {
            var (view, lot) = (real[i], lots[i]);
            var same = view.Number == _translator.LotOf(lot.Id) && view.Available == ModelTranslator.Units(lot.Available) && view.Reserved == ModelTranslator.Units(lot.Reserved)
                && (wallet.Pooled || view.Initial == ModelTranslator.Units(lot.Initial)) && view.ExpiresAt == (lot.ExpiresAt ?? 0)
                && view.Expired == lot.Expired && view.FromTransfer == lot.FromTransfer && view.Pooled == wallet.Pooled && (lot.Pin is not null || view.TermsSource == 0 == (lot.ExpiresAt is null && lot.Attributes is null && !lot.Restricted))
                && view.Policy == (lot.Pin is { } pin ? _book.PolicyOf(pin.Policy) : 0) && view.PolicyVersion == (lot.Pin?.Version ?? 0) && view.Wagering == ModelTranslator.Units(lot.Remaining);
            if (!same) return $"lot {view.Number}: available {view.Available} reserved {view.Reserved} initial {view.Initial} expires {view.ExpiresAt} {view.Expired} policy {view.Policy} v{view.PolicyVersion} wagering {view.Wagering}, the model's {_translator.LotOf(lot.Id)} {lot}";
        }

        return null;
    }

    private string? CompareReservations(long stamp)
    {
        var pending = _model.PendingReservations();
        if (Rig.Ledger.Counts.Reservations != pending.Count) return $"{Rig.Ledger.Counts.Reservations} reservations, the model {pending.Count}";
        var question = _arena.Commands(1);
        foreach (var reservation in pending)
        {
            question->Kind = CommandKind.ReadReservation;
            question->Tenant = LedgerRig.Tenant;
            question->Subject = _translator.ReservationOf(reservation.Id);
            if (Rig.Read(question, stamp, out var answer) != LedgerResult.Accepted) return $"reservation {reservation.Id} is not there";

            var view = MemoryMarshal.Read<Reads.ReservationView>(answer);
            Int128 held = 0;
            foreach (var slice in MemoryMarshal.Cast<byte, HeldLotView>(answer[sizeof(Reads.ReservationView)..])) held += slice.Amount;
            var same = view.Status == ReservationStatus.Pending && view.Amount == held && held == ModelTranslator.Units(reservation.Remaining)
                && view.Captured == ModelTranslator.Units(reservation.Captured) && view.Released == ModelTranslator.Units(reservation.Released) && view.ExpiresAt == reservation.ExpiresAt
                && _book.WalletOf(view.Wallet) == reservation.Wallet && AssetCode.Unpack(view.Asset) == reservation.Asset;
            if (!same) return $"reservation {view.Number} {view.Status} {view.Amount} expires {view.ExpiresAt}, the model {reservation}";
        }

        return null;
    }
}
