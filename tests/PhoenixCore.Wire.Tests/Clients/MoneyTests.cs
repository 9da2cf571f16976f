using FsCheck;
using FsCheck.Fluent;
using PhoenixCore.Client.Api;
using Xunit;

namespace PhoenixCore.Wire.Tests.Clients;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("10.50", 2, "1050")]
    [InlineData("10.5", 2, "1050")]
    [InlineData("10.5000", 2, "1050")]
    [InlineData("7", 0, "7")]
    [InlineData("7.0", 0, "7")]
    [InlineData("-0.01", 2, "-1")]
    [InlineData("0.000000000000000001", 18, "1")]
    [InlineData("99999999999999999999999999999999999999", 0, "99999999999999999999999999999999999999")]
    public void Text_is_read_exactly(string text, int scale, string units) => Assert.Equal(Int128.Parse(units), Money.Parse(text, scale, "X").Units);

    [Theory]
    [InlineData("10.505", 2)]
    [InlineData("1e3", 2)]
    [InlineData("1,000.00", 2)]
    [InlineData(".5", 2)]
    [InlineData("5.", 2)]
    [InlineData("+5", 2)]
    [InlineData("--5", 2)]
    [InlineData("", 2)]
    [InlineData("1.2.3", 2)]
    [InlineData("٣", 0)]
    [InlineData("100000000000000000000000000000000000000", 0)]
    public void What_would_have_to_be_rounded_or_guessed_is_refused(string text, int scale) => Assert.Throws<FormatException>(() => Money.Parse(text, scale, "X"));

    [Fact]
    public void What_is_shown_is_read_back_as_it_was() => Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Arb.From(Gen.Zip(ArbMap.Default.GeneratorFor<long>(), Gen.Choose(0, 18))), pair =>
    {
        var money = new Money((Int128)pair.Item1 * 1_000_003, pair.Item2, "X");
        return Money.Parse(money.ToDecimalString(), money.Scale, "X") == money && Money.From(WithScale(money)) == money;
    }));

    [Fact]
    public void Different_assets_are_not_added() => Assert.Throws<InvalidOperationException>(() => new Money(1, 2, "USD") + new Money(1, 2, "EUR"));

    private static PhoenixCore.Contracts.V1.Amount WithScale(Money money)
    {
        var amount = money.ToAmount();
        amount.Scale = (uint)money.Scale; // answers have it, requests do not
        return amount;
    }
}
