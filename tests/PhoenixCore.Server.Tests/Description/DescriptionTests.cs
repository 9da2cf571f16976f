using System.Text.Json;

namespace PhoenixCore.Server.Tests.Description;

/// <summary>The description says what the server does, and all of it.</summary>
public sealed class DescriptionTests
{
    /// <summary>Routes that stand in no table because they need no credential.</summary>
    private static readonly string[] Open = ["GET /v1/health", "GET /v1/ready", "GET /livez", "GET /readyz", "GET /startupz", "GET /metrics", "POST /v1/oauth/token", "GET /openapi/v1.json", "GET /docs"];

    [Fact]
    public async Task Every_route_is_described_and_nothing_else()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DocumentAsync(server);
        var described = Operations(document).Select(operation => operation.Route).Order();
        Assert.Equal(server.Server.Rest.Routes.Select(route => $"{route.Method} /v1{route.Template}").Concat(Open).Order(), described);
    }

    [Fact]
    public async Task The_document_is_whole_in_itself()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DocumentAsync(server);
        Assert.Equal("3.1.0", document.GetProperty("openapi").GetString());
        var schemas = document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => schema.Name).ToHashSet();
        var used = References(document).Select(reference => reference.Split('/')[^1]).ToHashSet();
        Assert.Empty(used.Except(schemas));
        Assert.Empty(schemas.Except(used).Except(["Event"])); // a page of events is the only one that names it
        var names = Operations(document).Select(operation => operation.Json.GetProperty("operationId").GetString()).ToArray();
        Assert.Equal(names.Length, names.Distinct().Count());
        foreach (var (route, operation) in Operations(document))
        {
            var inPath = operation.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray().Count(parameter => parameter.GetProperty("in").GetString() == "path") : 0;
            Assert.Equal(route.Count(letter => letter == '{'), inPath);
        }
    }

    [Fact]
    public async Task What_needs_a_key_and_a_scope_says_so()
    {
        await using var server = await TestServer.StartAsync();
        var document = await DocumentAsync(server);
        var paths = document.GetProperty("paths");
        var credit = paths.GetProperty("/v1/credits").GetProperty("post");
        Assert.Equal(["credits:write", "wallets:write"], credit.GetProperty("security").EnumerateArray().Select(one => one.GetProperty("bearer")[0].GetString()));
        Assert.Contains("Idempotency-Key", credit.GetProperty("parameters").EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.Equal(0, paths.GetProperty("/v1/health").GetProperty("get").GetProperty("security").GetArrayLength());
    }

    [Fact]
    public async Task The_page_for_people_names_every_path_and_loads_nothing()
    {
        await using var server = await TestServer.StartAsync();
        using var anybody = server.ClientWith(null);
        var page = await anybody.GetAsync("/docs");
        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page.Headers["Content-Type"]));
        foreach (var path in (await DocumentAsync(server)).GetProperty("paths").EnumerateObject()) Assert.Contains($"<code>{path.Name}</code>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
        Assert.Equal("405 METHOD_NOT_ALLOWED", (await anybody.PostAsync("/docs")).Outcome);
    }

    internal static async Task<JsonElement> DocumentAsync(TestServer server)
    {
        using var anybody = server.ClientWith(null);
        var reply = await anybody.GetAsync("/openapi/v1.json");
        Assert.Equal(200, reply.Status);
        return reply.Json;
    }

    internal static IEnumerable<(string Route, JsonElement Json)> Operations(JsonElement document) =>
        document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => ($"{operation.Name.ToUpperInvariant()} {path.Name}", operation.Value)));

    private static IEnumerable<string> References(JsonElement at) => at.ValueKind switch
    {
        JsonValueKind.Object => at.EnumerateObject().SelectMany(member => member.Name == "$ref" ? [member.Value.GetString()!] : References(member.Value)),
        JsonValueKind.Array => at.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
