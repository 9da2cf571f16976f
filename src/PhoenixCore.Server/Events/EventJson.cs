using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Events;

/// <summary>An event as consumers get it, the same from the stream, the pull API and webhooks; under 20 KB, so lists of lots are left out.</summary>
internal static class EventJson
{
    public static void Write(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactParts fact)
    {
        var json = to.Json;
        json.WriteStartObject();
        to.Id("id"u8, tenant, IdKind.Event, found.Number);
        json.WriteString("type"u8, EventNames.Of(found.Kind));
        json.WriteString("sequence"u8, EventSequence.Format(found.Number));
        json.WriteString("tenant_id"u8, tenant.Name);
        if (found.Wallet != 0) to.Id("wallet_id"u8, tenant, IdKind.Wallet, found.Wallet);
        else json.WriteNull("wallet_id"u8);
        to.Id("transaction_id"u8, tenant, IdKind.Transaction, Numbers.Of(found.Context.Sequence, 0));
        to.Time("created_at"u8, found.Context.Stamp);
        to.Time("timestamp"u8, found.Context.Stamp);
        json.WritePropertyName("data"u8);
        WriteData(to, scope, tenant, found, fact);
        json.WriteEndObject();
    }

    public static void WriteData(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactParts fact) => WriteData(to, scope, tenant, found, PartOf(fact, found.Part));

    /// <summary>What moved and the balance after it; null where no money moved in or out of the event's wallet.</summary>
    public static (Int128 Amount, Int128 After, int Asset)? SumOf(in LedgerEvent found, in FactParts fact)
    {
        if (found.Kind is not (EventKind.WalletCredited or EventKind.WalletDebited or EventKind.TransferCompleted or EventKind.DebitCompleted)) return null;
        var part = PartOf(fact, found.Part);
        var (sum, last) = SumTo(part, ReceiverOf(part));
        ref readonly var posting = ref part.Postings[last];
        return (sum, found.Kind == EventKind.WalletCredited ? posting.CreditAfter : posting.DebitAfter, posting.Asset);
    }

    private static FactPart PartOf(in FactParts fact, int index)
    {
        foreach (var part in fact)
        {
            if (index-- == 0) return part;
        }

        throw new InvariantBrokenException("an event names a part that its fact does not have");
    }

    private static void WriteData(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        switch (found.Kind)
        {
            case EventKind.WalletCreated: WalletJson.WriteCreated(to, scope, tenant, part, found.Context); break;
            case EventKind.WalletUpdated when part.Kind == PartKind.WalletPoliciesBound: WalletJson.WriteBound(to, scope, tenant, part, found.Context); break;
            case EventKind.WalletUpdated when part.Kind == PartKind.WalletUpdated: WalletJson.WriteUpdated(to, scope, tenant, part, found.Context); break;
            case EventKind.WalletUpdated: WalletJson.WriteBounds(to, scope, tenant, part, found.Context); break;
            case EventKind.WalletFrozen or EventKind.WalletUnfrozen or EventKind.WalletClosed: WalletJson.WriteStatus(to, scope, tenant, part, found.Context); break;
            case EventKind.WalletCredited: WriteCredited(to, scope, tenant, found, part); break;
            case EventKind.WalletDebited: WriteDebited(to, scope, tenant, found, part); break;
            case EventKind.TransferCompleted or EventKind.DebitCompleted: WriteMovement(to, scope, tenant, found, part); break;
            case EventKind.ReservationCreated: WriteReserved(to, scope, tenant, part); break;
            case EventKind.ReservationCommitted or EventKind.ReservationReleased or EventKind.ReservationExpired or EventKind.ReservationPartiallyCommitted
                or EventKind.ReservationPartiallyReleased or EventKind.ReservationIncremented or EventKind.ReservationExtended:
                WriteChange(to, scope, tenant, found, part); break;
            case EventKind.CreditReversed or EventKind.TransferReversed: WriteReversed(to, scope, tenant, found, part); break;
            case EventKind.LotUpdated: WriteUpdated(to, scope, tenant, part); break;
            case EventKind.LotCreated: WriteLot(to, scope, tenant, part.Postings[found.Posting].CreditLot, part.Postings[found.Posting]); break;
            case EventKind.LotDepleted: WriteLot(to, scope, tenant, part.Postings[found.Posting].DebitLot, part.Postings[found.Posting]); break;
            case EventKind.LotExpired: WriteExpired(to, scope, tenant, part); break;
            case EventKind.AssetCreated: AssetJson.WriteCreated(to, tenant, part, found.Context); break;
            case EventKind.AssetActivated or EventKind.AssetDeactivated: WriteAsset(to, scope.Asset(tenant, part.Body<AssetStatusSetBody>().Handle), found.Kind == EventKind.AssetActivated); break;
            case EventKind.AssetUpdated when part.Kind == PartKind.AssetUpdated: AssetJson.WriteUpdated(to, scope, tenant, part); break;
            case EventKind.AssetUpdated: AssetJson.WriteBound(to, scope, tenant, part, found.Context); break;
            case EventKind.PolicyCreated or EventKind.PolicyUpdated: PolicyJson.WriteChange(to, tenant, part, found.Context); break;
            case EventKind.WebhookDisabled: WriteDisabled(to, part); break;
            case EventKind.LotWageringCompleted: PolicyJson.WriteFreed(to, scope, tenant, part, found.Posting); break;
        }
    }

    private static void WriteCredited(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        var (sum, last) = SumTo(part, ReceiverOf(part));
        ref readonly var posting = ref part.Postings[last];
        var asset = Open(to, scope, tenant, sum, posting.Asset);
        to.Id("lot_id"u8, tenant, IdKind.Lot, posting.CreditLot);
        WriteCause(to, tenant, found, part);
        Close(to, part, posting.CreditAfter, asset);
    }

    private static void WriteDebited(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        var (sum, last) = SumTo(part, ReceiverOf(part));
        ref readonly var posting = ref part.Postings[last];
        var asset = Open(to, scope, tenant, sum, posting.Asset);
        to.Json.WriteString("account"u8, posting.Has(PostingFlags.DebitReserved) ? "reserved"u8 : "available"u8);
        WriteCause(to, tenant, found, part);
        Close(to, part, posting.DebitAfter, asset);
    }

    private static void WriteMovement(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        var (sum, last) = SumTo(part, ReceiverOf(part));
        ref readonly var posting = ref part.Postings[last];
        var asset = Open(to, scope, tenant, sum, posting.Asset);
        WriteCause(to, tenant, found, part);
        to.Id("from_wallet_id"u8, tenant, IdKind.Wallet, posting.DebitWallet);
        if (found.Kind == EventKind.TransferCompleted) to.Id("to_wallet_id"u8, tenant, IdKind.Wallet, posting.CreditWallet);
        Close(to, part, posting.DebitAfter, asset);
    }

    private static void WriteReserved(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        ref readonly var body = ref part.Body<ReservedBody>();
        var last = part.Postings[^1];
        var asset = Open(to, scope, tenant, body.Amount, last.Asset);
        to.Id("reservation_id"u8, tenant, IdKind.Reservation, body.Number);
        to.Time("expires_at"u8, body.ExpiresAt);
        to.Amount("reserved_after"u8, "reserved_after_minor"u8, last.CreditAfter, asset.Scale);
        Close(to, part, last.DebitAfter, asset);
    }

    private static void WriteChange(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        var (change, handle) = ChangeOf(scope, part);
        var asset = Open(to, scope, tenant, change.Amount, handle);
        to.Id("reservation_id"u8, tenant, IdKind.Reservation, change.Number);
        to.Amount("held_amount"u8, "held_amount_minor"u8, change.Held, asset.Scale);
        to.Amount("committed_amount"u8, "committed_amount_minor"u8, change.Captured, asset.Scale);
        to.Amount("released_amount"u8, "released_amount_minor"u8, change.Released, asset.Scale);
        if (change.ExpiresAt != 0) to.Time("expires_at"u8, change.ExpiresAt);
        if (change.Destination != 0)
        {
            to.Id("transfer_id"u8, tenant, IdKind.Transfer, Numbers.Of(found.Context.Sequence, found.Part));
            to.Id("to_wallet_id"u8, tenant, IdKind.Wallet, change.Destination);
        }

        WriteAfter(to, found.Wallet, part, asset.Scale);
        Texts.WriteReferenceAndMetadata(to, part.Extras);
        to.Json.WriteEndObject();
    }

    /// <summary>What the wallet has reserved and available after a part, each where the part moved it.</summary>
    private static void WriteAfter(JsonBody to, ulong wallet, in FactPart part, int scale)
    {
        Int128? available = null, reserved = null;
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.DebitWallet == wallet && posting.Has(PostingFlags.DebitReserved)) reserved = posting.DebitAfter;
            else if (posting.DebitWallet == wallet) available = posting.DebitAfter;
            if (posting.CreditWallet == wallet && posting.Has(PostingFlags.CreditReserved)) reserved = posting.CreditAfter;
            else if (posting.CreditWallet == wallet) available = posting.CreditAfter;
        }

        if (reserved is { } held) to.Amount("reserved_after"u8, "reserved_after_minor"u8, held, scale);
        if (available is { } free) to.Amount("balance_after"u8, "balance_after_minor"u8, free, scale);
    }

    /// <summary>The plain ends say the same in a shorter body.</summary>
    private static (ReservationChangedBody Change, int Asset) ChangeOf(RenderScope scope, in FactPart part)
    {
        if (part.Kind == PartKind.Captured) return (part.Body<CapturedBody>().Change, part.Postings[0].Asset);
        if (part.Kind is not (PartKind.Committed or PartKind.Released or PartKind.ReservationExpired))
        {
            var changed = part.Body<ReservationChangedBody>();
            return (changed, part.Postings.IsEmpty ? scope.AssetOfReservation(changed.Number) : part.Postings[0].Asset);
        }

        var ended = part.Body<ReservationEndedBody>();
        return (new ReservationChangedBody { Number = ended.Number, Amount = ended.Captured + ended.Returned, Captured = ended.Captured, Released = ended.Returned, Destination = ended.Destination }, part.Postings[0].Asset);
    }

    private static void WriteReversed(JsonBody to, RenderScope scope, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        ref readonly var body = ref part.Body<ReversedBody>();
        var asset = Open(to, scope, tenant, body.Amount, body.Asset);
        to.Id(part.Kind == PartKind.CreditReversed ? "credit_id"u8 : "transfer_id"u8, tenant, part.Kind == PartKind.CreditReversed ? IdKind.Credit : IdKind.Transfer, body.Original);
        to.Amount("reversed_amount"u8, "reversed_amount_minor"u8, body.Total, asset.Scale);
        if (part.Kind == PartKind.TransferReversed) to.Id("to_wallet_id"u8, tenant, IdKind.Wallet, body.Other);
        WriteAfter(to, found.Wallet, part, asset.Scale);
        Texts.WriteReferenceAndMetadata(to, part.Extras);
        to.Json.WriteEndObject();
    }

    private static void WriteUpdated(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        ref readonly var body = ref part.Body<LotUpdatedBody>();
        to.Json.WriteStartObject();
        to.Id("lot_id"u8, tenant, IdKind.Lot, body.Number);
        to.Asset(scope.Asset(tenant, body.Asset));
        if (body.Terms.ExpiresAt != 0) to.Time("expires_at"u8, body.Terms.ExpiresAt);
        else to.Json.WriteNull("expires_at"u8);
        if (Extras.TryFind(part.Extras, ExtraTag.Attributes, out var attributes)) to.Raw("attributes"u8, attributes);
        to.Json.WriteEndObject();
    }

    private static void WriteLot(JsonBody to, RenderScope scope, TenantContext tenant, ulong lot, in Posting posting)
    {
        Open(to, scope, tenant, posting.Amount, posting.Asset);
        to.Id("lot_id"u8, tenant, IdKind.Lot, lot);
        to.Json.WriteEndObject();
    }

    private static void WriteExpired(JsonBody to, RenderScope scope, TenantContext tenant, in FactPart part)
    {
        ref readonly var body = ref part.Body<LotExpiredBody>();
        var forfeited = part.Postings.Length > 0 ? part.Postings[0].Amount : 0;
        var asset = Open(to, scope, tenant, forfeited, body.Asset);
        to.Id("lot_id"u8, tenant, IdKind.Lot, body.Number);
        if (part.Postings.Length > 0) to.Amount("balance_after"u8, "balance_after_minor"u8, part.Postings[0].DebitAfter, asset.Scale);
        to.Json.WriteEndObject();
    }

    private static void WriteDisabled(JsonBody to, in FactPart part)
    {
        to.Json.WriteStartObject();
        Texts.Write(to, "webhook_id"u8, part.Extras, ExtraTag.Name);
        Texts.Write(to, "url"u8, part.Extras, ExtraTag.Reference);
        Texts.Write(to, "reason"u8, part.Extras, ExtraTag.Reason);
        to.Json.WriteEndObject();
    }

    private static void WriteAsset(JsonBody to, AssetInfo asset, bool isActive)
    {
        to.Json.WriteStartObject();
        to.Json.WriteString("code"u8, asset.Code);
        to.Scale(asset);
        if (isActive) to.Status("active"u8, "ACTIVE"u8);
        else to.Status("inactive"u8, "INACTIVE"u8);
        to.Json.WriteEndObject();
    }

    /// <summary>The id of what moved the money.</summary>
    private static void WriteCause(JsonBody to, TenantContext tenant, in LedgerEvent found, in FactPart part)
    {
        var number = Numbers.Of(found.Context.Sequence, found.Part);
        switch (part.Kind)
        {
            case PartKind.Credited: to.Id("credit_id"u8, tenant, IdKind.Credit, number); break;
            case PartKind.CreditReversed: to.Id("credit_id"u8, tenant, IdKind.Credit, part.Body<ReversedBody>().Original); break;
            case PartKind.TransferReversed: to.Id("transfer_id"u8, tenant, IdKind.Transfer, part.Body<ReversedBody>().Original); break;
            case PartKind.Transferred or PartKind.TransferredInto: to.Id("transfer_id"u8, tenant, IdKind.Transfer, number); break;
            case PartKind.Debited: to.Id("debit_id"u8, tenant, IdKind.Debit, number); break;
            case PartKind.Committed or PartKind.Captured:
                to.Id("reservation_id"u8, tenant, IdKind.Reservation, part.ChangedReservation());
                if (part.CaptureDestination() != 0) to.Id("transfer_id"u8, tenant, IdKind.Transfer, number);
                break;
            default: break;
        }
    }

    private static AssetInfo Open(JsonBody to, RenderScope scope, TenantContext tenant, Int128 units, int handle)
    {
        var asset = scope.Asset(tenant, handle);
        to.Json.WriteStartObject();
        MoneyJson.WriteSum(to, units, asset);
        return asset;
    }

    private static void Close(JsonBody to, in FactPart part, Int128 after, AssetInfo asset)
    {
        to.Amount("balance_after"u8, "balance_after_minor"u8, after, asset.Scale);
        Texts.WriteReferenceAndMetadata(to, part.Extras);
        to.Json.WriteEndObject();
    }

    /// <summary>Where the value goes, beside what a capture gives back and what a reversal forfeits.</summary>
    private static ulong ReceiverOf(in FactPart part) =>
        part.CaptureDestination() is > 0 and var destination ? destination : part.Kind == PartKind.TransferReversed ? part.Body<ReversedBody>().Other : part.Postings[0].CreditWallet;

    /// <summary>What a wallet gets in a part, and the last posting that brings it.</summary>
    private static (Int128 Sum, int Last) SumTo(in FactPart part, ulong wallet)
    {
        Int128 sum = 0;
        var last = 0;
        var postings = part.Postings;
        for (var i = 0; i < postings.Length; i++)
        {
            if (postings[i].CreditWallet != wallet || postings[i].DebitWallet == wallet) continue;
            sum += postings[i].Amount;
            last = i;
        }

        return (sum, last);
    }
}
