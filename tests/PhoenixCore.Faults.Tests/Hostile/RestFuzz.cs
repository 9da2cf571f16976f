using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>A hostile REST caller: every operation of the server's own description, with bodies after its schemas and around them. One thread.</summary>
internal sealed class RestFuzz : IDisposable
{
    private const int DepthMax = 3;
    private static readonly string[] Wallets = ["fuzz-0", "fuzz-1", "fuzz-2"];
    private static readonly string[] ContentTypes = ["application/json", "application/json; charset=utf-8", "text/plain", "application/json; charset=\"", "a/b"];

    private readonly HttpClient _http;
    private readonly Garbage _garbage;
    private readonly FuzzTally _tally;
    private readonly JsonElement _schemas;
    private readonly List<(string Method, string Path, JsonElement Operation)> _operations = [];

    private RestFuzz(HttpClient http, JsonElement description, Garbage garbage, FuzzTally tally)
    {
        (_http, _garbage, _tally) = (http, garbage, tally);
        _schemas = description.GetProperty("components").GetProperty("schemas");
        foreach (var path in description.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject()) _operations.Add((operation.Name.ToUpperInvariant(), path.Name, operation.Value));
        }
    }

    /// <summary>Wallets and the asset that its requests name.</summary>
    public static async Task<RestFuzz> MakeAsync(ServerProcess server, int seed, FuzzTally tally)
    {
        await server.PostAsync("assets", "fuzz asset", """{"code":"FUZZ","name":"fuzz","scale":2}""");
        foreach (var wallet in Wallets)
        {
            await server.PostAsync("wallets", wallet, $$"""{"external_id":"{{wallet}}"}""");
            await server.PostAsync("credits", "credit " + wallet, $$"""{"wallet_id":"{{wallet}}","amount":1000000,"asset":"FUZZ"}""");
        }

        using var document = JsonDocument.Parse(await server.GetAsync("openapi/v1.json"));
        var http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = server.Rest, Timeout = TimeSpan.FromSeconds(30) };
        return new RestFuzz(http, document.RootElement.Clone(), new Garbage(seed), tally);
    }

    public async Task SendAsync()
    {
        var (method, template, operation) = _garbage.Of(_operations);
        var path = PathOf(template, operation);
        var body = method == "GET" ? null : BodyOf(operation);
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body != null) request.Content = new ByteArrayContent(body);
        AddHeaders(request);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.Content.Headers.ContentType?.MediaType != "text/event-stream") await response.Content.CopyToAsync(Stream.Null);
            var status = (int)response.StatusCode;
            _tally.Add($"REST {status}");
            if (status >= 500 && status is not (503 or 507)) _tally.Wrong.Enqueue($"{status} for {method} {path} with {(body is null ? "nothing" : Convert.ToBase64String(body))}, {request.Headers}");
        }
        catch (Exception e) when (e is HttpRequestException or UriFormatException or FormatException)
        {
            _tally.Add("REST cut"); // refused before a handler saw it, or by the client library
        }
    }

    public void Dispose() => _http.Dispose();

    private string PathOf(string template, JsonElement operation)
    {
        var path = _garbage.Chance(0.5) && template.StartsWith("/v1/", StringComparison.Ordinal) ? template[3..] : template;
        path = string.Join('/', path.Split('/').Select(segment => segment.StartsWith('{') ? Uri.EscapeDataString(_garbage.Chance(0.3) ? _garbage.Text() : ValueOf(segment.Trim('{', '}'))) : segment));
        var query = new List<string>();
        foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : default)
        {
            if (parameter.GetProperty("in").GetString() == "query" && _garbage.Chance(0.3)) query.Add($"{parameter.GetProperty("name").GetString()}={Uri.EscapeDataString(_garbage.Text())}");
        }

        return query.Count == 0 ? path : path + "?" + string.Join('&', query);
    }

    private byte[]? BodyOf(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var required) || !required.GetProperty("content").TryGetProperty("application/json", out var content)) return _garbage.Chance(0.5) ? null : _garbage.Bytes(_garbage.Next(40));
        var text = Value(content.GetProperty("schema"), "", 0);
        var bytes = Encoding.UTF8.GetBytes(text);
        return _garbage.Chance(0.3) && !text.Contains("https:", StringComparison.Ordinal) ? _garbage.Damage(bytes) : bytes; // a damaged URL would be another machine's
    }

    private string Value(JsonElement schema, string name, int depth)
    {
        if (name == "url") return "\"https://localhost:9/hook\"";
        if (depth > 0 && _garbage.Chance(0.12)) return _garbage.Literal();
        if (schema.TryGetProperty("$ref", out var reference)) return depth > DepthMax ? "{}" : Value(_schemas.GetProperty(reference.GetString()!.Split('/')[^1]), name, depth + 1);
        if (schema.TryGetProperty("properties", out var properties))
        {
            var members = properties.EnumerateObject().Where(_ => _garbage.Chance(0.6)).Select(member => $"{JsonSerializer.Serialize(member.Name)}:{Value(member.Value, member.Name, depth + 1)}");
            return "{" + string.Join(',', _garbage.Chance(0.05) ? members.Append($"\"tenant_id\":{_garbage.Literal()}") : members) + "}";
        }

        if (schema.TryGetProperty("enum", out var values)) return JsonSerializer.Serialize(_garbage.Of(values.EnumerateArray().Select(value => value.GetString()).ToArray()));
        if (schema.TryGetProperty("items", out var items)) return "[" + string.Join(',', Enumerable.Range(0, _garbage.Next(3)).Select(_ => Value(items, name, depth + 1))) + "]";
        var type = schema.TryGetProperty("type", out var named) ? named.ToString() : "";
        return type.Contains("integer", StringComparison.Ordinal) ? _garbage.Next(100).ToString() : type.Contains("boolean", StringComparison.Ordinal) ? "true" : type.Contains("object", StringComparison.Ordinal) ? """{"a":"b"}""" : JsonSerializer.Serialize(ValueOf(name));
    }

    /// <summary>Mostly what the name asks for.</summary>
    private string ValueOf(string name) => name switch
    {
        _ when name.Contains("wallet", StringComparison.Ordinal) || name is "id" or "external_id" => _garbage.Chance(0.8) ? _garbage.Of(Wallets) : _garbage.Name("made-", 50),
        _ when name.Contains("asset", StringComparison.Ordinal) || name is "code" or "currency" => "FUZZ",
        _ when name.Contains("amount", StringComparison.Ordinal) || name is "floor" or "ceiling" => _garbage.Next(50).ToString(),
        _ when name.EndsWith("_at", StringComparison.Ordinal) => "2031-01-01T00:00:00Z",
        _ => _garbage.Text(),
    };

    private void AddHeaders(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Authorization", _garbage.Chance(0.03) ? "Bearer " + _garbage.HeaderText() : "Bearer " + ServerProcess.Key);
        request.Headers.TryAddWithoutValidation("Idempotency-Key", _garbage.Chance(0.1) ? _garbage.HeaderText() : _garbage.Name("fuzz-", 5_000));
        foreach (var name in new[] { "X-Deadline-Ms", "Last-Event-ID", "Accept", "X-HTTP-Method-Override", "X-Request-Id", "Content-Encoding", "Range", "If-Match", "X-Tenant-Id" })
        {
            if (_garbage.Chance(0.04)) request.Headers.TryAddWithoutValidation(name, _garbage.HeaderText());
        }

        if (request.Content != null && MediaTypeHeaderValue.TryParse(_garbage.Chance(0.9) ? "application/json" : _garbage.Of(ContentTypes), out var type)) request.Content.Headers.ContentType = type;
    }
}
