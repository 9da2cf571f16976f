using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>Reads a body into a request, strictly: what is given twice, misspelt where money is meant, or of the wrong type is refused by name.</summary>
internal readonly ref struct BodyParser(bool bareDigitsAreUnits, string tenant, TimeProvider time)
{
    public const string TenantMember = "tenant_id";
    private const int PartsMax = LedgerLimits.BatchOperationsMax;

    /// <param name="tenant">The caller's own: a body may name it, and no other.</param>
    /// <exception cref="ApiErrorException">The body is not JSON, or no object.</exception>
    /// <exception cref="RefusedException">It names another tenant.</exception>
    public static ParsedBody Parse(in ReadOnlySequence<byte> body, Dialect dialect, string tenant, TimeProvider time)
    {
        if (body.IsEmpty) return new ParsedBody();
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        if (!Utf8.IsValid(bytes)) throw new ApiErrorException(ApiError.Invalid("the body is not UTF-8"));
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = RequestLimits.JsonDepthMax });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw new ApiErrorException(ApiError.Invalid("the body has to be an object"));
            var parsed = new BodyParser(dialect == Dialect.Concepts, tenant, time).ReadObject(ref reader);
            while (reader.Read())
            {
                // Anything but white space behind the object throws.
            }

            return parsed;
        }
        catch (JsonException)
        {
            throw new ApiErrorException(ApiError.Invalid($"the body is not valid JSON, or nested deeper than {RequestLimits.JsonDepthMax}"));
        }
        catch (InvalidOperationException)
        {
            throw new ApiErrorException(ApiError.Invalid("the body has half a character in an escape"));
        }
    }

    private ParsedBody ReadObject(ref Utf8JsonReader reader)
    {
        var body = new ParsedBody();
        body.Request.BareDigitsAreUnits = bareDigitsAreUnits;
        HashSet<string>? unknown = null;
        Span<char> name = stackalloc char[FieldNames.LengthMax];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var length = reader.ValueSpan.Length <= FieldNames.LengthMax ? reader.CopyString(name) : 0;
            var field = FieldNames.Find(name[..length]);
            if (field != BodyField.None)
            {
                if (body.Has(field)) body.Refuse(FieldNames.Of(field), "is given twice");
                body.Seen |= field;
                reader.Read();
                ReadMember(ref reader, field, body);
                continue;
            }

            var text = reader.GetString()!;
            if (!(unknown ??= new HashSet<string>(StringComparer.Ordinal)).Add(text)) body.Refuse(text, "is given twice");
            if (FieldNames.WhyRefused(text) is { } why) body.Refuse(text, why);
            reader.Read();
            if (text == TenantMember) CheckTenant(ref reader);
            SkipStrictly(ref reader, text, body);
        }

        return body;
    }

    private void CheckTenant(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals(tenant)) throw new RefusedException(ApiResult.ForeignTenant);
    }

    private void ReadMember(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        var request = body.Request;
        switch (field)
        {
            case BodyField.Wallet or BodyField.From: request.Wallet = Text(ref reader, field, body); break;
            case BodyField.To: request.Destination = Text(ref reader, field, body); break;
            case BodyField.Reservation: request.Reservation = Text(ref reader, field, body); break;
            case BodyField.Asset or BodyField.Code: request.Asset = Text(ref reader, field, body); break;
            case BodyField.ExternalId: request.ExternalId = Text(ref reader, field, body); break;
            case BodyField.HolderId: request.HolderId = Text(ref reader, field, body); break;
            case BodyField.Name: request.Name = Text(ref reader, field, body); break;
            case BodyField.Reference: request.Reference = Text(ref reader, field, body); break;
            case BodyField.Intent:
                request.Intent = Text(ref reader, field, body);
                if (request.Intent != null && !PolicyNames.IsIntent(request.Intent)) body.Refuse("intent", $"must have 1 to {PolicyLimits.IntentBytesMax} of a–z 0–9 _");
                break;
            case BodyField.Policy: ReadPolicy(ref reader, field, body); break;
            case BodyField.Context:
                request.Context = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out var unfit);
                if (unfit != null) body.Refuse("context", unfit);
                break;
            case BodyField.Reason: request.Reason = Text(ref reader, field, body); break;
            case BodyField.KeyText: request.Key = Text(ref reader, field, body); break;
            case BodyField.Type: body.Type = Text(ref reader, field, body); break;
            case BodyField.Amount or BodyField.Floor or BodyField.Ceiling: ReadAmount(ref reader, field, body); break;
            case BodyField.ExpiresAt or BodyField.ExpiresIn: ReadExpiry(ref reader, field, body); break;
            case BodyField.Scale: request.Scale = Number(ref reader, field, body); break;
            case BodyField.Pooled: request.Pooled = Switch(ref reader, field, body); break;
            case BodyField.Close: request.CloseKey = Switch(ref reader, field, body); break;
            case BodyField.Final:
                request.KeepRest = !Switch(ref reader, field, body);
                break;
            case BodyField.Attributes:
                body.Attributes = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out var wrong);
                if (wrong != null) body.Refuse("attributes", wrong);
                break;
            case BodyField.DestinationLot: ReadDestinationLot(ref reader, body); break;
            case BodyField.Metadata:
                request.Metadata = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out var error);
                if (error != null) body.Refuse("metadata", error);
                break;
            case BodyField.Policies: ReadPolicies(ref reader, body); break;
            case BodyField.Lot: ReadLot(ref reader, body); break;
            case BodyField.LotSelection: ReadSelection(ref reader, body); break;
            case BodyField.Legs or BodyField.Operations: ReadParts(ref reader, field, body); break;
        }
    }

    private static string? Text(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        if (reader.TokenType == JsonTokenType.Null && (field & BodyField.Texts) != 0) return null;
        if (reader.TokenType != JsonTokenType.String)
        {
            body.Refuse(FieldNames.Of(field), "must be a string");
            reader.Skip();
            return null;
        }

        var text = reader.GetString()!;
        if (text.Length is > 0 and <= RequestLimits.TextMax && RequestChecks.IsPrintable(text)) return text;
        body.Refuse(FieldNames.Of(field), $"must have 1 to {RequestLimits.TextMax} printable characters");
        return null;
    }

    private void ReadAmount(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        var isNegative = false;
        var result = AmountReader.Read(ref reader, bareDigitsAreUnits, mayBeNegative: field == BodyField.Floor, out var amount, out isNegative);
        if (result != null)
        {
            body.HasBadAmount |= result.IsBadAmount;
            body.Refuse(FieldNames.Of(field), result.Message);
            return;
        }

        if (field == BodyField.Amount) body.Request.Amount = amount;
        else if (field == BodyField.Ceiling) body.Request.Ceiling = amount;
        else (body.Request.Floor, body.Request.FloorIsNegative) = (amount, isNegative);
    }

    private void ReadExpiry(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        if (body.Request.ExpiresAt != 0) body.Refuse(FieldNames.Of(field), "excludes the other way to say when it expires");
        var error = field == BodyField.ExpiresAt
            ? ExpiryReader.ReadTime(ref reader, out var expiresAt)
            : ExpiryReader.ReadDuration(ref reader, time, out expiresAt, body.Request);
        if (error != null) body.Refuse(FieldNames.Of(field), error);
        body.Request.ExpiresAt = expiresAt;
    }

    private static int Number(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number)) return number;
        body.Refuse(FieldNames.Of(field), "must be an integer");
        reader.Skip();
        return 0;
    }

    private static bool Switch(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False) return reader.TokenType == JsonTokenType.True;
        body.Refuse(FieldNames.Of(field), "must be true or false");
        reader.Skip();
        return true;
    }

    private static void ReadPolicies(ref Utf8JsonReader reader, ParsedBody body)
    {
        var policies = new List<string>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.String) policies.Add(reader.GetString()!);
            body.Request.Policies = policies;
            if (reader.TokenType == JsonTokenType.EndArray && policies.Count <= PolicyLimits.BindingsMax) return;
            while (reader.TokenType != JsonTokenType.EndArray)
            {
                reader.Skip();
                reader.Read();
            }
        }
        else
        {
            reader.Skip();
        }

        body.Refuse("policies", $"must be an array of at most {PolicyLimits.BindingsMax} policy ids");
    }

    /// <summary>A credit's policy stands beside its lot or in it, but not twice.</summary>
    private static void ReadPolicy(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        if (body.Request.Policy != null) body.Refuse("policy_id", "is given twice");
        body.Request.Policy = Text(ref reader, field, body);
    }

    private void ReadLot(ref Utf8JsonReader reader, ParsedBody body)
    {
        if (!Opens(ref reader, "lot", body)) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) body.Refuse("lot." + name, "is given twice");
            reader.Read();
            string? error = null;
            switch (name)
            {
                case "expires_at": ReadExpiry(ref reader, BodyField.ExpiresAt, body); break;
                case "expires_in": ReadExpiry(ref reader, BodyField.ExpiresIn, body); break;
                case "policy_id": ReadPolicy(ref reader, BodyField.Policy, body); break;
                case "attributes": body.Request.Attributes = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out error); break;
                case "restrictions": body.Request.Restrictions = CanonicalJson.Copy(ref reader, JsonTokenType.StartArray, out error); break;
                case "lot_id" when reader.TokenType == JsonTokenType.String: body.Request.Lot = reader.GetString(); break;
                default:
                    error = FieldNames.WhyRefused(name);
                    SkipStrictly(ref reader, name, body);
                    break;
            }

            if (error != null) body.Refuse("lot." + name, error);
        }
    }

    /// <summary>With <c>inherit</c> true it says nothing; otherwise the terms here, be they none, are those of the one lot that receives.</summary>
    private void ReadDestinationLot(ref Utf8JsonReader reader, ParsedBody body)
    {
        const string field = "destination_lot";
        if (!Opens(ref reader, field, body)) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var inherits = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) body.Refuse($"{field}.{name}", "is given twice");
            reader.Read();
            string? error = null;
            switch (name)
            {
                case "inherit" when reader.TokenType is JsonTokenType.True or JsonTokenType.False: inherits = reader.TokenType == JsonTokenType.True; break;
                case "expires_at": ReadExpiry(ref reader, BodyField.ExpiresAt, body); break;
                case "expires_in": ReadExpiry(ref reader, BodyField.ExpiresIn, body); break;
                case "policy_id": ReadPolicy(ref reader, BodyField.Policy, body); break;
                case "attributes": body.Request.Attributes = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out error); break;
                case "restrictions": body.Request.Restrictions = CanonicalJson.Copy(ref reader, JsonTokenType.StartArray, out error); break;
                default:
                    error = "is not known here";
                    reader.Skip();
                    break;
            }

            if (error != null) body.Refuse($"{field}.{name}", error);
        }

        if (inherits && names.Count > 1) body.Refuse(field + ".inherit", "excludes terms of its own");
        body.Request.OwnTerms = !inherits;
    }

    private static void ReadSelection(ref Utf8JsonReader reader, ParsedBody body)
    {
        if (!Opens(ref reader, "lot_selection", body)) return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? strategy = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            if (!names.Add(name)) body.Refuse("lot_selection." + name, "is given twice");
            reader.Read();
            if (name == "strategy" && reader.TokenType == JsonTokenType.String) strategy = reader.GetString()!;
            else if (name == "lot_ids") body.Request.Lots = LotIds(ref reader, body);
            else body.Refuse("lot_selection." + name, "is not known here");
            if (name is not ("strategy" or "lot_ids")) reader.Skip();
        }

        SelectionStrategy? known = strategy?.ToLowerInvariant() switch
        {
            null => SelectionStrategy.Fifo,
            "fifo" => SelectionStrategy.ExplicitFifo,
            "lifo" => SelectionStrategy.Lifo,
            "expiring_first" => SelectionStrategy.ExpiringFirst,
            "specific" => SelectionStrategy.Specific,
            _ => null,
        };
        if (known is null) body.Refuse("lot_selection.strategy", "must be fifo, lifo, expiring_first or specific");
        else if (known == SelectionStrategy.Specific != body.Request.Lots is not null) body.Refuse("lot_selection.lot_ids", "belongs to the strategy specific, and is required there");
        body.Request.Strategy = known ?? SelectionStrategy.Fifo;
    }

    private static List<string>? LotIds(ref Utf8JsonReader reader, ParsedBody body)
    {
        var lots = new List<string>();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.String) lots.Add(reader.GetString()!);
            if (reader.TokenType == JsonTokenType.EndArray && lots.Count is > 0 and <= LedgerLimits.LotSlicesMax) return lots;
            while (reader.TokenType != JsonTokenType.EndArray)
            {
                reader.Skip();
                reader.Read();
            }
        }
        else
        {
            reader.Skip();
        }

        body.Refuse("lot_selection.lot_ids", $"must be an array of 1 to {LedgerLimits.LotSlicesMax} lot ids");
        return null;
    }

    private void ReadParts(ref Utf8JsonReader reader, BodyField field, ParsedBody body)
    {
        body.Parts = [];
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            body.Refuse(FieldNames.Of(field), "must be an array");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw new ApiErrorException(ApiError.Invalid(FieldNames.Of(field), "must hold objects"));
            body.Parts.Add(ReadObject(ref reader));
            if (body.Parts.Count > PartsMax) throw new ApiErrorException(ApiError.Invalid(FieldNames.Of(field), $"holds more than {PartsMax}"));
        }

        if (body.Parts.Count == 0) body.Refuse(FieldNames.Of(field), "must not be empty");
    }

    private static bool Opens(ref Utf8JsonReader reader, string field, ParsedBody body)
    {
        if (reader.TokenType == JsonTokenType.StartObject) return true;
        body.Refuse(field, "must be an object");
        reader.Skip();
        return false;
    }

    /// <summary>Steps over a value that is ignored, but not over a member given twice in it.</summary>
    private static void SkipStrictly(ref Utf8JsonReader reader, string name, ParsedBody body)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        _ = CanonicalJson.Copy(ref reader, JsonTokenType.StartObject, out var error);
        if (error == CanonicalJson.Twice) body.Refuse(name, error);
    }
}
