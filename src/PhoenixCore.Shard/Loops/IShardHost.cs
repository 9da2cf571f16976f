using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Loops;

/// <summary>Who drives a shard's machines: threads in production, an event queue in the simulation.</summary>
internal interface IShardHost
{
    IWaitStrategy SequencerWait { get; }

    IWaitStrategy CommitterWait { get; }

    IWaitStrategy AnsweringWait { get; }

    IWaitStrategy SnapshotWait { get; }

    /// <summary>Bytes that sequencer and committer have allocated on the garbage-collected heap.</summary>
    long LoopAllocations { get; }

    /// <param name="onFault">Told once, when a machine threw: none is stepped any more.</param>
    void Start(ShardMachines machines, Action<ShardFault> onFault);

    /// <summary>Returns when one of the two has completed.</summary>
    void Await(Task answered, Task fault);

    /// <summary>Gives up a snapshot under way; the rest goes on.</summary>
    void StopSnapshots();

    /// <summary>Finishes what was published, makes it durable, answers it, ends. Producers and snapshots must have stopped.</summary>
    void Stop();
}
