using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Dump;

/// <summary>Lines for people: one for each posting, one for each part without postings; every line begins with its fact's sequence.</summary>
internal sealed unsafe class LinePrinter(JournalNames names, TextWriter output) : IFactPrinter
{
    private const int SequenceColumns = 10;
    private const int KindColumns = 18;

    public void Print(in RecordHeader header, byte* payload)
    {
        var tenant = names.Tenant(header.Tenant);
        var head = string.Create(CultureInfo.InvariantCulture, $"{header.Sequence,SequenceColumns}  {Stamp.Format(header.StampedAt)}  {tenant?.Name ?? "-"}  ");
        foreach (var part in new FactParts(payload))
        {
            var start = head + part.Kind.ToString().PadRight(KindColumns) + "  ";
            var reference = PartTexts.Reference(part.Extras) is { } text ? $"  ref={text}" : "";
            foreach (ref readonly var posting in part.Postings) output.WriteLine(start + Movement(posting) + reference);
            if (part.Postings.IsEmpty) output.WriteLine(start + Describe(part, header, payload, tenant) + reference);
        }
    }

    private string Movement(in Posting posting)
    {
        var asset = names.Asset(posting.Asset);
        var from = Column(posting.DebitWallet, posting.Has(PostingFlags.DebitReserved));
        var to = Column(posting.CreditWallet, posting.Has(PostingFlags.CreditReserved));
        return $"{from} -> {to}  {Units.Format(posting.Amount, asset.Scale)} {asset.Code}  after: {from} {Units.Format(posting.DebitAfter, asset.Scale)}, {to} {Units.Format(posting.CreditAfter, asset.Scale)}";
    }

    private string Column(ulong wallet, bool reserved) => reserved ? names.Wallet(wallet) + "[reserved]" : names.Wallet(wallet);

    private string Describe(in FactPart part, in RecordHeader header, byte* payload, TenantEntry? tenant)
    {
        switch (part.Kind)
        {
            case PartKind.EpochStarted:
                return $"epoch {header.Epoch}, fact format {part.Body<EpochStartedBody>().Format}";
            case PartKind.MembersChanged:
                return $"voters {string.Join(", ", MembersFact.Voters(part.Body<MembersChangedBody>()))}{(MembersFact.AcceptsSingleCopy(part.Body<MembersChangedBody>()) ? ", one copy accepted" : "")}";
            case PartKind.TenantCreated:
                return $"tenant {tenant!.Name}, number {part.Body<TenantCreatedBody>().Number}";
            case PartKind.AssetCreated:
                return $"asset {names.Asset(part.Body<AssetCreatedBody>().Handle).Code}, scale {part.Body<AssetCreatedBody>().Scale}";
            case PartKind.AssetStatusSet:
                return $"asset {names.Asset(part.Body<AssetStatusSetBody>().Handle).Code} {(part.Body<AssetStatusSetBody>().Active != 0 ? "ACTIVE" : "INACTIVE")}";
            case PartKind.WalletCreated:
                var created = part.Body<WalletCreatedBody>();
                return $"wallet {names.Wallet(created.Number)} {tenant!.Ids.Format(IdKind.Wallet, created.Number)}{(created.Pooled != 0 ? ", pooled" : "")}";
            case PartKind.WalletStatusSet:
                var status = part.Body<WalletStatusSetBody>();
                return $"wallet {names.Wallet(status.Number)} {status.Status.ToString().ToUpperInvariant()}";
            case PartKind.BoundsSet:
                var bounds = part.Body<BoundsSetBody>();
                var asset = names.Asset(bounds.Asset);
                return $"wallet {names.Wallet(bounds.Wallet)}, {asset.Code} floor {Units.Format(bounds.Floor, asset.Scale)} ceiling {(bounds.Ceiling == LedgerLimits.UnitsMax ? "none" : Units.Format(bounds.Ceiling, asset.Scale))}";
            case PartKind.ReservationExtended:
                var extended = part.Body<ReservationChangedBody>();
                return $"{tenant!.Ids.Format(IdKind.Reservation, extended.Number)} of {names.Wallet(extended.Wallet)}, new expiry";
            case PartKind.LotUpdated:
                var updated = part.Body<LotUpdatedBody>();
                return $"{tenant!.Ids.Format(IdKind.Lot, updated.Number)} of {names.Wallet(updated.Wallet)}, new terms";
            case PartKind.LotExpired or PartKind.LotExpiryRepeated:
                var lot = part.Body<LotExpiredBody>();
                return $"{tenant!.Ids.Format(IdKind.Lot, lot.Number)} of {names.Wallet(names.WalletOfAccount(lot.Account))}, nothing of it available";
            case PartKind.Refused:
                var refused = part.Body<RefusedBody>();
                return $"{refused.Kind}: {refused.Result}{(refused.Index >= 0 ? $", operation {refused.Index}" : "")}";
            case PartKind.AdminActed:
                return $"tenant {tenant!.Name}: {part.Body<AdminActedBody>().Action}";
            default:
                return $"key {new UInt128(((FactHeader*)payload)->KeyHi, ((FactHeader*)payload)->KeyLo):x32}";
        }
    }
}
