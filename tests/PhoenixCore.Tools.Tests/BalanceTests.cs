using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Tests;

public class BalanceTests(Story story) : IClassFixture<Story>
{
    [Fact]
    public void A_balance_is_what_the_live_shard_said_last()
    {
        foreach (var live in story.Rig.History.GroupBy(entry => entry.Wallet).Select(group => group.Last()))
        {
            Same(live, ToolRun.Ok("balance", story.Rig.Data, live.Wallet, "--json").Object);
            Same(live, ToolRun.Ok("balance", story.Rig.ShardDirectory, story.Rig.IdOf(live.Wallet), "--tenant", "1", "--json").Object);
        }
    }

    [Fact]
    public void A_balance_at_any_sequence_is_what_the_live_shard_said_then()
    {
        Assert.True(story.Rig.History.Count > 30);
        foreach (var then in story.Rig.History) Same(then, ToolRun.Ok("balance", story.Rig.Data, then.Wallet, "--sequence", then.Sequence.ToString(), "--json").Object);
    }

    [Fact]
    public void A_balance_at_any_time_is_that_of_the_last_fact_stamped_by_then()
    {
        var times = ToolRun.Ok("journal", "dump", story.Rig.Data, "--json").Objects.ToDictionary(fact => fact.GetProperty("sequence").GetUInt64(), fact => fact.GetProperty("time").GetString()!);
        foreach (var then in story.Rig.History.Where(entry => entry.Wallet == "bob"))
        {
            if (times.TryGetValue(then.Sequence + 1, out var next) && next == times[then.Sequence]) continue; // a due expiry shares its command's stamp
            Same(then, ToolRun.Ok("balance", story.Rig.Data, "bob", "--at", times[then.Sequence], "--json").Object);
        }
    }

    [Fact]
    public void A_balance_of_the_past_is_searched_and_without_side_indexes_replayed_with_a_word()
    {
        using var rig = new DataRig();
        rig.Wallet("ann");
        rig.Wallet("ben");
        rig.Credit("ann", 1_000_00);
        for (var i = 0; i < 300; i++) Assert.Equal(LedgerResult.Accepted, rig.Transfer("ann", "ben", i + 1)); // more than a row of the index stands for
        rig.Reserve("ann", 5_00, TimeSpan.FromDays(2));
        rig.Close();
        rig.Open(); // seals the segment
        rig.AwaitIndex();
        Assert.Equal(LedgerResult.Accepted, rig.Transfer("ben", "ann", 7)); // behind the indexes
        rig.Close();
        foreach (var then in rig.History.Where((_, i) => i % 7 == 0 || i > rig.History.Count - 6))
        {
            Same(then, ToolRun.Ok("balance", rig.Data, then.Wallet, "--sequence", then.Sequence.ToString(), "--json").Object);
        }

        foreach (var index in Directory.GetFiles(rig.ShardDirectory, "*.index")) File.Delete(index);
        foreach (var then in rig.History.Where((_, i) => i % 97 == 0))
        {
            var found = ToolRun.Of("balance", rig.Data, rig.IdOf(then.Wallet), "--sequence", then.Sequence.ToString(), "--json");
            Assert.Equal(0, found.Code);
            Assert.Contains("replaying", found.Error, StringComparison.Ordinal);
            Same(then, found.Object);
        }
    }

    [Fact]
    public void Lots_and_open_reservations_add_up_to_the_balance()
    {
        var balance = ToolRun.Ok("balance", story.Rig.Data, "alice", "--json").Object.GetProperty("balances")[0];

        Assert.Equal(Units(balance, "available"), Sum(balance, "lots", "available"));
        Assert.Equal(Units(balance, "reserved"), Sum(balance, "lots", "reserved"));
        Assert.Equal(Units(balance, "reserved"), Sum(balance, "reservations", "amount"));
        var reservation = Assert.Single(balance.GetProperty("reservations").EnumerateArray());
        Assert.Equal(story.Rig.Ids.Format(IdKind.Reservation, story.OpenReservation), reservation.GetProperty("reservation").GetString());
        Assert.Equal(2, reservation.GetProperty("slices").GetArrayLength());
        Assert.Contains(balance.GetProperty("lots").EnumerateArray(), lot => lot.GetProperty("expired").GetBoolean());
    }

    [Theory]
    [InlineData(12, 0)]
    [InlineData(14, 2)]
    [InlineData(15, 1)]
    [InlineData(17, 0)]
    public void Reservations_are_open_from_the_fact_that_made_them_to_the_one_that_ended_them(int sequence, int open)
    {
        var balance = ToolRun.Ok("balance", story.Rig.Data, "bob", "--sequence", sequence.ToString(), "--lots", "--json").Object.GetProperty("balances")[0];

        Assert.Equal(open, balance.GetProperty("reservations").GetArrayLength());
        Assert.Equal(Units(balance, "reserved"), Sum(balance, "reservations", "amount"));
        Assert.Equal(open, ToolRun.Ok("balance", story.Rig.Data, "bob", "--sequence", sequence.ToString(), "--lots").Lines.Count(line => line.Contains("  rsv_", StringComparison.Ordinal)));
    }

    [Fact]
    public void Bounds_that_nobody_set_are_null()
    {
        var alice = ToolRun.Ok("balance", story.Rig.Data, "alice", "--json").Object.GetProperty("balances")[0];
        var bob = ToolRun.Ok("balance", story.Rig.Data, "bob", "--json").Object.GetProperty("balances")[0];

        Assert.Equal(JsonValueKind.Null, alice.GetProperty("ceiling").ValueKind);
        Assert.Equal(1_000_00, Units(bob, "ceiling"));
    }

    [Fact]
    public void Tables_show_balances_lots_and_reservations()
    {
        var run = ToolRun.Ok("balance", story.Rig.Data, "alice");

        Assert.Contains("alice  " + story.Rig.IdOf("alice"), run.Out, StringComparison.Ordinal);
        Assert.Contains("POINTS", run.Out, StringComparison.Ordinal);
        Assert.Contains("72.00", run.Out, StringComparison.Ordinal);
        Assert.Contains("70.00 of lot_", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_systems_wallets_can_be_asked_for()
    {
        var liability = ToolRun.Ok("balance", story.Rig.Data, "system:liability", "--json").Object;

        Assert.True(liability.GetProperty("system").GetBoolean());
        Assert.Equal(-115_00, Units(liability.GetProperty("balances")[0], "available"));
    }

    [Theory]
    [InlineData("has no wallet", "mallory")]
    [InlineData("has no wallet", "alice", "--sequence", "2")]
    [InlineData("has no wallet", "wal_00000000000000000000000000")]
    [InlineData("there is no tenant", "alice", "--tenant", "other")]
    [InlineData("there is no tenant", "alice", "--at", "2020-01-01")]
    [InlineData("there is no sequence", "alice", "--sequence", "100000")]
    public void What_is_not_there_is_named(string message, params string[] options)
    {
        var run = ToolRun.Of(["balance", story.Rig.Data, .. options]);

        Assert.Equal(66, run.Code);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }

    private static void Same(Recorded live, JsonElement shown)
    {
        var balances = shown.GetProperty("balances");
        if (balances.GetArrayLength() == 0)
        {
            Assert.Equal((Int128.Zero, Int128.Zero), (live.Available, live.Reserved));
            return;
        }

        Assert.Equal((live.Available, live.Reserved), (Units(balances[0], "available"), Units(balances[0], "reserved")));
    }

    private static Int128 Sum(JsonElement balance, string rows, string name) =>
        balance.GetProperty(rows).EnumerateArray().Aggregate(Int128.Zero, (sum, row) => sum + Units(row, name));

    private static Int128 Units(JsonElement element, string name) => Int128.Parse(element.GetProperty(name).GetString()!);
}
