using System.Net;
using System.Net.Sockets;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Tests.Webhooks;

/// <summary>Where deliveries must not go, written in every way that a URL can be written, while someone listens there.</summary>
public sealed class TargetTests
{
    private static readonly string[] Special =
    [
        "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.0.0.2", "127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "169.254.170.2",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    ];

    private static readonly string[] Special6 =
    [
        "::", "::1", "::7f00:1", "::a00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::1",
        "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::a9fe:a9fe", "fec0::1", "ff02::1", "ff0e::1",
    ];

    private static readonly string[] Malformed =
    [
        "https://user@example.com/", "https://user:word@127.0.0.1/", "https://example.com@127.0.0.1/", "https://127.0.0.1#@example.com/", "https:///127.0.0.1/", "https:127.0.0.1", "//127.0.0.1/", "https://", "https://:443/", "https://[::1/", "https://127.0.0.1:99999/",
        "http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://127.0.0.1:70/_x", "javascript:alert(1)", "data:text/plain,x", "unix:/run/x", "dict://127.0.0.1:11211/stat", "ldap://127.0.0.1/", "jar:https://example.com!/", "/relative", "", " ",
    ];

    [Fact]
    public async Task Of_all_targets_that_are_not_public_none_is_reached()
    {
        using var sender = new WebhookSender(mayBePrivate: false, TimeSpan.FromSeconds(5));
        using var listener = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
        listener.Listen();
        var port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        var targets = Special.SelectMany(Spellings).Concat(Special6.SelectMany(address => new[] { $"[{address}]", $"[{Expanded(address)}]" })).Select(host => $"https://{host}:{port}/hook").Concat(Malformed).Distinct().ToArray();
        var wrong = new List<string>();
        foreach (var target in targets)
        {
            if (sender.WhyRefused(target) is not null) continue;
            // Not every spelling is seen through when it is named; then it is when it is connected.
            var attempt = await sender.SendAsync(target, [], "{}"u8.ToArray(), CancellationToken.None);
            if (attempt.Error?.Contains("do not go to", StringComparison.Ordinal) != true) wrong.Add($"{target}: {attempt.Status} {attempt.Error}");
        }

        Assert.Empty(wrong);
        Assert.True(targets.Length >= 150, $"{targets.Length} targets");
        Assert.False(listener.Poll(0, SelectMode.SelectRead), "a connection was made");
        // The listener would have seen one.
        using var allowed = new WebhookSender(mayBePrivate: true, TimeSpan.FromSeconds(1));
        await allowed.SendAsync($"https://127.0.0.1:{port}/", [], "{}"u8.ToArray(), CancellationToken.None);
        Assert.True(listener.Poll(5_000_000, SelectMode.SelectRead));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("1.1.1.1 10.0.0.1")]
    [InlineData("10.0.0.1 1.1.1.1")]
    [InlineData("2606:4700::1111 ::1")]
    [InlineData("1.1.1.1 2606:4700::1111 fd00::1")]
    [InlineData("1.1.1.1 ::ffff:127.0.0.1")]
    [InlineData("")]
    public async Task A_name_with_one_address_that_is_not_public_is_refused_as_a_whole(string addresses)
    {
        using var sender = new WebhookSender(mayBePrivate: false, TimeSpan.FromSeconds(5), (_, _) => Task.FromResult(addresses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse).ToArray()));
        Assert.Null(sender.WhyRefused("https://hooks.example/"));
        Assert.Contains("do not go to", (await sender.SendAsync("https://hooks.example/", [], "{}"u8.ToArray(), CancellationToken.None)).Error!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_resolved_once_for_each_connection_and_that_address_is_connected()
    {
        await using var receiver = await Receiver.StartAsync();
        var port = new Uri(receiver.Url).Port;
        var asked = 0;
        using var sender = new WebhookSender(mayBePrivate: true, TimeSpan.FromSeconds(5), (_, _) => Task.FromResult(new[] { Interlocked.Increment(ref asked) == 1 ? IPAddress.Loopback : IPAddress.Parse("127.9.9.9") }));
        var attempt = await sender.SendAsync($"http://rebinding.example:{port}/hook", [], "{}"u8.ToArray(), CancellationToken.None);
        Assert.Equal((200, null, 1), (attempt.Status, attempt.Error, asked));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_a_failure_and_nobody_follows_it(int status)
    {
        await using var inner = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (http, _) =>
        {
            (http.Response.StatusCode, http.Response.Headers.Location) = (status, inner.Url);
            return Task.CompletedTask;
        };
        using var sender = new WebhookSender(mayBePrivate: true, TimeSpan.FromSeconds(5));
        var attempt = await sender.SendAsync(receiver.Url, [], "{}"u8.ToArray(), CancellationToken.None);
        Assert.Equal((status, $"status {status}"), (attempt.Status, attempt.Error));
        Assert.Empty(inner.All);
    }

    private static IEnumerable<string> Spellings(string address)
    {
        var parts = address.Split('.').Select(uint.Parse).ToArray();
        var number = (parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3];
        yield return address;
        yield return number.ToString();
        yield return $"0x{number:x}";
        yield return string.Join('.', parts.Select(part => "0" + Convert.ToString(part, 8)));
        yield return string.Join('.', parts.Select(part => $"0x{part:x}"));
        yield return $"{parts[0]}.{(parts[1] << 16) | (parts[2] << 8) | parts[3]}";
    }

    private static string Expanded(string address) => string.Join(':', IPAddress.Parse(address).GetAddressBytes().Chunk(2).Select(pair => $"{pair[0]:x2}{pair[1]:x2}"));
}
