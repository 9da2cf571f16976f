using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

// The question what policies would say: the same checks and questions as the operation itself, without its fact.
internal sealed unsafe partial class Decider
{
    private byte* _verdictsEnd;
    private VerdictView* _verdict;
    private EvaluationView* _evaluation;

    /// <param name="to">An <see cref="EvaluationView"/> and as many verdicts as fit.</param>
    public LedgerResult Evaluate(Command* command, byte* to, int room, out int bytes)
    {
        bytes = 0;
        ForgetParties();
        if (room < sizeof(EvaluationView)) return LedgerResult.Accepted;
        var found = CheckEvaluation(command, out var wallet, out var other, out var asset);
        if (found != LedgerResult.Accepted) return found;
        _evaluation = (EvaluationView*)to;
        var row = _state.Assets.Read(asset);
        *_evaluation = new EvaluationView { Asset = row->Code, Scale = row->Scale };
        _verdict = (VerdictView*)(to + sizeof(EvaluationView));
        _verdictsEnd = to + room;
        _evaluation->Result = Judge(command, asset, wallet, other);
        bytes = sizeof(EvaluationView) + (_evaluation->Verdicts * sizeof(VerdictView));
        return LedgerResult.Accepted;
    }

    private LedgerResult CheckEvaluation(Command* command, out Party wallet, out Party other, out int asset)
    {
        (wallet, other) = (default, default);
        asset = AssetOf(command);
        if (!IsAmount(command->Amount)) return LedgerResult.InvalidAmount;
        if (!TryFindWallet(command, asset, out wallet)) return LedgerResult.WalletNotFound;
        var hasOther = command->Has(CommandFlags.HasDestination);
        if (hasOther && !TryFindOther(command, asset, out other)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System) || other.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        if (hasOther && other.Number == wallet.Number) return LedgerResult.SameWallet;
        var found = ResolveAsset(command, ref wallet, ref asset);
        if (found != LedgerResult.Accepted) return found;
        if (hasOther) TryFindOther(command, asset, out other);
        return (PolicyOperation)command->Subject is PolicyOperation.None or > PolicyOperation.Commit ? LedgerResult.OperationNotAllowed : LedgerResult.Accepted;
    }

    private LedgerResult Judge(Command* command, int asset, in Party wallet, in Party other)
    {
        var operation = (PolicyOperation)command->Subject;
        _desk.Begin(command, command->Tenant, _stamp, asset);
        if (!command->Has(CommandFlags.HasPolicyInput) || !_desk.HasIntent) _desk.SetDefaultIntent(operation);
        var question = Ask(operation, wallet, other.Number, command->Amount);
        var result = JudgeLayers(asset, question, isOfOther: false);
        if (operation == PolicyOperation.TransferOut && other.Number != 0)
        {
            var inward = JudgeLayers(asset, Ask(PolicyOperation.TransferIn, other, wallet.Number, command->Amount), isOfOther: true);
            if (result == LedgerResult.Accepted) result = inward;
        }

        if (!question.Leaves && operation != PolicyOperation.Reserve)
        {
            var isStopped = operation == PolicyOperation.Credit && _state.Assets.Read(asset)->Active == 0;
            return isStopped ? LedgerResult.AssetInactive : StatusOf(wallet, other, isLeaving: false, result);
        }

        _desk.AskLots(question);
        if (operation == PolicyOperation.Reserve)
        {
            var commit = Ask(PolicyOperation.Commit, wallet, 0, command->Amount);
            commit.Before = PolicyOperation.Reserve;
            var asked = JudgeLayers(asset, commit, isOfOther: false);
            if (result == LedgerResult.Accepted) result = asked;
            _desk.AskLots(question, commit);
        }

        var taken = wallet.Account == 0 ? LedgerResult.InsufficientBalance : JudgeLots(command, wallet.Account);
        return StatusOf(wallet, other, isLeaving: true, result != LedgerResult.Accepted ? result : taken);
    }

    private static LedgerResult StatusOf(in Party wallet, in Party other, bool isLeaving, LedgerResult result)
    {
        if (wallet.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        if (isLeaving && wallet.Is(AccountFlags.Frozen)) return LedgerResult.WalletFrozen;
        return other.Is(AccountFlags.Closed) ? LedgerResult.WalletClosed : result;
    }

    private LedgerResult JudgeLayers(int asset, in PolicyQuestion question, bool isOfOther)
    {
        var result = LedgerResult.Accepted;
        for (var layer = PolicyDesk.AssetLayer; layer <= PolicyDesk.WalletLayer; layer++)
        {
            _desk.ForgetRefusal();
            var asked = _desk.AskBinding(layer == PolicyDesk.AssetLayer ? _state.Assets.Read(asset)->Binding : _desk.BindingOf(question), layer, question);
            AddVerdict(layer, 0, 0, asked == LedgerResult.Accepted, isOfOther);
            if (result == LedgerResult.Accepted) result = asked;
        }

        return result;
    }

    private LedgerResult JudgeLots(Command* command, int account)
    {
        var row = _state.Accounts.Read(account);
        var ofLayers = _desk.Charges;
        if ((row->Flags & AccountFlags.Pooled) == 0 && command->Strategy != SelectionStrategy.Specific)
        {
            var entries = _lots.OrderBy(row, command->Strategy);
            var left = command->Amount;
            for (var i = 0; i < entries; i++)
            {
                var handle = _lots.LotAt(i);
                var lot = _state.Lots.Read(handle);
                if ((lot->Flags & LotFlags.Expired) != 0 || lot->Available <= 0) continue;
                var slice = lot->Available < left ? lot->Available : left;
                _desk.ForgetRefusal();
                var asked = slice > 0 ? slice : lot->Available < command->Amount ? lot->Available : command->Amount;
                var isAllowed = _desk.MayTake(handle, asked);
                if (isAllowed) left -= slice;
                AddVerdict(PolicyDesk.LotLayer, lot->Number, isAllowed ? slice : 0, isAllowed, isOfOther: false);
            }
        }

        _desk.Charges = ofLayers; // "take" asks the lots again
        return TakeGoverned(new Party { Account = account }, command);
    }

    private void AddVerdict(int layer, ulong lot, Int128 amount, bool isAllowed, bool isOfOther)
    {
        if ((byte*)(_verdict + 1) > _verdictsEnd) return;
        *_verdict = new VerdictView { Amount = amount, Lot = lot, Layer = layer, IsAllowed = isAllowed, IsOfOther = isOfOther };
        if (!isAllowed) _desk.CopyRefusal(_verdict);
        _verdict++;
        _evaluation->Verdicts++;
    }
}
