namespace PhoenixCore.Replication.Tests;

public sealed class QuorumTests
{
    [Theory]
    [InlineData(1, Durability.Local, 1, 1)]
    [InlineData(1, Durability.Quorum, 1, 1)]
    [InlineData(2, Durability.Local, 1, 2)]
    [InlineData(2, Durability.Quorum, 2, 1)]
    [InlineData(3, Durability.Quorum, 2, 2)]
    [InlineData(3, Durability.All, 3, 1)]
    [InlineData(5, Durability.Quorum, 3, 3)]
    [InlineData(7, Durability.Quorum, 4, 4)]
    public void A_fence_and_a_quorum_always_share_a_voter(int voters, Durability durability, int quorum, int fence)
    {
        Assert.Equal((quorum, fence), (Quorum.Size(voters, durability), Quorum.FenceSize(voters, quorum)));
        Assert.Equal(voters + 1, quorum + fence);
    }

    [Theory]
    [InlineData(1, new ulong[] { 7 }, 7)]
    [InlineData(2, new ulong[] { 7, 5 }, 5)]
    [InlineData(2, new ulong[] { 9, 0, 4 }, 4)]
    [InlineData(3, new ulong[] { 9, 0, 4 }, 0)]
    [InlineData(3, new ulong[] { 5, 9, 1, 8, 7 }, 7)]
    [InlineData(2, new ulong[] { 7 }, 0)]
    public void What_so_many_hold_is_the_so_manyeth_highest(int quorum, ulong[] durable, ulong held) => Assert.Equal(held, Quorum.HeldBy(quorum, durable));
}
