using System.Net.Http.Headers;
using System.Text;

namespace PhoenixCore.Server.Tests;

/// <summary>Sends what a test says, byte for byte.</summary>
internal sealed class TestClient : IDisposable
{
    private readonly HttpClient _http;
    private int _keys;

    /// <summary>In front of every path.</summary>
    public string Prefix { get; set; } = "";

    public TestClient(Uri address, string? key)
    {
        _http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = address };
        if (key != null) _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer " + key);
    }

    public Task<TestReply> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null, null);

    /// <summary>With a fresh idempotency key unless one is given; an empty one sends none.</summary>
    public Task<TestReply> PostAsync(string path, string? body = null, string? key = null) => SendAsync(HttpMethod.Post, path, body, key ?? $"key-{Interlocked.Increment(ref _keys)}-{Guid.NewGuid()}");

    public Task<TestReply> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body, Guid.NewGuid().ToString());

    public async Task<TestReply> SendAsync(HttpMethod method, string path, string? body, string? key, string contentType = "application/json", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Prefix + path);
        if (body != null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        if (!string.IsNullOrEmpty(key)) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request);
        var all = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(",", header.Value), StringComparer.OrdinalIgnoreCase);
        return new TestReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), all.ContainsKey("Idempotent-Replayed"), all);
    }

    public Task<TestReply> FormAsync(string path, params (string Name, string Value)[] fields) =>
        SendAsync(HttpMethod.Post, path, string.Join('&', fields.Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")), null, "application/x-www-form-urlencoded");

    /// <summary>A wallet with an opening balance; returns its id.</summary>
    public async Task<string> WalletAsync(string name, string asset, long minor, string prefix = "")
    {
        var wallet = await PostAsync($"{prefix}/wallets", $$"""{"external_id":"{{name}}"}""");
        if (minor > 0) Assert.Equal(201, (await PostAsync($"{prefix}/credits", $$"""{"wallet_id":"{{wallet["id"]}}","amount":{{minor}},"asset":"{{asset}}"}""")).Status);
        return wallet["id"];
    }

    /// <summary>Available and reserved in smallest units.</summary>
    public async Task<(long Available, long Reserved)> BalanceAsync(string wallet, string asset)
    {
        var reply = await GetAsync($"/v1/wallets/{wallet}/balances/{asset}");
        return (long.Parse(reply["available"]), long.Parse(reply["reserved"]));
    }

    public void Dispose() => _http.Dispose();
}
