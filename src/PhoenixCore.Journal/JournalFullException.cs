namespace PhoenixCore.Journal;

/// <summary>No prepared segment has room for the group. Nothing was written, the journal is not fenced, and the call may be repeated
/// when <see cref="Journal.ReadyBytes"/> has grown.</summary>
/// <remarks>A sequencer that looks at <see cref="Journal.ReadyBytes"/> before it takes a command never meets this.</remarks>
public sealed class JournalFullException(long neededBytes, long readyBytes)
    : IOException($"The group needs {neededBytes} bytes and prepared segments hold {readyBytes}.")
{
    public long NeededBytes { get; } = neededBytes;

    public long ReadyBytes { get; } = readyBytes;
}
