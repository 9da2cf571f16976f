using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.History;

/// <summary>Whose lot it is, from the fact that made it.</summary>
/// <param name="Wallet">Number.</param>
/// <param name="Asset">Handle.</param>
public readonly record struct LotHome(ulong Wallet, int Asset)
{
    /// <param name="payload">The fact at the number's sequence.</param>
    /// <returns>Null when it did not make the lot. The system's own lots, made with their asset, are not found: nothing can be done to them.</returns>
    public static unsafe LotHome? Find(ReadOnlySpan<byte> payload, ulong lot)
    {
        fixed (byte* fact = payload)
        {
            foreach (var part in new FactParts(fact))
            {
                if (part.Kind == PartKind.BoundsSet && part.Body<BoundsSetBody>().AccountNumber == lot) return new LotHome(part.Body<BoundsSetBody>().Wallet, part.Body<BoundsSetBody>().Asset);
                foreach (ref readonly var posting in part.Postings)
                {
                    if (posting.CreditLot == lot && posting.Has(PostingFlags.CreditLotCreated)) return new LotHome(posting.CreditWallet, posting.Asset);
                }
            }
        }

        return null;
    }
}
