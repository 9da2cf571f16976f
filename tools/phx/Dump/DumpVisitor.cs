using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Tools.Data;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Dump;

/// <summary>Prints the facts that were asked for while the journal passes.</summary>
internal sealed unsafe class DumpVisitor(DumpOptions options, JournalNames names, WalletQuery? query, IFactPrinter printer) : FactWalk(names)
{
    public long Shown { get; private set; }

    /// <exception cref="DumpEndedException">Nothing further can be shown.</exception>
    protected override void Visit(in RecordHeader header, byte* payload)
    {
        if (header.Sequence > options.To || Shown == options.Limit) throw new DumpEndedException();
        if (header.Sequence < options.From || (query is not null && !Touches(payload))) return;
        printer.Print(header, payload);
        Shown++;
    }

    private bool Touches(byte* payload)
    {
        foreach (var part in new FactParts(payload))
        {
            if (query!.Is(NamedBy(part))) return true;
            foreach (ref readonly var posting in part.Postings)
            {
                if (query.Is(posting.DebitWallet) || query.Is(posting.CreditWallet)) return true;
            }
        }

        return false;
    }

    /// <summary>The wallet that a part names outside its postings; 0 = none.</summary>
    private ulong NamedBy(in FactPart part) => part.Kind switch
    {
        PartKind.WalletCreated => part.Body<WalletCreatedBody>().Number,
        PartKind.WalletStatusSet => part.Body<WalletStatusSetBody>().Number,
        PartKind.BoundsSet => part.Body<BoundsSetBody>().Wallet,
        PartKind.ReservationExtended => part.Body<ReservationChangedBody>().Wallet,
        PartKind.LotUpdated => part.Body<LotUpdatedBody>().Wallet,
        PartKind.LotExpired or PartKind.LotExpiryRepeated => Names.WalletOfAccount(part.Body<LotExpiredBody>().Account),
        _ => 0,
    };
}
