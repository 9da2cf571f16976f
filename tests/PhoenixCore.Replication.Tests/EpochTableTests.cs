using PhoenixCore.Replication.State;

namespace PhoenixCore.Replication.Tests;

public sealed class EpochTableTests
{
    [Fact]
    public void The_end_of_an_epoch_is_in_front_of_the_next_or_the_journal_s_end()
    {
        var table = Table((1, 1), (3, 11), (4, 21));
        Assert.Equal((10UL, 20UL, 25UL), (table.EndOf(1, 25), table.EndOf(3, 25), table.EndOf(4, 25)));
        Assert.Null(table.EndOf(2, 25));
        Assert.Null(table.EndOf(4, 20)); // its first record was never written
        Assert.False(table.Note(4, 30));
        Assert.True(table.Note(6, 26));
        Assert.True(table.CutBehind(25));
        Assert.Equal(4UL, table.Last);
    }

    [Fact]
    public void Copies_agree_up_to_where_the_shorter_one_of_their_newest_common_epoch_ends()
    {
        // The deposed leader of epoch 2 has a tail behind 14 that nobody else has; the new leader began epoch 3 there.
        var (deposed, leader) = (Table((1, 1), (2, 11)), Table((1, 1), (2, 11), (3, 15)));
        Assert.Equal(14UL, EpochTable.Agreement(deposed, 18, leader, 40));
        Assert.Equal(13UL, EpochTable.Agreement(Table((1, 1), (2, 11)), 13, leader, 40)); // a follower that is merely behind
        Assert.Equal(10UL, EpochTable.Agreement(Table((1, 1), (4, 11)), 30, leader, 40)); // it led an epoch that nobody knows
        Assert.Equal(0UL, EpochTable.Agreement(Table((9, 1)), 30, leader, 40));
        Assert.Equal(0UL, EpochTable.Agreement(Table(), 0, leader, 40));
    }

    [Fact]
    public void Only_the_newest_epochs_are_remembered()
    {
        var table = Table();
        for (var epoch = 1UL; epoch <= EpochTable.KeptMax + 5; epoch++) table.Note(epoch, epoch * 10);
        Assert.Equal(EpochTable.KeptMax, table.Starts.Count);
        Assert.Equal(6UL, table.Starts[0].Epoch);
    }

    private static EpochTable Table(params (ulong Epoch, ulong First)[] starts) => new(starts.Select(start => new EpochStart(start.Epoch, start.First)));
}
