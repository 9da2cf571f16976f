using System.Text.Json.Nodes;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>JSON schemas out of one line of text each, so that the whole API stands in a table that can be read.</summary>
/// <remarks><code>
/// object    members with blanks between:  name:type
/// name-     may be absent                 ~name    the pair name:units name_minor:units
/// type?     may be null                   [type]   array
/// (a|b|c)   one of these strings          Name     reference to the schema of that name
/// string, text, integer, number, boolean, time, units, decimal, id, uri, object, any
/// </code></remarks>
internal static class SchemaText
{
    /// <param name="isClosed">No other members.</param>
    public static JsonObject Object(string members, bool isClosed)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var (name, type, isOptional) in Members(members))
        {
            var schema = Type(type);
            if (MemberTexts.Find(name) is { } text) schema["description"] = text;
            properties[name] = schema;
            if (!isOptional) required.Add(name);
        }

        var made = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0) made["required"] = required;
        if (isClosed) made["additionalProperties"] = false;
        return made;
    }

    public static IEnumerable<(string Name, string Type, bool IsOptional)> Members(string text)
    {
        foreach (var member in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isOptional = false;
            if (member[0] == '~')
            {
                isOptional = member.EndsWith('-');
                var pair = member[1..].TrimEnd('-');
                yield return (pair, "units", isOptional);
                yield return (pair + "_minor", "units", isOptional);
                continue;
            }

            var colon = member.IndexOf(':', StringComparison.Ordinal);
            isOptional = member[colon - 1] == '-';
            yield return (member[..colon].TrimEnd('-'), member[(colon + 1)..], isOptional);
        }
    }

    public static JsonObject Type(string text)
    {
        if (text.EndsWith('?')) return Nullable(Type(text[..^1]));
        if (text[0] == '[') return new JsonObject { ["type"] = "array", ["items"] = Type(text[1..^1]) };
        if (text[0] == '(') return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. text[1..^1].Split('|').Select(one => JsonValue.Create(one))]) };
        if (char.IsUpper(text[0])) return new JsonObject { ["$ref"] = "#/components/schemas/" + text };
        return text switch
        {
            "any" => [],
            "string" or "integer" or "number" or "boolean" or "object" => new JsonObject { ["type"] = text },
            "text" => new JsonObject { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = Edge.RequestLimits.TextMax },
            "id" => new JsonObject { ["type"] = "string", ["maxLength"] = 64 },
            "uri" => new JsonObject { ["type"] = "string", ["format"] = "uri" },
            "time" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            "units" => new JsonObject { ["type"] = "string", ["pattern"] = "^-?[0-9]+$" },
            "decimal" => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?[0-9]+(\.[0-9]+)?$" },
            _ => throw new ArgumentException($"{text} is no type", nameof(text)),
        };
    }

    private static JsonObject Nullable(JsonObject schema)
    {
        if (schema["type"] is not { } type) return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        schema["type"] = new JsonArray(type.GetValue<string>(), "null");
        if (schema["enum"] is JsonArray values) values.Add(null);
        return schema;
    }
}
