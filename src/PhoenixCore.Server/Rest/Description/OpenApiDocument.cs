using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>Writes the table of routes as OpenAPI 3.1, in the concepts dialect.</summary>
internal static partial class OpenApiDocument
{
    private const string Bearer = "bearer";
    private const string Json = "application/json";
    private const string Text = "text/plain";
    private const string EventStream = "text/event-stream";
    private const string Lines = "application/x-ndjson";

    private const string About = """
        An in-memory double-entry ledger that answers only what is durable. Amounts are strings of smallest units with their scale beside them. Every path here exists without /v1 too, with
        the answer wrapped in data, decimal amounts, `asset` instead of `asset_code` and lower-case statuses; there Idempotency-Key is required.
        """;

    public static JsonObject Make(IEnumerable<Route> routes)
    {
        var texts = RouteTexts.All.SelectMany(text => text.Routes.Select((route, i) => (Route: route, Text: text, Place: i))).ToDictionary(entry => entry.Route);
        var (paths, schemas) = (new JsonObject(), Schemas.All());
        foreach (var route in routes)
        {
            if (texts.TryGetValue($"{route.Method} {route.Template}", out var known)) Add(paths, "/v1" + route.Template, route.Method, Operation(route, known.Text, known.Place, schemas));
        }

        AddOpenRoutes(paths);
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "PhoenixCore", ["version"] = "1", ["description"] = About.ReplaceLineEndings(" ") },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["securitySchemes"] = new JsonObject { [Bearer] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["description"] = "an API key, or a token from /v1/oauth/token; roles are scopes, any one of which suffices" } },
            },
        };
    }

    private static JsonObject Operation(Route route, RouteText text, int place, JsonObject schemas)
    {
        var operation = new JsonObject
        {
            ["tags"] = new JsonArray(route.Segments[0]),
            ["operationId"] = place == 0 ? text.Operation : text.Operation + (place + 1),
            ["summary"] = place == 0 ? text.Summary : text.Summary + " Another name for " + text.Routes[0],
            ["security"] = new JsonArray([.. Scopes(route.Scope).Select(scope => new JsonObject { [Bearer] = new JsonArray(scope) })]),
            ["parameters"] = Parameters(route, text),
        };
        if (text.Body is { } body) operation["requestBody"] = new JsonObject { ["required"] = IsRequired(schemas[body]!), ["content"] = Content(Json, SchemaText.Type(body)) };
        operation["responses"] = Responses(text);
        return operation;
    }

    /// <summary>Names that let a caller in, the narrowest first.</summary>
    private static IEnumerable<string> Scopes(Scope any) =>
        ScopeNames.All.Where(name => ScopeNames.TryParse(name, out var scope) && (scope & any) != 0)
            .OrderBy(name => ScopeNames.TryParse(name, out var scope) ? int.PopCount((int)scope) : 0).ThenBy(name => name, StringComparer.Ordinal);

    /// <summary>A body all of whose members are optional may be left out.</summary>
    private static bool IsRequired(JsonNode schema) => schema["required"] is not null || schema["anyOf"] is not null;

    private static JsonArray Parameters(Route route, RouteText text)
    {
        var parameters = new JsonArray();
        foreach (var name in PathParameter().Matches(route.Template).Select(match => match.Groups[1].Value)) parameters.Add(Parameter(name, "path", "text"));
        foreach (var (name, type, _) in SchemaText.Members(text.Query)) parameters.Add(Parameter(name, "query", type));
        if (route.NeedsKey) parameters.Add(Header("Idempotency-Key", "text", "the same key with the same request answers the original answer again; required on routes without /v1"));
        if (text.IsCommand) parameters.Add(Header("X-Deadline-Ms", "integer", "milliseconds from now: after them DEADLINE_EXCEEDED, and nothing was applied"));
        if (text.Answer == EventStream) parameters.Add(Header("Last-Event-ID", "string", "sequence of the last event that was seen; excluded"));
        return parameters;
    }

    private static JsonObject Parameter(string name, string place, string type)
    {
        var parameter = new JsonObject { ["name"] = name, ["in"] = place, ["required"] = place == "path", ["schema"] = SchemaText.Type(type) };
        if (MemberTexts.Find(name) is { } text) parameter["description"] = text;
        return parameter;
    }

    private static JsonObject Header(string name, string type, string text) =>
        new() { ["name"] = name, ["in"] = "header", ["required"] = false, ["schema"] = SchemaText.Type(type), ["description"] = text };

    private static JsonObject Responses(RouteText text)
    {
        var success = new JsonObject { ["description"] = "done" };
        if (text.Answer is EventStream or Lines) success["content"] = Content(text.Answer, SchemaText.Type("string"));
        else if (text.Answer is { } answer) success["content"] = Content(Json, answer[0] == '[' ? PageOf(answer) : SchemaText.Type(answer));
        if (text.IsCommand) success["headers"] = new JsonObject { ["Idempotent-Replayed"] = new JsonObject { ["description"] = "true when this is the answer of an earlier request", ["schema"] = SchemaText.Type("string") } };
        var responses = new JsonObject { [text.Status.ToString()] = success };
        foreach (var group in ErrorCodes.Of(text).GroupBy(error => error.Status).OrderBy(group => group.Key))
        {
            responses[group.Key.ToString()] = new JsonObject
            {
                ["description"] = string.Join("; ", group.Select(error => $"{error.Code}: {error.Text}")),
                ["content"] = Content(Json, SchemaText.Type("Error")),
                ["x-codes"] = new JsonArray([.. group.Select(error => JsonValue.Create(error.Code))]),
            };
        }

        return responses;
    }

    private static JsonObject PageOf(string rows) => SchemaText.Object($"data:{rows} pagination:Pagination", isClosed: true);

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    /// <summary>Those that need no credential and stand in no table.</summary>
    private static void AddOpenRoutes(JsonObject paths)
    {
        Add(paths, "/v1/health", "GET", Open("getHealth", "Whether the process lives.", (200, Json, "Health")));
        Add(paths, "/v1/ready", "GET", Open("getReadiness", "Whether it answers questions about money.", (200, Json, "Health"), (503, Json, "Health")));
        Add(paths, "/livez", "GET", Open("getLiveness", "Whether the shard's loops go round; ?verbose lists what was looked at.", (200, Text, "string"), (503, Text, "string")));
        Add(paths, "/readyz", "GET", Open("getRoleReadiness", "Whether it can do its work now; ?role=leader|single|follower asks for a role, ?verbose lists what was looked at.", (200, Text, "string"), (503, Text, "string"), (400, Json, "Error")));
        Add(paths, "/startupz", "GET", Open("getStartup", "How far the recovery is; answered from the first moment on.", (200, Json, "Startup"), (503, Json, "Startup")));
        Add(paths, "/metrics", "GET", Open("getMetrics", "Metrics in Prometheus' text format: for this machine, or for an operator's key.", (200, Text, "string"), (401, Json, "Error"), (403, Json, "Error"), (503, Json, "Error")));
        var token = Open("createToken", "Exchanges an API key for a token that ends after an hour (OAuth client credentials).", (200, Json, "Token"), (400, Json, "TokenError"), (401, Json, "TokenError"), (429, Json, "Error"));
        token["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/x-www-form-urlencoded", SchemaText.Type("TokenRequest")) };
        Add(paths, "/v1" + TokenEndpoint.Path, "POST", token);
        Add(paths, ApiDescription.DocumentPath, "GET", Open("getDescription", "This document.", (200, Json, "object")));
        Add(paths, ApiDescription.PagePath, "GET", Open("getDocs", "This document for people.", (200, "text/html", "string")));
    }

    private static JsonObject Open(string operation, string summary, params (int Status, string Type, string Schema)[] answers)
    {
        var responses = new JsonObject();
        foreach (var (status, type, schema) in answers) responses[status.ToString()] = new JsonObject { ["description"] = status == 200 ? "done" : "not done", ["content"] = Content(type, SchemaText.Type(schema)) };
        return new JsonObject { ["tags"] = new JsonArray("service"), ["operationId"] = operation, ["summary"] = summary, ["security"] = new JsonArray(), ["responses"] = responses };
    }

    private static void Add(JsonObject paths, string path, string method, JsonObject operation)
    {
        if (paths[path] is not JsonObject item) paths[path] = item = [];
        item[method.ToLowerInvariant()] = operation;
    }

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
