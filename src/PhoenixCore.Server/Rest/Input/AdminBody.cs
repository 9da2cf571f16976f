using System.Buffers;
using System.Text.Json;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Input;

/// <summary>The body of a request about tenants, keys or webhooks: few members, each of a known type, no other.</summary>
internal sealed class AdminBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };
    private readonly JsonElement _body;

    /// <param name="json">Empty = no members.</param>
    /// <param name="known">Names that it may have.</param>
    /// <exception cref="RefusedException">It is not JSON, no object, or has another member.</exception>
    public AdminBody(ReadOnlyMemory<byte> json, params string[] known)
    {
        try
        {
            using var document = WholeJson.Parse(new ReadOnlySequence<byte>(json.IsEmpty ? "{}"u8.ToArray() : json), Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Invalid("the body has to be an object");
            _body = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw Invalid("the body is not valid JSON, has a member twice, a text that is not Unicode, or is nested too deep");
        }

        foreach (var member in _body.EnumerateObject())
        {
            if (!known.Contains(member.Name)) throw Invalid($"{member.Name} is no member of this request");
        }
    }

    /// <summary>Null when it is not there or null.</summary>
    public string? Text(string name) => Find(name, JsonValueKind.String, "a string") is not { } value ? null
        : value.GetString() is { Length: > 0 and <= RequestLimits.TextMax } text && RequestChecks.IsPrintable(text) ? text
        : throw Invalid($"{name} must have 1 to {RequestLimits.TextMax} printable characters");

    /// <summary>A text, or a number as it was written; null when it is not there or null.</summary>
    public string? TextOrNumber(string name) => _body.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(name);

    public long? Number(string name) => Find(name, JsonValueKind.Number, "a number") is not { } value ? null
        : value.TryGetInt64(out var number) ? number : throw Invalid($"{name} must be a whole number");

    public DateTimeOffset? Time(string name) => Find(name, JsonValueKind.String, "a time") is not { } value ? null
        : value.TryGetDateTimeOffset(out var time) ? time : throw Invalid($"{name} must be a time such as 2030-01-01T00:00:00Z");

    /// <summary>Empty when it is not there.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (Find(name, JsonValueKind.Array, "an array of strings") is not { } value) return [];
        return value.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? one.GetString()! : throw Invalid($"{name} must be an array of strings")).ToArray();
    }

    /// <summary>An object's members as canonical JSON; null when it is not there.</summary>
    public string? ObjectText(string name, int bytesMax)
    {
        if (Find(name, JsonValueKind.Object, "an object") is not { } value) return null;
        if (value.GetPropertyCount() > RequestLimits.MetadataKeysMax) throw Invalid($"{name} must have at most {RequestLimits.MetadataKeysMax} members");
        var text = JsonSerializer.Serialize(value);
        return System.Text.Encoding.UTF8.GetByteCount(text) <= bytesMax ? text : throw Invalid($"{name} must have at most {bytesMax} bytes");
    }

    public bool? Switch(string name)
    {
        if (!_body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Invalid($"{name} must be true or false");
    }

    public static RefusedException Invalid(string why) => new(ApiResult.Invalid(why));

    private JsonElement? Find(string name, JsonValueKind kind, string what)
    {
        if (!_body.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == kind ? value : throw Invalid($"{name} must be {what}");
    }
}
