using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;

namespace PhoenixCore.Shard.Calls;

/// <summary>Many independent commands that are sent and answered together; native memory, reused.</summary>
/// <remarks>Fill <see cref="Add"/>'s commands, send, read <see cref="Reply"/>, clear. Texts and arguments that commands point to must stay until the answer.</remarks>
public sealed unsafe class ShardBatch : IDisposable
{
    /// <summary>Largest claim of ring slots.</summary>
    internal const int ChunkMax = 512;

    private readonly int _capacity;
    private Command* _commands;
    private ReplyBlock* _replies;

    /// <param name="capacity">Commands it can hold; the contract's largest message has 8,190.</param>
    public ShardBatch(LedgerShard shard, int capacity)
    {
        _capacity = capacity;
        _commands = (Command*)NativeMemory.AlignedAlloc((nuint)capacity * Command.SizeBytes, 64);
        _replies = (ReplyBlock*)NativeMemory.AlignedAlloc((nuint)capacity * ReplyBlock.SizeBytes, 64);
        Call = shard.Rent();
    }

    public int Count { get; private set; }

    /// <summary>Completes with the batch.</summary>
    public ShardCall Call { get; }

    /// <summary>Completes when all answers are durable; await it once per <see cref="LedgerShard.Send"/>.</summary>
    public ValueTask Answered => Call.Task;

    public Command* this[int index] => _commands + index;

    public ReplyBlock* Reply(int index) => _replies + index;

    /// <summary>The next command, cleared.</summary>
    public Command* Add()
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Count, _capacity);
        var command = _commands + Count;
        *command = default;
        var reply = _replies + Count;
        *reply = new ReplyBlock { Waiter = ReplyBlock.NoWaiter };
        command->Reply = reply;
        Count++;
        return command;
    }

    /// <summary>Completes when all answers of the published batch are durable; to be awaited once.</summary>
    public ValueTask AnsweredAsync() => Call.Task;

    public void Clear()
    {
        Count = 0;
        Call.Again();
    }

    public void Dispose()
    {
        Call.Return();
        NativeMemory.AlignedFree(_commands);
        NativeMemory.AlignedFree(_replies);
        _commands = null;
        _replies = null;
    }

    internal void CopyTo(CommandRing<Command> ring, long first, int from, int count)
    {
        _replies[Count - 1].Waiter = Call.Index; // the last one answers for all
        for (var i = 0; i < count; i++) *ring.Slot(first + i) = _commands[from + i];
    }
}
