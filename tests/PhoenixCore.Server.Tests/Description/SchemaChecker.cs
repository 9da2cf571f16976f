using System.Text.Json;
using System.Text.RegularExpressions;

namespace PhoenixCore.Server.Tests.Description;

/// <summary>As much of JSON Schema as the description uses; a keyword that is not known here fails, so that nothing passes unchecked.</summary>
internal sealed class SchemaChecker(JsonElement document)
{
    private static readonly HashSet<string> Known = ["$ref", "type", "enum", "anyOf", "properties", "required", "additionalProperties", "items", "pattern", "minLength", "maxLength", "minimum", "format", "description"];

    /// <returns>What is wrong, by place.</returns>
    public IEnumerable<string> Check(JsonElement value, JsonElement schema, string place = "$")
    {
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name)) yield return $"{place}: the checker does not know {keyword.Name}";
            foreach (var wrong in Check(value, schema, keyword, place)) yield return wrong;
        }
    }

    private IEnumerable<string> Check(JsonElement value, JsonElement schema, JsonProperty keyword, string place) => keyword.Name switch
    {
        "$ref" => Check(value, Resolve(keyword.Value.GetString()!), place),
        "type" => IsOfType(value, keyword.Value) ? [] : [$"{place}: {value.ValueKind} is not {keyword.Value}"],
        "enum" => keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)) ? [] : [$"{place}: {value} is none of {keyword.Value}"],
        "anyOf" => CheckAny(value, keyword.Value, place),
        "properties" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateObject().Where(member => value.TryGetProperty(member.Name, out _)).SelectMany(member => Check(value.GetProperty(member.Name), member.Value, $"{place}.{member.Name}")),
        "required" => value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{place}.{name} is missing"),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().Where(member => !schema.GetProperty("properties").TryGetProperty(member.Name, out _)).Select(member => $"{place}.{member.Name} is not described"),
        "items" => value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().SelectMany((one, i) => Check(one, keyword.Value, $"{place}[{i}]")),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? [] : [$"{place}: {value} does not fit {keyword.Value}"],
        "minLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length >= keyword.Value.GetInt32() ? [] : [$"{place}: {value} is too short"],
        "maxLength" => value.ValueKind != JsonValueKind.String || value.GetString()!.Length <= keyword.Value.GetInt32() ? [] : [$"{place}: {value} is too long"],
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal() ? [] : [$"{place}: {value} is too small"],
        "format" => value.ValueKind != JsonValueKind.String || FitsFormat(value.GetString()!, keyword.Value.GetString()!) ? [] : [$"{place}: {value} is no {keyword.Value}"],
        _ => [],
    };

    private IEnumerable<string> CheckAny(JsonElement value, JsonElement schemas, string place)
    {
        var attempts = schemas.EnumerateArray().Select(one => Check(value, one, place).ToArray()).ToArray();
        return attempts.Any(wrong => wrong.Length == 0) ? [] : attempts.MinBy(wrong => wrong.Length)!;
    }

    private static bool IsOfType(JsonElement value, JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Any(one => IsOfType(value, one)) : type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && decimal.IsInteger(number),
            "number" => value.ValueKind == JsonValueKind.Number,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            _ => false,
        };

    private static bool FitsFormat(string text, string format) => format switch
    {
        "date-time" => text.EndsWith('Z') && DateTimeOffset.TryParse(text, out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        _ => false,
    };

    private JsonElement Resolve(string reference)
    {
        var at = document;
        foreach (var part in reference.Split('/').Skip(1)) at = at.GetProperty(part);
        return at;
    }
}
