using System.Text.Json;
using System.Text.RegularExpressions;

namespace PhoenixCore.Server.Tests.Description;

/// <summary>Sends requests and checks both sides of each against the description; remembers which operations it has seen succeed.</summary>
internal sealed class DescribedClient(TestClient client, JsonElement document)
{
    private readonly SchemaChecker _checker = new(document);

    public HashSet<string> Succeeded { get; } = [];

    /// <param name="route">Method and template as the document has it, without /v1.</param>
    /// <param name="expected">Status, and the code of an error.</param>
    /// <param name="path">What stands for the template's parameters, in their order, separated by blanks; and a query.</param>
    public async Task<TestReply> CallAsync(string route, string expected, string? body = null, string path = "", string query = "", string? key = null, TestClient? by = null)
    {
        var (method, template) = (route.Split(' ')[0], route.Split(' ')[1]);
        var operation = document.GetProperty("paths").GetProperty("/v1" + template).GetProperty(method.ToLowerInvariant());
        var parts = new Queue<string>(path.Split(' '));
        var target = "/v1" + Regex.Replace(template, @"\{\w+\}", _ => parts.Dequeue()) + query;
        CheckQuery(operation, query, route);
        var reply = await (by ?? client).SendAsync(new HttpMethod(method), target, body, key ?? "k" + Guid.NewGuid());
        Assert.True(expected == reply.Outcome, $"{route} {body}: {reply.Status} {reply.Text}");
        if (body != null && reply.Status < 400) Assert.Empty(_checker.Check(JsonDocument.Parse(body).RootElement, SchemaOf(operation.GetProperty("requestBody")), route + " request"));
        CheckAnswer(operation, reply, route);
        if (reply.Status < 400) Succeeded.Add(route);
        return reply;
    }

    private void CheckAnswer(JsonElement operation, TestReply reply, string route)
    {
        Assert.True(operation.GetProperty("responses").TryGetProperty(reply.Status.ToString(), out var response), $"{route} may not answer {reply.Status} {reply.Text}");
        if (!response.TryGetProperty("content", out _))
        {
            Assert.Equal("", reply.Text);
            return;
        }

        Assert.Empty(_checker.Check(reply.Json, SchemaOf(response), route));
        if (reply.Status >= 400) Assert.Contains(reply.Code, response.GetProperty("x-codes").EnumerateArray().Select(code => code.GetString()));
    }

    private static void CheckQuery(JsonElement operation, string query, string route)
    {
        foreach (var name in query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]))
            Assert.True(operation.GetProperty("parameters").EnumerateArray().Any(parameter => parameter.GetProperty("in").GetString() == "query" && parameter.GetProperty("name").GetString() == name), $"{route} does not describe {name}");
    }

    private static JsonElement SchemaOf(JsonElement described) => described.GetProperty("content").GetProperty("application/json").GetProperty("schema");
}
