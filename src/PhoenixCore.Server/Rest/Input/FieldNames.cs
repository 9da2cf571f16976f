namespace PhoenixCore.Server.Rest.Input;

/// <summary>Names of members: every spelling that the dialects know, and those that callers must not send.</summary>
internal static class FieldNames
{
    public const int LengthMax = 64;

    /// <summary>None for a name that is not known.</summary>
    public static BodyField Find(ReadOnlySpan<char> name) => name switch
    {
        "wallet_id" => BodyField.Wallet,
        "from_wallet_id" => BodyField.From,
        "to_wallet_id" => BodyField.To,
        "reservation_id" => BodyField.Reservation,
        "amount" => BodyField.Amount,
        "asset" or "asset_code" or "currency" => BodyField.Asset,
        "expires_at" => BodyField.ExpiresAt,
        "expires_in" => BodyField.ExpiresIn,
        "lot" => BodyField.Lot,
        "lot_selection" => BodyField.LotSelection,
        "legs" => BodyField.Legs,
        "operations" => BodyField.Operations,
        "code" => BodyField.Code,
        "scale" => BodyField.Scale,
        "pooled" => BodyField.Pooled,
        "floor" => BodyField.Floor,
        "ceiling" => BodyField.Ceiling,
        "external_id" => BodyField.ExternalId,
        "policies" => BodyField.Policies,
        "final" => BodyField.Final,
        "idempotency_key" => BodyField.KeyText,
        "close" => BodyField.Close,
        "type" or "operation" => BodyField.Type,
        "context" => BodyField.Context,
        "policy_id" => BodyField.Policy,
        "holder_id" => BodyField.HolderId,
        "name" => BodyField.Name,
        "reference" => BodyField.Reference,
        "intent" => BodyField.Intent,
        "reason" => BodyField.Reason,
        "metadata" => BodyField.Metadata,
        "destination_lot" => BodyField.DestinationLot,
        "attributes" => BodyField.Attributes,
        _ => BodyField.None,
    };

    public static string Of(BodyField field) => field switch
    {
        BodyField.Wallet => "wallet_id",
        BodyField.From => "from_wallet_id",
        BodyField.To => "to_wallet_id",
        BodyField.Reservation => "reservation_id",
        BodyField.Amount => "amount",
        BodyField.Asset => "asset",
        BodyField.ExpiresAt => "expires_at",
        BodyField.ExpiresIn => "expires_in",
        BodyField.Lot => "lot",
        BodyField.LotSelection => "lot_selection",
        BodyField.Legs => "legs",
        BodyField.Operations => "operations",
        BodyField.Code => "code",
        BodyField.Scale => "scale",
        BodyField.Pooled => "pooled",
        BodyField.Floor => "floor",
        BodyField.Ceiling => "ceiling",
        BodyField.ExternalId => "external_id",
        BodyField.Policies => "policies",
        BodyField.Final => "final",
        BodyField.KeyText => "idempotency_key",
        BodyField.Close => "close",
        BodyField.Context => "context",
        BodyField.Policy => "policy_id",
        BodyField.Type => "type",
        BodyField.HolderId => "holder_id",
        BodyField.Name => "name",
        BodyField.Reference => "reference",
        BodyField.Intent => "intent",
        BodyField.Reason => "reason",
        BodyField.Metadata => "metadata",
        BodyField.DestinationLot => "destination_lot",
        BodyField.Attributes => "attributes",
        _ => field.ToString(),
    };

    /// <summary>Why an unknown member is not just ignored: it is the server's to say, it looks like money, or ignoring it would change what the caller meant. Null: ignored.</summary>
    public static string? WhyRefused(ReadOnlySpan<char> name)
    {
        switch (name)
        {
            case "tenant" or "id" or "status" or "sequence" or "created_at" or "updated_at" or "is_system" or "system" or "epoch" or "scopes" or "scope" or "entries" or "lots":
                return "is the server's to say";
            case "override_freeze" or "lot_id" or "lot_ids" or "effective_time":
                return "is not supported";
            case "available" or "reserved" or "total" or "lifetime" or "value" or "minor" or "units" or "cents" or "sum" or "price" or "direction":
                return "is no member of a request; amounts are sent as amount";
        }

        return name.Contains("amount", StringComparison.OrdinalIgnoreCase) || name.Contains("balance", StringComparison.OrdinalIgnoreCase) ? "is no member of a request; amounts are sent as amount" : null;
    }
}
