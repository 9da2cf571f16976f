using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Model;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Simulation.Oracle;

/// <summary>A command that a client has sent, and what became of it as far as anybody can know.</summary>
internal sealed unsafe class SimCommand(ModelCommand asked, ShardCall call, IReadOnlyList<int> operationOf, string? readOf)
{
    private ReplyBlock _answered;

    /// <summary>Null = a read.</summary>
    public ModelCommand Asked { get; } = asked;

    public ShardCall Call { get; } = call;

    /// <summary>For each operation that a batch was translated to, the model's operation it came from.</summary>
    public IReadOnlyList<int> OperationOf { get; } = operationOf;

    /// <summary>The wallet that is read; null = not a read.</summary>
    public string? ReadOf { get; } = readOf;

    /// <summary>What was committed and answered to anybody before it was sent.</summary>
    public required ulong Floor { get; init; }

    public bool IsAnswered { get; private set; }

    public LedgerResult Result => Reply.Result;

    public OutcomeKind Kind => Reply.Kind;

    public ulong Sequence => Reply.Sequence;

    public ulong VisibleAfter => Reply.VisibleAfter;

    public long Stamp => Reply.Stamp;

    public int RefusedIndex => Reply.RefusedIndex;

    /// <summary>As it was answered; before that, as the writer has left it.</summary>
    private ReplyBlock Reply => IsAnswered ? _answered : *Call.Reply;

    /// <summary>The writer has decided it with a fact, answered or not.</summary>
    public bool HasFact => Kind == OutcomeKind.Fact && Sequence != 0;

    public void Answer() => (_answered, IsAnswered) = (*Call.Reply, true);
}
