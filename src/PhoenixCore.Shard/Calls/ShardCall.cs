using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Tasks.Sources;
using PhoenixCore.Ledger;

namespace PhoenixCore.Shard.Calls;

/// <summary>One command in flight and the place of its answer: rent it from the shard, fill <see cref="Command"/>, execute, read, return it.</summary>
/// <remarks>Pooled with its native memory, so a call allocates nothing. Used by one caller at a time. When waiting is given up the call is not
/// returned to the pool before its answer has come: the sequencer may still write into it. Its memory goes when the shard that it belongs to is collected.</remarks>
public sealed unsafe class ShardCall : IValueTaskSource
{
    /// <summary>Room for a fact of one operation with its texts; longer ones are read from the journal.</summary>
    private const int AnswerBytes = 1_024;
    private const int FirstBlockBytes = 8_192;

    private readonly CallPool _pool;
    private ManualResetValueTaskSourceCore<bool> _source;
    private byte* _memory;
    private byte* _kept;
    private int _keptUsed;
    private List<nint>? _more;

    internal ShardCall(CallPool pool, int index)
    {
        _pool = pool;
        Index = index;
        _memory = (byte*)NativeMemory.AlignedAlloc(Ledger.Command.SizeBytes + ReplyBlock.SizeBytes + AnswerBytes, 64);
        Reset();
    }

    ~ShardCall()
    {
        Free();
        NativeMemory.AlignedFree(_kept);
        NativeMemory.AlignedFree(_memory);
    }

    public Command* Command => (Command*)_memory;

    public ReplyBlock* Reply => (ReplyBlock*)(_memory + Ledger.Command.SizeBytes);

    /// <summary>The fact's payload or the read's rows, when they fitted (<see cref="Answered"/>).</summary>
    public byte* Answer => _memory + Ledger.Command.SizeBytes + ReplyBlock.SizeBytes;

    public ReadOnlySpan<byte> Answered => new(Answer, Math.Min(Reply->Bytes, AnswerBytes));

    /// <summary>True when the answer's bytes did not fit: read the fact at Reply->Sequence from the journal.</summary>
    public bool IsLong => Reply->Bytes > AnswerBytes;

    /// <summary>Native memory for a command's long parts; it stays until the call is returned.</summary>
    public void* Keep(int bytes)
    {
        bytes = (bytes + 15) & ~15;
        if (_keptUsed + bytes <= FirstBlockBytes)
        {
            if (_kept == null) _kept = (byte*)NativeMemory.AlignedAlloc(FirstBlockBytes, 16);
            var place = _kept + _keptUsed;
            _keptUsed += bytes;
            return place;
        }

        var block = NativeMemory.AlignedAlloc((nuint)bytes, 16);
        (_more ??= []).Add((nint)block);
        return block;
    }

    internal int Index { get; }

    internal ValueTask Task => new(this, _source.Version);

    public void Return() => _pool.Return(this);

    internal void Reset()
    {
        Unsafe.InitBlock(_memory, 0, Ledger.Command.SizeBytes + ReplyBlock.SizeBytes);
        Reply->Waiter = Index;
        Reply->Room = AnswerBytes;
        Command->Reply = Reply;
        _keptUsed = 0;
        Free();
        _source.Reset();
    }

    /// <summary>Makes the call ready to be sent once more, with its command as it is.</summary>
    internal void Again() => _source.Reset();

    internal void Complete() => _source.SetResult(true);

    /// <summary>Whoever waits goes on on the pool, together with others of the same group; else on the thread that answers.</summary>
    internal bool IsAnsweredOnPool { get; set; }

    private void Free()
    {
        if (_more is not { Count: > 0 }) return;
        foreach (var block in _more) NativeMemory.AlignedFree((void*)block);
        _more.Clear();
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
