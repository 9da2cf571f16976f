using System.Text.Json;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Tests;

public class DumpTests(Story story) : IClassFixture<Story>
{
    [Fact]
    public void Every_fact_has_a_line_and_every_further_posting_one_more()
    {
        var facts = ToolRun.Ok("journal", "dump", story.Rig.Data, "--json").Objects;
        var lines = ToolRun.Ok("journal", "dump", story.Rig.Data).Lines;

        Assert.Equal(story.LastSequence, (ulong)facts.Length);
        Assert.Equal(facts.Sum(fact => Math.Max(1, fact.GetProperty("postings").GetInt32())), lines.Length);
        Assert.Equal(Enumerable.Range(1, facts.Length), lines.Select(line => int.Parse(line.TrimStart().Split(' ')[0])).Distinct());
    }

    [Theory]
    [InlineData("TenantCreated", "tenant default, number 1")]
    [InlineData("AssetCreated", "asset POINTS, scale 2")]
    [InlineData("Credited", "system:liability -> alice  100.00 POINTS  after: system:liability -100.00, alice 100.00  ref=order-1")]
    [InlineData("BoundsSet", "wallet bob, POINTS floor 0.00 ceiling 1000.00")]
    [InlineData("Transferred", "alice -> bob  30.00 POINTS  after: alice 75.00, bob 30.00")]
    [InlineData("Reserved", "alice -> alice[reserved]  70.00 POINTS")]
    [InlineData("Reserved", "alice -> alice[reserved]  2.00 POINTS")]
    [InlineData("ReservationExpired", "bob[reserved] -> bob  10.00 POINTS")]
    [InlineData("Committed", "bob[reserved] -> carol  3.00 POINTS")]
    [InlineData("Committed", "bob[reserved] -> bob  1.00 POINTS")]
    [InlineData("Refused", "CreateTransfer: InsufficientBalance")]
    [InlineData("WalletStatusSet", "wallet carol FROZEN")]
    [InlineData("LotExpired", "alice -> system:breakage  3.00 POINTS")]
    [InlineData("EpochStarted", "epoch 2")]
    public void Lines_say_what_happened(string kind, string what)
    {
        var lines = ToolRun.Ok("journal", "dump", story.Rig.Data).Lines;

        Assert.Contains(lines, line => line.Contains($"  {kind} ", StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal));
    }

    [Fact]
    public void Balances_after_each_posting_follow_from_the_amounts_and_sum_to_zero()
    {
        Dictionary<(string Wallet, string Column), Int128> balances = [];
        foreach (var posting in Postings())
        {
            var amount = Units(posting, "amount");
            foreach (var (side, sign) in new[] { ("debit", -1), ("credit", 1) })
            {
                var entry = posting.GetProperty(side);
                var account = (Text(entry, "wallet"), Text(entry, "column"));
                balances[account] = balances.GetValueOrDefault(account) + (sign * amount);
                Assert.Equal(balances[account], Units(entry, "after"));
            }
        }

        Assert.Equal(0, balances.Values.Aggregate(Int128.Zero, (sum, balance) => sum + balance));
        Assert.True(balances.Count > 6);
    }

    [Fact]
    public void Public_ids_in_json_are_those_of_the_tenant()
    {
        Assert.All(Postings().SelectMany(posting => new[] { posting.GetProperty("debit"), posting.GetProperty("credit") }), side =>
        {
            foreach (var (name, kind) in new[] { ("wallet", IdKind.Wallet), ("lot", IdKind.Lot), ("entry", IdKind.Entry) })
            {
                Assert.True(story.Rig.Ids.TryParse(kind, Text(side, name), out var number));
                Assert.Equal(Text(side, name + "Number"), number.ToString());
            }
        });
    }

    [Fact]
    public void Json_holds_key_texts_and_body_and_no_secret()
    {
        var run = ToolRun.Ok("journal", "dump", story.Rig.Data, "--json");
        var credit = run.Objects.First(fact => Text(fact, "kind") == "Credited");
        var texts = credit.GetProperty("parts")[0].GetProperty("texts");

        Assert.Equal(11.ToString("x32"), Text(credit, "keyHash"));
        Assert.Equal("order-1", Text(texts, "reference"));
        Assert.Equal("täst", texts.GetProperty("metadata").GetProperty("from").GetString());
        Assert.StartsWith("crd_", Text(credit.GetProperty("parts")[0], "operation"));
        Assert.DoesNotContain(DataRig.IdKey.ToString("x32"), run.Out, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(DataRig.HashKey.ToString(), run.Out, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_wallet_is_found_by_external_id_and_by_public_id()
    {
        var byName = ToolRun.Ok("journal", "dump", story.Rig.Data, "--wallet", "carol");
        var byId = ToolRun.Ok("journal", "dump", story.Rig.Data, "--wallet", story.Rig.IdOf("carol"));

        Assert.Equal(byName.Out, byId.Out);
        Assert.Equal(5, byName.Lines.Length); // made, given 1.00, given 3.00 with the rest going back, frozen
        Assert.All(byName.Lines, line => Assert.DoesNotContain("alice", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_range_and_a_limit_bound_what_is_shown()
    {
        ulong[] Shown(params string[] options) => [.. ToolRun.Ok(["journal", "dump", story.Rig.Data, "--json", .. options]).Objects.Select(fact => fact.GetProperty("sequence").GetUInt64())];

        Assert.Equal([4UL, 5, 6], Shown("--from-sequence", "4", "--to-sequence", "6"));
        Assert.Equal([4UL, 5], Shown("--from-sequence", "4", "--limit", "2"));
        Assert.Equal([story.LastSequence], Shown("--from-sequence", story.LastSequence.ToString()));
    }

    [Fact]
    public void A_wallet_that_nobody_made_is_not_found()
    {
        var run = ToolRun.Of("journal", "dump", story.Rig.Data, "--wallet", "mallory");

        Assert.Equal(66, run.Code);
        Assert.Contains("mallory", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static Int128 Units(JsonElement element, string name) => Int128.Parse(Text(element, name));

    private IEnumerable<JsonElement> Postings() =>
        ToolRun.Ok("journal", "dump", story.Rig.ShardDirectory, "--json").Objects
            .SelectMany(fact => fact.GetProperty("parts").EnumerateArray())
            .SelectMany(part => part.GetProperty("postings").EnumerateArray());
}
