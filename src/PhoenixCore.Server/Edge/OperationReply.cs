using System.Buffers;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>A durable answer, ready to be rendered: the result and the fact (or the rows of a read) behind it. Dispose it after rendering.</summary>
public readonly struct OperationReply : IDisposable
{
    private readonly ShardCall _call;
    private readonly ArrayBufferWriter<byte>? _fact;

    internal OperationReply(ShardCall call, ArrayBufferWriter<byte>? fact, FactContext context, LedgerResult result, int refusedIndex, bool duplicate, string? explanation = null)
    {
        Explanation = explanation;
        _call = call;
        _fact = fact;
        Context = context;
        Result = result;
        RefusedIndex = refusedIndex;
        IsDuplicate = duplicate;
    }

    public LedgerResult Result { get; }

    /// <summary>For people: what is wrong with the request, where the edge found it.</summary>
    public string? Explanation { get; }

    /// <summary>The operation of a batch that was refused; −1 = the command itself.</summary>
    public int RefusedIndex { get; }

    /// <summary>The answer is that of an earlier command with the same key.</summary>
    public bool IsDuplicate { get; }

    /// <summary>Sequence and time of the fact; for a read: of what it saw.</summary>
    public FactContext Context { get; }

    /// <summary>The fact's payload (accepted commands and remembered refusals), or the rows of a read. Valid until disposed.</summary>
    public ReadOnlySpan<byte> Payload => _fact != null ? _fact.WrittenSpan : LongAnswer.Of(_call);

    public void Dispose() => _call.Return();

    /// <summary>How the answer itself came about.</summary>
    internal static unsafe OutcomeKind KindOf(ShardCall call) => call.Reply->Kind;
}
