using System.Net;
using System.Text;
using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Tests.Webhooks;

public sealed class SignatureTests
{
    [Fact]
    public void The_vector_that_Standard_Webhooks_publishes_is_met()
    {
        var secret = new WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", secret.SignStandard("msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", """{"test": 2432232314}"""u8));
    }

    [Fact]
    public void A_customers_own_secret_signs_with_its_bytes_and_has_a_standard_form()
    {
        var own = new WebhookSecret("my own secret, no base64!");
        var standard = new WebhookSecret(own.StandardText);
        Assert.Equal(own.SignStandard("a", "1", "{}"u8), standard.SignStandard("a", "1", "{}"u8));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes(own.Text), "{}"u8)), own.SignBody("{}"u8));
        Assert.StartsWith("whsec_", WebhookSecret.Make().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.31.0.1", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    public void Only_public_addresses_get_deliveries(string address, bool isPublic) => Assert.Equal(isPublic, PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://example.com/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://user:word@example.com/")]
    [InlineData("ftp://example.com/")]
    [InlineData("/relative")]
    public void Other_targets_are_refused_when_they_are_named(string url)
    {
        using var sender = new WebhookSender(mayBePrivate: false);
        Assert.NotNull(sender.WhyRefused(url));
        Assert.Null(sender.WhyRefused("https://example.com/hook"));
    }

    [Fact]
    public async Task A_name_that_resolves_to_a_private_address_is_refused_when_it_is_connected()
    {
        using var sender = new WebhookSender(mayBePrivate: false);
        Assert.Null(sender.WhyRefused("https://localhost:9/"));
        var attempt = await sender.SendAsync("https://localhost:9/", [], "{}"u8.ToArray(), CancellationToken.None);
        Assert.Contains("does not go to", attempt.Error!.Replace("do not go to", "does not go to", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void Repetitions_follow_the_published_times_and_end()
    {
        var whole = TimeSpan.Zero;
        for (var failed = 1; RetrySchedule.After(failed, null) is { } wait; failed++) whole += wait;
        Assert.InRange(whole.TotalHours, 75.6 * 0.8, 75.6 * 1.2);
        Assert.Equal(TimeSpan.FromHours(1), RetrySchedule.After(1, TimeSpan.FromHours(1)));
        Assert.Null(RetrySchedule.After(RetrySchedule.AttemptsMax, null));
    }
}
