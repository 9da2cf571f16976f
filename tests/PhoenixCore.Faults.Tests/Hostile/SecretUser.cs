using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>Makes every kind of secret that a server knows and uses each, rightly and wrongly. Keeps what was answered where no secret may be.</summary>
internal sealed class SecretUser(ServerProcess server, Uri receiver, int life) : IDisposable
{
    private const string Chosen = "a-customers-own-webhook-secret-8";
    private readonly HttpClient _http = server.Client(TimeSpan.FromSeconds(30));

    public List<Secret> Secrets { get; } = [];

    /// <summary>Answers that show nothing.</summary>
    public List<string> Answers { get; } = [];

    public async Task UseAllAsync()
    {
        Secrets.Add(Secret.OfText("the operator's key", ServerProcess.Key));
        Secrets.Add(Secret.OfText("a customer's webhook secret", Chosen));
        var key = await KeyAsync($"made {life}");
        await RotateAsync(key.Id);
        await TokensAsync(key.Id, key.Text);
        await WebhooksAsync();
        await WrongAsync(key.Id, key.Text);
        await MalformedAsync(key.Text);
        await OverGrpcAsync(key.Text);
        foreach (var path in new[] { "tenants/default/keys", "webhooks", "events?from_sequence=1", "v1/events?limit=100", "ledger/transactions", "openapi/v1.json", "docs", "metrics", "nowhere", "wallets/x" }) await SendAsync(HttpMethod.Get, path, null);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(string Id, string Text)> KeyAsync(string name)
    {
        var made = await SendAsync(HttpMethod.Post, "tenants/default/keys", $$"""{"scopes":["wallets:write","wallets:read"],"name":"{{name}}"}""", shows: true);
        return (made.GetProperty("id").GetString()!, AddKey("a minted key", made.GetProperty("api_key").GetString()!));
    }

    private async Task RotateAsync(string id)
    {
        var rotated = await SendAsync(HttpMethod.Post, $"tenants/default/keys/{id}/rotate", """{"overlap_seconds":600}""", shows: true);
        AddKey("a rotated key", rotated.GetProperty("api_key").GetString()!);
    }

    private string AddKey(string name, string text)
    {
        var parts = text.Split('_');
        Secrets.Add(Secret.OfText(name, parts[2]));
        Secrets.Add(Secret.OfBytes(name + ", decoded", Convert.FromHexString(parts[2])));
        return text;
    }

    private async Task TokensAsync(string id, string key)
    {
        var secret = key.Split('_')[2];
        foreach (var byHeader in new[] { false, true })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "oauth/token");
            var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
            if (byHeader) request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));
            else (form["client_id"], form["client_secret"]) = (id, secret);
            request.Content = new FormUrlEncodedContent(form);
            using var response = await _http.SendAsync(request);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            var token = json.RootElement.GetProperty("access_token").GetString()!;
            Secrets.Add(Secret.OfText("a token", token));
            Secrets.Add(Secret.OfText("a token's signature", token.Split('.')[2]));
            await SendAsync(HttpMethod.Get, "wallets", null, bearer: token);
            await SendAsync(HttpMethod.Get, "wallets", null, bearer: token[..^3]);
        }
    }

    private async Task WebhooksAsync()
    {
        var made = await SendAsync(HttpMethod.Post, "webhooks", $$"""{"url":"{{new Uri(receiver, "any")}}","events":["*"]}""", shows: true);
        AddHook(made);
        await SendAsync(HttpMethod.Post, "webhooks", $$"""{"url":"{{new Uri(receiver, "any")}}","events":["*"],"secret":"{{Chosen}}"}""", shows: true);
        var id = made.GetProperty("id").GetString();
        AddHook(await SendAsync(HttpMethod.Post, $"webhooks/{id}/rotate-secret", "{}", shows: true));
        await SendAsync(HttpMethod.Post, $"webhooks/{id}/test", "{}");
        await SendAsync(HttpMethod.Patch, $"webhooks/{id}", """{"metadata":{"a":1}}""");
        await SendAsync(HttpMethod.Get, $"webhooks/{id}", null);
        await SendAsync(HttpMethod.Post, "wallets", $$"""{"external_id":"hidden-{{life}}","name":"hidden-{{life}}"}""");
        await SendAsync(HttpMethod.Post, "tenants/default/resume", $$"""{"reason":"needle-{{life}}"}""");
    }

    private void AddHook(JsonElement made)
    {
        var text = made.GetProperty("secret").GetString()!;
        Secrets.Add(Secret.OfText("a webhook's secret", text["whsec_".Length..]));
        Secrets.Add(Secret.OfBytes("a webhook's secret, decoded", Convert.FromBase64String(text["whsec_".Length..])));
    }

    /// <summary>Secrets where they are refused, or do not belong at all.</summary>
    private async Task WrongAsync(string id, string key)
    {
        var secret = key.Split('_')[2];
        foreach (var bearer in new[] { key + "0", key[..^1], "Bearer " + key, key.ToUpperInvariant(), $"{id}_{secret}", secret }) await SendAsync(HttpMethod.Get, "wallets", null, bearer: bearer);
        await SendAsync(HttpMethod.Post, "webhooks", $$"""{"url":"{{receiver}}","events":["no.such"],"secret":"{{Chosen}}"}""");
        await SendAsync(HttpMethod.Post, "webhooks", $$"""{"url":"ftp://x/","events":["*"],"secret":"{{Chosen}}","secret":"{{Chosen}}"}""");
        await SendAsync(HttpMethod.Post, "credits", $$"""{"wallet_id":"nobody","amount":"1","asset":"USD","api_key":"{{key}}"}""");
        await SendAsync(HttpMethod.Post, "credits", $$"""{"amount":"{{key}}","wallet_id":{{key}}}""");
        await SendAsync(HttpMethod.Post, "oauth/token", $"grant_type=client_credentials&client_id={id}&client_secret={secret}&client_secret={secret}");
        await SendAsync(HttpMethod.Post, "tenants/default/keys", $$"""{"scopes":["{{key}}"]}""");
    }

    /// <summary>Framing that the web server refuses: what it says about it must not quote the line.</summary>
    private async Task MalformedAsync(string key)
    {
        foreach (var address in new[] { server.Rest, server.Grpc })
        {
            foreach (var text in new[]
            {
                $"GET /wallets HTTP/1.1\r\nHost: x\r\nAuthorization : Bearer {key}\r\n\r\n", $"GET /wallets HTTP/1.1\r\nHost: x\r\n Authorization: Bearer {key}\r\n\r\n", $"GET /wallets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\0\r\n\r\n",
                $"Bearer {key} HTTP/1.1\r\n\r\n", $"GET {key} HTTP/1.1\r\nHost: x\r\n\r\n", $"GET /wallets {key}\r\n\r\n", $"GET /wallets HTTP/1.1\r\nHost: {key} x\r\n\r\n", $"GET /wallets HTTP/1.1\r\nHost: x\r\nContent-Length: {key}\r\n\r\n",
            })
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 5_000 };
                await socket.ConnectAsync(address.Host, address.Port);
                await socket.SendAsync(Encoding.ASCII.GetBytes(text));
                socket.Shutdown(SocketShutdown.Send);
                var buffer = new byte[8_192];
                for (int count; (count = await ReceiveAsync(socket, buffer)) > 0;) Answers.Add(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
    }

    private static async Task<int> ReceiveAsync(Socket socket, byte[] buffer)
    {
        try
        {
            return await socket.ReceiveAsync(buffer);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private async Task OverGrpcAsync(string key)
    {
        using var channel = new GrpcChannel(server.Grpc);
        foreach (var bearer in new[] { key, key + "x" })
        {
            foreach (var message in new[] { "house_wallet", key })
            {
                try
                {
                    await channel.UnaryAsync("/phoenix.v1.Ledger/GetWallet", new GetWalletRequest { Wallet = message }, Wallet.Parser, new CallOptions { Metadata = new GrpcMetadata().Add("authorization", "Bearer " + bearer) });
                }
                catch (GrpcStatusException e)
                {
                    Answers.Add($"{e.Message} {e.Reason} {string.Join(' ', e.ErrorMetadata?.Values ?? [])}");
                }
            }
        }
    }

    /// <param name="shows">The answer is the one that shows a secret.</param>
    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body, bool shows = false, string? bearer = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body != null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, path == "oauth/token" ? "application/x-www-form-urlencoded" : "application/json");
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        }

        if (bearer != null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        if (!shows)
        {
            Answers.Add($"{response.Headers}{response.Content.Headers}{text}");
            return default;
        }

        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("data").Clone();
    }
}
