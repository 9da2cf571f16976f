using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Replication.State;

namespace PhoenixCore.Replication.Tests;

public sealed unsafe class ReplicaFileTests
{
    [Fact]
    public void All_of_it_comes_back()
    {
        var storage = new SimulatedStorage();
        var file = ReplicaFile.Open(storage);
        var members = new MemberList([Guid.NewGuid(), Guid.NewGuid()], true, 77);
        file.Save(file.State with { Promised = 3, PromisedTo = Guid.NewGuid(), LeaderAddress = "http://ünter:1", Committed = 99, Members = members, MembersBefore = members with { Sequence = 5 }, Epochs = [new(1, 1), new(3, 50)] });
        var (one, other) = (file.State, ReplicaFile.Open(storage).State);
        Assert.Equal(one.Write(), other.Write());
        Assert.Equal((one.LeaderAddress, 99UL, 77UL), (other.LeaderAddress, other.Committed, other.Members.Sequence));
        Assert.Throws<InvalidOperationException>(() => file.Save(one with { Promised = 2 }));
    }

    [Fact]
    public void A_torn_slot_leaves_the_state_before_and_two_damaged_ones_are_no_new_copy()
    {
        var storage = new SimulatedStorage();
        var file = ReplicaFile.Open(storage);
        file.Save(file.State with { Promised = 5 });
        file.Save(file.State with { Promised = 6 });
        Flip(storage, slot: 1); // the third state, of an odd generation
        Assert.Equal(5UL, ReplicaFile.Open(storage).State.Promised);
        Flip(storage, slot: 0);
        Assert.Throws<InvalidDataException>(() => ReplicaFile.Open(storage));
    }

    private static void Flip(SimulatedStorage storage, int slot)
    {
        using var file = storage.Open(ReplicaFile.Name, JournalFileMode.ReadWrite);
        byte one;
        Assert.Equal(1, file.Read((slot * (32 << 10)) + 40, &one, 1));
        one ^= 4;
        file.Write((slot * (32 << 10)) + 40, &one, 1);
        file.Sync();
    }
}
