using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>The document as one page of HTML that loads nothing else.</summary>
internal static class DocsPage
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
        h2{margin-top:3rem;border-bottom:1px solid #ccc}code{font:13px ui-monospace,monospace;background:#f3f3f3;padding:0 .2em}
        table{border-collapse:collapse;margin:.5rem 0}td{padding:.1rem .8rem .1rem 0;vertical-align:top}section{margin:1.5rem 0}
        .m{font-weight:600;display:inline-block;min-width:4.5em}nav a{margin-right:1em}.q{color:#555}
        @media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}code{background:#262626}a{color:#8ab4f8}.q{color:#999}h2{border-color:#444}}
        """;

    public static string Make(JsonObject document)
    {
        var to = new StringBuilder();
        var info = document["info"]!;
        to.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>PhoenixCore API</title><style>").Append(Style).Append("</style>");
        to.Append("<h1>PhoenixCore API</h1><p>").Append(Text(info["description"])).Append($"</p><p>The same for machines: <a href=\"{ApiDescription.DocumentPath}\">{ApiDescription.DocumentPath}</a></p>");
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Path: path.Key, Method: operation.Key.ToUpperInvariant(), Body: operation.Value!.AsObject())))
            .GroupBy(operation => operation.Body["tags"]![0]!.GetValue<string>()).ToArray();
        to.Append("<nav>");
        foreach (var tag in operations) to.Append($"<a href=\"#{tag.Key}\">{tag.Key}</a>");
        to.Append("<a href=\"#schemas\">schemas</a></nav>");
        foreach (var tag in operations)
        {
            to.Append($"<h2 id=\"{tag.Key}\">{tag.Key}</h2>");
            foreach (var (path, method, body) in tag) Operation(to, path, method, body);
        }

        to.Append("<h2 id=\"schemas\">schemas</h2>");
        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject()) Schema(to, name, schema!.AsObject());
        return to.Append("</html>").ToString();
    }

    private static void Operation(StringBuilder to, string path, string method, JsonObject operation)
    {
        to.Append($"<section id=\"{Text(operation["operationId"])}\"><span class=\"m\">{method}</span> <code>{WebUtility.HtmlEncode(path)}</code><br>{Text(operation["summary"])}<table>");
        foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            Row(to, $"{Text(parameter!["in"])} <code>{Text(parameter["name"])}</code>", $"{TypeOf(parameter["schema"]!)} <span class=\"q\">{Text(parameter["description"])}</span>");
        if (operation["requestBody"] is { } body) Row(to, body["required"]!.GetValue<bool>() ? "body" : "body, optional", ContentOf(body["content"]));
        foreach (var (status, response) in operation["responses"]!.AsObject())
            Row(to, status, status[0] == '2' ? ContentOf(response!["content"]) : $"<span class=\"q\">{Text(response!["description"])}</span>");
        var scopes = operation["security"]!.AsArray().Select(one => one!["bearer"]![0]!.GetValue<string>()).ToArray();
        Row(to, "scope", scopes.Length == 0 ? "no credential" : string.Join(" or ", scopes.Select(scope => $"<code>{scope}</code>")));
        to.Append("</table></section>");
    }

    private static void Schema(StringBuilder to, string name, JsonObject schema)
    {
        to.Append($"<section id=\"schema-{name}\"><b>{name}</b> {(schema["properties"] is null ? TypeOf(schema) : "")} <span class=\"q\">{Text(schema["description"])}</span><table>");
        var required = schema["required"]?.AsArray().Select(one => one!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (member, type) in schema["properties"]?.AsObject() ?? [])
            Row(to, $"<code>{member}</code>", $"{TypeOf(type!)}{(required.Contains(member) ? "" : " <span class=\"q\">may be absent</span>")} <span class=\"q\">{Text(type!["description"])}</span>");
        to.Append("</table></section>");
    }

    private static string ContentOf(JsonNode? content) => content is null ? "no body" : string.Join(", ", content.AsObject().Select(type => (type.Key == "application/json" ? "" : type.Key + " ") + TypeOf(type.Value!["schema"]!)));

    private static string TypeOf(JsonNode schema)
    {
        if (schema["$ref"] is { } reference)
        {
            var name = reference.GetValue<string>().Split('/')[^1];
            return $"<a href=\"#schema-{name}\">{name}</a>";
        }

        if (schema["anyOf"] is JsonArray any) return string.Join(" or ", any.Select(one => TypeOf(one!)));
        if (schema["enum"] is JsonArray values) return string.Join(" | ", values.Select(value => $"<code>{Text(value, "null")}</code>"));
        if (schema["properties"]?["data"] is { } data && schema["properties"]?["pagination"] is not null) return "page of " + TypeOf(data["items"]!);
        if (schema["items"] is { } items) return "array of " + TypeOf(items);
        var type = schema["type"] is JsonArray several ? string.Join(" or ", several.Select(one => one!.GetValue<string>())) : schema["type"]?.GetValue<string>() ?? "any";
        return schema["format"] is { } format ? $"{type} ({Text(format)})" : type;
    }

    private static void Row(StringBuilder to, string left, string right) => to.Append("<tr><td>").Append(left).Append("<td>").Append(right);

    private static string Text(JsonNode? node, string missing = "") => node is null ? missing : WebUtility.HtmlEncode(node.GetValue<string>());
}
