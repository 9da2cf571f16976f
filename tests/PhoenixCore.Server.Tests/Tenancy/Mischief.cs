namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Random requests of one tenant, made with its own ids, with another's and with none that exist.</summary>
internal sealed class Mischief(Random random, Things own, Things foreign)
{
    private readonly List<string> _reservations = [own.Reservation];
    private readonly List<string> _credits = [own.Credit];
    private readonly List<string> _transfers = [own.Transfer];
    private readonly List<string> _lots = [own.Lot];
    private readonly List<string> _policies = [own.Policy, "pol_default"];
    private readonly List<string> _webhooks = [own.Webhook];

    private static readonly (string Method, string Path, string Body)[] Requests =
    [
        ("POST", "/credits", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","reference":"r","lot":{"attributes":{"kind":"x"},"policy_id":"<policy>"}}"""),
        ("POST", "/credits", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","lot":{"lot_id":"<lot>"}}"""),
        ("POST", "/credits", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"}"""),
        ("POST", "/transfers", """{"from_wallet_id":"<wallet>","to_wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","intent":"gift","context":{"category":"food"}}"""),
        ("POST", "/transfers", """{"from_wallet_id":"<wallet>","to_wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","destination_lot":{"inherit":false,"policy_id":"<policy>"}}"""),
        ("POST", "/transfers", """{"legs":[{"from_wallet_id":"<wallet>","to_wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"},{"from_wallet_id":"<wallet>","to_wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"}]}"""),
        ("POST", "/transfers", """{"reservation_id":"<reservation>","to_wallet_id":"<wallet>"}"""),
        ("POST", "/debits", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","lot_selection":{"strategy":"specific","lot_ids":["<lot>"]}}"""),
        ("POST", "/debits", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","intent":"wager","context":{"game":"slots"}}"""),
        ("POST", "/reservations", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>","expires_in":<n>}"""),
        ("POST", "/reservations/<reservation>/commit", """{"amount":<n>,"to_wallet_id":"<wallet>","final":false}"""),
        ("POST", "/reservations/<reservation>/release", """{"amount":<n>}"""),
        ("POST", "/reservations/<reservation>/release", "{}"),
        ("POST", "/reservations/<reservation>/capture", "{}"),
        ("POST", "/reservations/<reservation>/cancel", "{}"),
        ("DELETE", "/reservations/<reservation>", ""),
        ("POST", "/reservations/<reservation>/transfer", """{"to_wallet_id":"<wallet>"}"""),
        ("POST", "/reservations/<reservation>/increment", """{"amount":<n>}"""),
        ("POST", "/reservations/<reservation>/extend", """{"expires_in":<n>}"""),
        ("POST", "/credits/<credit>/reverse", """{"amount":<n>}"""),
        ("POST", "/transfers/<transfer>/reverse", "{}"),
        ("POST", "/batches", """{"operations":[{"type":"credit","wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"},{"type":"debit","wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"},{"type":"release","reservation_id":"<reservation>"}]}"""),
        ("PATCH", "/lots/<lot>", """{"attributes":{"a":"<n>"}}"""),
        ("POST", "/lots/<lot>/expire", "{}"),
        ("POST", "/wallets", """{"external_id":"made <n>","policies":["<policy>"]}"""),
        ("PATCH", "/wallets/<wallet>", """{"metadata":{"n":"<n>"},"policies":["<policy>"]}"""),
        ("PUT", "/wallets/<wallet>", """{"metadata":{"n":"<n>"},"policies":[]}"""),
        ("POST", "/wallets/<wallet>/freeze", """{"reason":"r"}"""),
        ("POST", "/wallets/<wallet>/unfreeze", "{}"),
        ("POST", "/wallets/<wallet>/close", "{}"),
        ("PUT", "/wallets/<wallet>/bounds/<asset>", """{"ceiling":<n>00000}"""),
        ("POST", "/assets", """{"code":"N<n>","name":"n","scale":0}"""),
        ("PATCH", "/assets/<asset>", """{"name":"n <n>"}"""),
        ("POST", "/assets/<asset>/deactivate", "{}"),
        ("POST", "/assets/<asset>/activate", "{}"),
        ("PUT", "/assets/<asset>/policies", """{"policies":["<policy>"]}"""),
        ("POST", "/policies", """{"name":"p <n>","rules":[{"type":"limit","metric":"amount","window":"day","max":<n>00}]}"""),
        ("PUT", "/policies/<policy>", """{"name":"p <n>","rules":[{"type":"intent","denied":["gift"]}]}"""),
        ("POST", "/policies/<policy>/deprecate", "{}"),
        ("POST", "/policies/<policy>/deactivate", "{}"),
        ("POST", "/policies/<policy>/activate", "{}"),
        ("POST", "/policies/<policy>/evaluate", """{"wallet_id":"<wallet>","amount":<n>,"asset":"<asset>"}"""),
        ("POST", "/webhooks", """{"url":"https://localhost:9/hook","events":["*"]}"""),
        ("PATCH", "/webhooks/<webhook>", """{"events":["wallet.credited"]}"""),
        ("PUT", "/webhooks/<webhook>", """{"url":"https://localhost:9/other","events":["*"]}"""),
        ("POST", "/webhooks/<webhook>/rotate-secret", "{}"),
        ("POST", "/webhooks/<webhook>/test", "{}"),
        ("POST", "/webhooks/<webhook>/deliveries/<delivery>/retry", "{}"),
        ("POST", "/webhooks/<webhook>/replay", """{"failed":true}"""),
        ("DELETE", "/webhooks/<webhook>", ""),
        ("POST", "/operations/status", """{"idempotency_key":"<key>","close":true}"""),
        ("GET", "/operations/by-key/<key>?close=true", ""),
    ];

    /// <summary>Templates of which the route table must have the path, so that a renamed one is noticed.</summary>
    public static IEnumerable<(string Method, string Path)> Asked => Requests.Select(request => (request.Method, request.Path.Split('?')[0]));

    /// <summary>One request, sent.</summary>
    public async Task<TestReply> DoAsync(TestClient client)
    {
        var (method, path, body) = Requests[random.Next(Requests.Length)];
        var target = (random.Next(2) == 0 ? "" : "/v1") + Fill(path, Uri.EscapeDataString);
        var key = random.Next(12) == 0 ? foreign.Key : Guid.NewGuid().ToString();
        var reply = await client.SendAsync(new HttpMethod(method), target, body.Length == 0 ? null : Fill(body, text => text), method == "GET" ? null : key);
        if (reply.Status == 201 && reply.Data.TryGetProperty("id", out var made)) Learn(made.GetString()!, reply);
        return reply;
    }

    private void Learn(string id, TestReply reply)
    {
        var known = id[..4] switch { "rsv_" => _reservations, "crd_" => _credits, "txf_" => _transfers, "pol_" => _policies, "whk_" => _webhooks, _ => null };
        known?.Add(id);
        if (reply.Data.TryGetProperty("lot", out var lot) && lot.TryGetProperty("id", out var number)) _lots.Add(number.GetString()!);
    }

    private string Fill(string text, Func<string, string> escape)
    {
        string[] wallets = [own.Wallet, own.Other, own.External, "house_wallet"];
        text = Each(text, "<wallet>", () => escape(One(wallets, foreign.Wallet, Things.Absent.Wallet)));
        text = Each(text, "<asset>", () => escape(One([own.Asset], foreign.Asset, Things.Absent.Asset)));
        text = Each(text, "<reservation>", () => escape(One(_reservations, foreign.Reservation, Things.Absent.Reservation)));
        text = Each(text, "<credit>", () => escape(One(_credits, foreign.Credit, Things.Absent.Credit)));
        text = Each(text, "<transfer>", () => escape(One(_transfers, foreign.Transfer, Things.Absent.Transfer)));
        text = Each(text, "<lot>", () => escape(One(_lots, foreign.Lot, Things.Absent.Lot)));
        text = Each(text, "<policy>", () => escape(One(_policies, foreign.Policy, Things.Absent.Policy)));
        text = Each(text, "<webhook>", () => escape(One(_webhooks, foreign.Webhook, Things.Absent.Webhook)));
        text = Each(text, "<delivery>", () => "dlv_0000000000000000000000000a");
        text = Each(text, "<key>", () => escape(One([own.Key], foreign.Key, Things.Absent.Key)));
        return Each(text, "<n>", () => random.Next(1, 40).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private string One(IReadOnlyList<string> mine, string theirs, string nobodys) => random.Next(10) switch
    {
        0 or 1 => theirs,
        2 => nobodys,
        _ => mine[random.Next(2) == 0 ? mine.Count - 1 : random.Next(mine.Count)],
    };

    private static string Each(string text, string name, Func<string> value)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at, StringComparison.Ordinal))
        {
            var filled = value();
            text = string.Concat(text.AsSpan(0, at), filled, text.AsSpan(at + name.Length));
            at += filled.Length;
        }

        return text;
    }
}
