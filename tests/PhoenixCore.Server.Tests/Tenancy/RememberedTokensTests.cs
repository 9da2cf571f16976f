using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Auth.Tokens;

namespace PhoenixCore.Server.Tests.Tenancy;

public class RememberedTokensTests
{
    private const int Most = 20;
    private readonly ManualTime _time = new();

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public void Whatever_was_remembered_has_ended_once_all_is_forgotten_though_there_was_no_room_for_it()
    {
        var tokens = new RememberedTokens(Most, _time);
        var all = Enumerable.Range(0, 10 * Most).Select(index => tokens.Keep($"t{index}", New(Now.AddHours(1)))).ToList();
        Assert.InRange(tokens.Count, Most / 2, Most);
        Assert.Equal(tokens.Count, all.Count(credential => credential.TryUse(Now)));
        tokens.ForgetAll();
        Assert.DoesNotContain(all, credential => credential.TryUse(Now));
    }

    [Fact]
    public void Those_that_have_ended_make_room_first()
    {
        var tokens = new RememberedTokens(Most, _time);
        var good = Enumerable.Range(0, Most / 2).Select(index => tokens.Keep($"good {index}", New(Now.AddHours(1)))).ToList();
        for (var i = 0; i < Most / 4; i++) tokens.Keep($"old {i}", New(Now.AddHours(-1)));
        for (var i = 0; i < (Most / 4) + 1; i++) tokens.Keep($"new {i}", New(Now.AddHours(1)));
        Assert.All(good, credential => Assert.True(credential.TryUse(Now)));
        Assert.Null(tokens.Find("old 0"));
    }

    private static Credential New(DateTimeOffset endsAt) => new(new Caller(null!, "s", Scope.WalletsRead, null), [], endsAt, null);
}
