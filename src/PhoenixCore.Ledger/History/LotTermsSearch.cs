using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.History;

/// <summary>Finds the terms that a lot had at some place in history, out of facts: the last change before it, or those it was made with, which it may have from another lot.</summary>
/// <remarks>The caller asks the state which fact last changed <see cref="Lot"/> (<see cref="CommandKind.ReadLotChange"/>) and calls <see cref="TryStep"/>, until it is true. Later changes do no harm.</remarks>
/// <param name="factOf">A fact's payload by its sequence; null when there is none.</param>
/// <param name="lot">Number.</param>
/// <param name="sequence">Of the fact at which the terms are wanted.</param>
/// <param name="part">Index of its part at which they are wanted.</param>
public sealed unsafe class LotTermsSearch(Func<ulong, byte[]?> factOf, ulong lot, ulong sequence, int part)
{
    private ulong _sequence = sequence;
    private int _part = part;

    /// <summary>The lot whose last change is wanted next.</summary>
    public ulong Lot { get; private set; } = lot;

    public CreditedBody Terms { get; private set; }

    /// <summary>What the texts of the terms are found by; 0 = plain.</summary>
    public ulong Source { get; private set; }

    /// <param name="lastChange">Sequence of the fact that last changed <see cref="Lot"/>; 0 = none.</param>
    /// <returns>True when the terms are found.</returns>
    /// <exception cref="InvariantBrokenException">A fact of the lot's history is not to be had.</exception>
    public bool TryStep(ulong lastChange)
    {
        for (var change = lastChange; change != 0;)
        {
            if (TryChange(FactAt(change), change, out change)) return true;
        }

        return TryBirth(FactAt(Numbers.SequenceOf(Lot)));
    }

    // Without it the terms could be any: plain ones would set restricted value free.
    private byte[] FactAt(ulong at) => factOf(at) ?? throw new InvariantBrokenException("a fact that made or changed a lot is not in the journal");

    /// <summary>The last change that this fact makes before the place; else the fact that made the change before it.</summary>
    private bool TryChange(byte[] payload, ulong change, out ulong before)
    {
        before = 0;
        var isFirst = true;
        var isFound = false;
        fixed (byte* fact = payload)
        {
            var index = 0;
            foreach (var candidate in new FactParts(fact))
            {
                var at = index++;
                if (candidate.Kind != PartKind.LotUpdated || candidate.Body<LotUpdatedBody>().Number != Lot) continue;
                ref readonly var body = ref candidate.Body<LotUpdatedBody>();
                if (isFirst) before = body.ChangeBefore;
                isFirst = false;
                if (change > _sequence || (change == _sequence && at >= _part)) continue;
                SetTerms(body.Terms, body.Source);
                isFound = true;
            }
        }

        return isFound;
    }

    private bool TryBirth(byte[] payload)
    {
        fixed (byte* fact = payload)
        {
            var index = 0;
            foreach (var candidate in new FactParts(fact))
            {
                for (var i = 0; i < candidate.Postings.Length; i++)
                {
                    ref readonly var posting = ref candidate.Postings[i];
                    if (posting.CreditLot == Lot && posting.Has(PostingFlags.CreditLotCreated)) return TryBirth(candidate, index, i);
                }

                index++;
            }
        }

        return true; // a pooled lot, made with its account: plain
    }

    /// <summary>False when the terms were inherited: the search goes on with the other lot.</summary>
    private bool TryBirth(in FactPart made, int index, int posting)
    {
        switch (made.Kind)
        {
            case PartKind.Credited or PartKind.TransferredInto:
                SetTerms(made.Body<CreditedBody>(), Lot);
                return true;
            case PartKind.Captured when made.Body<CapturedBody>().HasTerms != 0:
                SetTerms(made.Body<CapturedBody>().Terms, Lot);
                return true;
            case PartKind.TransferReversed:
                SetReturned(made, posting);
                return true;
            default:
                if (made.Postings[posting].Has(PostingFlags.CreditPooled)) return true;
                _sequence = Numbers.SequenceOf(Lot);
                _part = index;
                Lot = made.Postings[posting].DebitLot;
                return false;
        }
    }

    private void SetReturned(in FactPart made, int posting)
    {
        var extras = made.Extras;
        while (Extras.TryTake(ref extras, out var returned))
        {
            if (returned.Posting == posting) SetTerms(returned.Terms, returned.Source);
        }
    }

    private void SetTerms(in CreditedBody terms, ulong source)
    {
        Terms = terms;
        var isPlain = MemoryMarshal.AsBytes(new ReadOnlySpan<CreditedBody>(in terms)).IndexOfAnyExcept((byte)0) < 0;
        Source = isPlain ? 0 : source;
    }
}
