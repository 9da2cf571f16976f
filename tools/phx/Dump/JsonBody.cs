using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Dump;

/// <summary>The fields of a part's body. A tenant's two keys are left out: they are secrets, and everything they name is shown.</summary>
internal static class JsonBody
{
    public static void Write(Utf8JsonWriter json, in FactPart part, JournalNames names, TenantEntry? tenant)
    {
        switch (part.Kind)
        {
            case PartKind.EpochStarted:
                json.WriteNumber("format", part.Body<EpochStartedBody>().Format);
                break;
            case PartKind.MembersChanged:
                json.WriteStartArray("voters");
                foreach (var voter in MembersFact.Voters(part.Body<MembersChangedBody>())) json.WriteStringValue(voter);
                json.WriteEndArray();
                json.WriteBoolean("single_copy_accepted", MembersFact.AcceptsSingleCopy(part.Body<MembersChangedBody>()));
                break;
            case PartKind.TenantCreated:
                Write(json, part.Body<TenantCreatedBody>());
                break;
            case PartKind.AssetCreated:
                var created = part.Body<AssetCreatedBody>();
                WriteAsset(json, created.Handle, names);
                json.WriteNumber("scale", created.Scale);
                break;
            case PartKind.AssetStatusSet:
                WriteAsset(json, part.Body<AssetStatusSetBody>().Handle, names);
                json.WriteBoolean("active", part.Body<AssetStatusSetBody>().Active != 0);
                break;
            case PartKind.WalletCreated:
                Write(json, part.Body<WalletCreatedBody>(), names, tenant!);
                break;
            case PartKind.WalletStatusSet:
                var status = part.Body<WalletStatusSetBody>();
                WriteWallet(json, status.Number, names, tenant!);
                json.WriteString("status", status.Status.ToString());
                json.WriteString("action", status.Action.ToString());
                break;
            case PartKind.BoundsSet:
                Write(json, part.Body<BoundsSetBody>(), names, tenant!);
                break;
            case PartKind.Credited or PartKind.TransferredInto:
                Write(json, part.Body<CreditedBody>());
                break;
            case PartKind.Reserved:
                Write(json, part.Body<ReservedBody>(), names, tenant!);
                break;
            case PartKind.Committed or PartKind.Released or PartKind.ReservationExpired:
                Write(json, part.Body<ReservationEndedBody>(), names, tenant!);
                break;
            case PartKind.LotExpired or PartKind.LotExpiryRepeated:
                var lot = part.Body<LotExpiredBody>();
                json.WriteNamed("lot", tenant!, IdKind.Lot, lot.Number);
                WriteWallet(json, names.WalletOfAccount(lot.Account), names, tenant!);
                json.WriteNumber("accountHandle", lot.Account);
                json.WriteNumber("lotHandle", lot.Handle);
                break;
            case PartKind.Refused:
                var refused = part.Body<RefusedBody>();
                json.WriteString("command", refused.Kind.ToString());
                json.WriteString("result", refused.Result.ToString());
                json.WriteNumber("index", refused.Index);
                break;
            case PartKind.AdminActed:
                json.WriteString("action", part.Body<AdminActedBody>().Action.ToString());
                break;
            default:
                ChangeJson.Write(json, part, names, tenant);
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, in TenantCreatedBody body)
    {
        json.WriteNumber("number", body.Number);
        json.WriteBoolean("withHouse", (body.Flags & TenantCreatedBody.WithHouse) != 0);
        json.WriteBoolean("autoProvisionIso", (body.Flags & TenantCreatedBody.AutoProvisionIso) != 0);
    }

    private static void Write(Utf8JsonWriter json, in WalletCreatedBody body, JournalNames names, TenantEntry tenant)
    {
        WriteWallet(json, body.Number, names, tenant);
        json.WriteNumber("walletHandle", body.Handle);
        json.WriteBoolean("pooled", body.Pooled != 0);
        json.WriteString("aliasHash", new UInt128(body.AliasHi, body.AliasLo).ToString("x32"));
        json.WriteString("defaultAsset", body.DefaultAsset != 0 ? names.Asset(body.DefaultAsset).Code : null);
    }

    private static void Write(Utf8JsonWriter json, in BoundsSetBody body, JournalNames names, TenantEntry tenant)
    {
        var scale = names.Asset(body.Asset).Scale;
        WriteWallet(json, body.Wallet, names, tenant);
        WriteAsset(json, body.Asset, names);
        json.WriteAmount("floor", body.Floor, scale);
        json.WriteAmount("ceiling", body.Ceiling, scale);
        json.WriteBoolean("accountCreated", (body.Flags & BoundsSetBody.AccountCreated) != 0);
        json.WriteBoolean("pooled", (body.Flags & BoundsSetBody.Pooled) != 0);
        json.WriteNumberText("accountNumber", body.AccountNumber);
        json.WriteNumber("accountHandle", body.Account);
        json.WriteNumber("lotHandle", body.LotHandle);
        json.WriteNumber("boundsHandle", body.Bounds);
    }

    public static void Write(Utf8JsonWriter json, in CreditedBody body)
    {
        json.WriteTime("expiresAt", body.ExpiresAt);
        json.WriteString("attributesHash", new UInt128(body.AttributesHi, body.AttributesLo).ToString("x32"));
        json.WriteString("restrictionsHash", new UInt128(body.RestrictionsHi, body.RestrictionsLo).ToString("x32"));
    }

    private static void Write(Utf8JsonWriter json, in ReservedBody body, JournalNames names, TenantEntry tenant)
    {
        json.WriteNamed("reservation", tenant, IdKind.Reservation, body.Number);
        WriteWallet(json, body.Wallet, names, tenant);
        json.WriteTime("expiresAt", body.ExpiresAt);
        json.WriteNumberText("amount", body.Amount);
        json.WriteNumber("accountHandle", body.Account);
        json.WriteNumber("reservationHandle", body.Handle);
    }

    private static void Write(Utf8JsonWriter json, in ReservationEndedBody body, JournalNames names, TenantEntry tenant)
    {
        json.WriteNamed("reservation", tenant, IdKind.Reservation, body.Number);
        json.WriteString("destination", body.Destination != 0 ? names.Wallet(body.Destination) : null);
        json.WriteString("destinationWallet", body.Destination != 0 ? tenant.Ids.Format(IdKind.Wallet, body.Destination) : null);
        json.WriteNumberText("captured", body.Captured);
        json.WriteNumberText("returned", body.Returned);
        json.WriteNumber("accountHandle", body.Account);
        json.WriteNumber("reservationHandle", body.Handle);
    }

    private static void WriteAsset(Utf8JsonWriter json, int handle, JournalNames names)
    {
        json.WriteString("asset", names.Asset(handle).Code);
        json.WriteNumber("assetHandle", handle);
    }

    public static void WriteWallet(Utf8JsonWriter json, ulong number, JournalNames names, TenantEntry tenant)
    {
        json.WriteString("externalId", names.Wallet(number));
        json.WriteNamed("wallet", tenant, IdKind.Wallet, number);
    }
}
