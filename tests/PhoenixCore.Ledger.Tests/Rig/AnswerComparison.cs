using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Model;
using Outcome = PhoenixCore.Ledger.Decisions.Outcome;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Holds answers and facts against what the model says.</summary>
/// <param name="keyed">The fact at a sequence, if it carries a key.</param>
public sealed unsafe class AnswerComparison(FactBook book, ModelTranslator translator, Func<ulong, RecordedFact?> keyed)
{
    public static int? Operation(int refused, IReadOnlyList<int> operationOf) => refused < 0 ? null : operationOf[refused];

    public static string? OfKey(Model.Outcome expected, in Outcome outcome)
    {
        var known = outcome.Kind == OutcomeKind.Duplicate ? KeyState.Known : outcome.Result == LedgerResult.KeyUnknown ? KeyState.Unknown : KeyState.Closed;
        if (known != expected.KeyState) return $"the key is {known}, the model's {expected.KeyState}";
        if (expected.Original is not { } original || Enum.Parse<ModelResult>(outcome.Result.ToString()) is var result && (result == original.Result || result == original.AlsoAllowed)) return null;
        return $"the key's answer is {outcome.Result}, the model's {original.Result}";
    }

    /// <summary>A duplicate's answer is read from the fact that answered first.</summary>
    public string? OfOriginal(in Outcome outcome, Model.Outcome expected, IReadOnlyList<int> operationOf)
    {
        if (keyed(outcome.OriginalSequence) is not { } fact) return $"the original {outcome.OriginalSequence} carries no key";
        if (expected.Result == ModelResult.Accepted) return OfMovements(fact, expected.Movements);
        fixed (byte* payload = fact.Bytes)
        {
            ref readonly var refused = ref new FactParts(payload).First.Body<RefusedBody>();
            if (refused.Result != outcome.Result) return $"the original was refused with {refused.Result}";
            var operation = refused.Kind != CommandKind.AtomicBatch || refused.Index < 0 ? (int?)null : operationOf[refused.Index];
            return operation == expected.RefusedIndex ? null : $"the original's operation {operation} was refused, the model's {expected.RefusedIndex}";
        }
    }

    public string? OfMovements(RecordedFact fact, IReadOnlyList<Movement> movements)
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
                    var same = book.WalletOf(posting.DebitWallet) == movement.FromWallet && book.WalletOf(posting.CreditWallet) == movement.ToWallet
                        && posting.DebitLot == translator.LotOf(movement.FromLot) && posting.CreditLot == translator.LotOf(movement.ToLot)
                        && posting.Has(PostingFlags.DebitReserved) == (movement.FromColumn == Column.Reserved)
                        && posting.Has(PostingFlags.CreditReserved) == (movement.ToColumn == Column.Reserved)
                        && posting.Amount == ModelTranslator.Units(movement.Amount);
                    if (!same) return $"posting {index - 1}: {book.WalletOf(posting.DebitWallet)} → {book.WalletOf(posting.CreditWallet)} {posting.Amount} {posting.Flags}, the model {movement}";
                }
            }

            return index == movements.Count ? null : $"{index} postings, the model {movements.Count}";
        }
    }
}
