namespace PhoenixCore.Journal;

/// <summary>The last durable sequence. The committer moves it; any thread reads it.</summary>
internal sealed class DurableEnd(ulong sequence)
{
    private ulong _sequence = sequence;

    public ulong Sequence
    {
        get => Volatile.Read(ref _sequence);
        set => Volatile.Write(ref _sequence, value);
    }
}
