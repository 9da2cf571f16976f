using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.History;

/// <summary>A credit, a transfer or a capture to a wallet, as its fact has it: what a reversal undoes.</summary>
/// <remarks>For whoever builds the command: the state does not keep what was. Amounts in smallest units, slices in the fact's order; their terms are found by <see cref="LotTermsSearch"/>.</remarks>
public sealed class Original
{
    /// <summary>Number of the credit or transfer: its fact's sequence and its part's place in it.</summary>
    public required ulong Number { get; init; }

    /// <summary>Number of the wallet that received, and gives back.</summary>
    public required ulong Giver { get; init; }

    /// <summary>Number of the wallet that it came from.</summary>
    public required ulong Taker { get; init; }

    public required OriginalSlice[] Slices { get; init; }

    /// <param name="payload">The fact at the number's sequence.</param>
    /// <param name="credit">Whether the number is a credit's or a transfer's.</param>
    /// <returns>Null when that part of the fact is nothing of the kind.</returns>
    public static unsafe Original? Find(ReadOnlySpan<byte> payload, ulong number, bool credit)
    {
        fixed (byte* fact = payload)
        {
            var index = 0;
            foreach (var part in new FactParts(fact))
            {
                if (index++ != Numbers.OrdinalOf(number)) continue;
                return (part.Kind == PartKind.Credited) == credit ? Of(part, number) : null;
            }
        }

        return null;
    }

    private static Original? Of(in FactPart part, ulong number)
    {
        var receiver = ReceiverOf(part);
        if (receiver == 0) return null;
        var slices = new List<OriginalSlice>();
        ulong taker = 0;
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.CreditWallet != receiver) continue; // what a capture gave back
            taker = posting.DebitWallet;
            slices.Add(new OriginalSlice { Amount = posting.Amount, From = part.Kind == PartKind.Credited ? 0 : posting.DebitLot, To = posting.CreditLot, Asset = posting.Asset });
        }

        return new Original { Number = number, Giver = receiver, Taker = taker, Slices = [.. slices] };
    }

    private static ulong ReceiverOf(in FactPart part) => part.Kind switch
    {
        PartKind.Credited or PartKind.Transferred or PartKind.TransferredInto => part.Postings[0].CreditWallet,
        PartKind.Committed => part.Body<ReservationEndedBody>().Destination,
        PartKind.Captured => part.Body<CapturedBody>().Change.Destination,
        _ => 0,
    };
}
