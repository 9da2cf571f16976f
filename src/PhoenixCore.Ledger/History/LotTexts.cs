using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.History;

/// <summary>The texts of a lot's terms, which stand in the fact that gave them first.</summary>
public static unsafe class LotTexts
{
    /// <param name="factOf">A fact's payload by its sequence; null when there is none.</param>
    /// <param name="source">What the state (or a search) says they are found by; 0 = plain terms.</param>
    /// <returns>Null when the terms have no such text.</returns>
    public static byte[]? Find(Func<ulong, byte[]?> factOf, ulong source, ExtraTag tag)
    {
        while (source != 0)
        {
            if (factOf(Numbers.SequenceOf(source)) is not { } payload) return null;
            if (TryFind(payload, source, tag, out var text, out source)) return text;
        }

        return null;
    }

    /// <summary>False: the text, if there is one, is found by what the terms before were found by.</summary>
    private static bool TryFind(byte[] payload, ulong source, ExtraTag tag, out byte[]? text, out ulong before)
    {
        (text, before) = (null, 0);
        fixed (byte* fact = payload)
        {
            foreach (var part in new FactParts(fact))
            {
                if (!Gives(part, source)) continue;
                if (Extras.TryFind(part.Extras, tag, out var found))
                {
                    text = found.IsEmpty ? null : found.ToArray();
                    return true;
                }

                if (part.Kind != PartKind.LotUpdated) return true;
                before = part.Body<LotUpdatedBody>().SourceBefore;
                return false;
            }
        }

        return true;
    }

    private static bool Gives(in FactPart part, ulong source)
    {
        if (part.Kind == PartKind.LotUpdated) return part.Body<LotUpdatedBody>().Source == source;
        if (part.Kind is not (PartKind.Credited or PartKind.TransferredInto or PartKind.Captured)) return false;
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.CreditLot == source && posting.Has(PostingFlags.CreditLotCreated)) return true;
        }

        return false;
    }
}
