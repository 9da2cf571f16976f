using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;

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

    /// <summary>What limits counted for it.</summary>
    public required OriginalCharge[] Charges { get; init; }

    private readonly List<(int Slice, byte[] Attributes, byte[] Restrictions)> _texts = [];

    /// <summary>Bytes that a command's arguments take: slices, charges, texts.</summary>
    public unsafe int ArgumentBytes => (Slices.Length * sizeof(OriginalSlice)) + (Charges.Length * sizeof(OriginalCharge)) + _texts.Sum(text => text.Attributes.Length + text.Restrictions.Length);

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

    /// <summary>What a search has found of the lot that a slice came from.</summary>
    /// <param name="factOf">A fact's payload by its sequence; null when there is none.</param>
    public void SetTerms(int slice, LotTermsSearch found, Func<ulong, byte[]?> factOf)
    {
        Slices[slice].Terms = found.Terms;
        Slices[slice].TermsSource = found.Source;
        var attributes = (found.Terms.AttributesLo | found.Terms.AttributesHi) != 0 ? LotTexts.Find(factOf, found.Source, ExtraTag.AttributeValues) : null;
        var restrictions = (found.Terms.RestrictionsLo | found.Terms.RestrictionsHi) != 0 ? LotTexts.Find(factOf, found.Source, ExtraTag.RestrictionProgram) : null;
        if (attributes != null || restrictions != null) _texts.Add((slice, attributes ?? [], restrictions ?? []));
    }

    /// <summary>The arguments of the command that undoes it.</summary>
    /// <param name="place"><see cref="ArgumentBytes"/> that stay where they are until the answer.</param>
    public unsafe void WriteTo(byte* place)
    {
        var slices = (OriginalSlice*)place;
        var charges = (OriginalCharge*)(slices + Slices.Length);
        var text = (byte*)(charges + Charges.Length);
        Slices.CopyTo(new Span<OriginalSlice>(slices, Slices.Length));
        Charges.CopyTo(new Span<OriginalCharge>(charges, Charges.Length));
        for (var i = 0; i < Slices.Length; i++) slices[i].Charges = Charges.Length;
        foreach (var (slice, attributes, restrictions) in _texts)
        {
            slices[slice].Attributes = text;
            slices[slice].AttributesBytes = attributes.Length;
            attributes.CopyTo(new Span<byte>(text, attributes.Length));
            text += attributes.Length;
            slices[slice].Restrictions = text;
            slices[slice].RestrictionsBytes = restrictions.Length;
            restrictions.CopyTo(new Span<byte>(text, restrictions.Length));
            text += restrictions.Length;
        }
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

        var (all, charges) = (slices.ToArray(), new List<OriginalCharge>());
        AddPolicies(part, receiver, all, charges);
        return new Original { Number = number, Giver = receiver, Taker = taker, Slices = all, Charges = [.. charges] };
    }

    /// <summary>What the policies of the part say: the policies of the lots that gave, and what was counted.</summary>
    private static void AddPolicies(in FactPart part, ulong receiver, OriginalSlice[] slices, List<OriginalCharge> charges)
    {
        var held = 0;
        while (held < slices.Length && part.Postings[held].Has(PostingFlags.DebitReserved)) held++;
        var items = part.PolicyItems;
        while (items.MoveNext())
        {
            if (items.Kind == PolicyItemKind.Carried)
            {
                ref readonly var carried = ref items.As<CarriedItem>();
                foreach (ref var slice in slices.AsSpan(carried.First, carried.Count))
                    (slice.Policy, slice.Version, slice.VersionHandle, slice.Wagering) = (carried.Policy, carried.Version, carried.VersionHandle, carried.Wagering);
            }
            else if (items.Kind is PolicyItemKind.Counted or PolicyItemKind.Charged && (items.As<CountedItem>().Flags & CountedItem.GivenBack) == 0)
            {
                // A capture counts its excess; what it holds was counted before; what its destination counts is all of it.
                var times = items.Kind == PolicyItemKind.Charged ? (int)items.As<CountedItem>().After : 1;
                var charge = ChargeOf(part, items.As<CountedItem>(), times, slices.Length);
                if (items.Kind == PolicyItemKind.Charged) charge.End = held;
                else if (held > 0 && charge.Owner != receiver) charge.First = held;
                charges.Add(charge);
            }
        }
    }

    private static OriginalCharge ChargeOf(in FactPart part, in CountedItem item, int times, int slices)
    {
        var charge = new OriginalCharge
        {
            Rule = item.Rule,
            Policy = item.Policy,
            Owner = item.Owner,
            WindowStart = item.WindowStart,
            Asset = item.Asset,
            End = slices,
            CountsOperations = (item.Flags & CountedItem.Operations) != 0 ? times : 0,
        };
        for (var i = 0; i < slices && item.Lot != 0; i++)
        {
            if (part.Postings[i].DebitLotHandle == item.Lot) charge.From = part.Postings[i].DebitLot;
        }

        return charge;
    }

    private static ulong ReceiverOf(in FactPart part) => part.Kind switch
    {
        PartKind.Credited or PartKind.Transferred or PartKind.TransferredInto => part.Postings[0].CreditWallet,
        PartKind.Committed => part.Body<ReservationEndedBody>().Destination,
        PartKind.Captured => part.Body<CapturedBody>().Change.Destination,
        _ => 0,
    };
}
