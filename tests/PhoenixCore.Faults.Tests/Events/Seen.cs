using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>What one consumer was given over all lives of the server, each event by its sequence. What must not be is kept as a line, because consumers run in the background.</summary>
/// <param name="inOrder">True: each event that is new is the next one.</param>
internal sealed class Seen(string consumer, bool inOrder)
{
    private readonly ConcurrentDictionary<ulong, Given> _events = [];
    private readonly ConcurrentQueue<ulong> _unchecked = [];
    private long _last;
    private long _repeats;

    public string Consumer => consumer;

    /// <summary>Highest sequence given.</summary>
    public ulong Last => (ulong)Interlocked.Read(ref _last);

    public int Count => _events.Count;

    public long Repeats => Interlocked.Read(ref _repeats);

    public ConcurrentQueue<string> Wrong { get; } = [];

    public bool Has(ulong sequence) => _events.ContainsKey(sequence);

    /// <param name="bytes">Of the whole event.</param>
    public void Take(ulong sequence, string id, string transaction, ReadOnlySpan<byte> bytes)
    {
        var given = new Given(id, transaction, Convert.ToHexString(SHA256.HashData(bytes)));
        if (!_events.TryAdd(sequence, given))
        {
            Interlocked.Increment(ref _repeats);
            if (_events[sequence] != given) Wrong.Enqueue($"{consumer}: event {sequence} came again as another: {_events[sequence]}, then {given}");
            return;
        }

        if (inOrder && sequence != Last + 1) Wrong.Enqueue($"{consumer}: event {sequence} came after {Last}");
        _unchecked.Enqueue(sequence);
        for (var last = Interlocked.Read(ref _last); (long)sequence > last;)
        {
            var found = Interlocked.CompareExchange(ref _last, (long)sequence, last);
            if (found == last) break;
            last = found;
        }
    }

    /// <summary>What came since the last time it was asked.</summary>
    public IEnumerable<(ulong Sequence, Given Given)> TakeUnchecked()
    {
        while (_unchecked.TryDequeue(out var sequence)) yield return (sequence, _events[sequence]);
    }

    /// <summary>The sequences from 1 to a last one that never came.</summary>
    public IEnumerable<ulong> MissingTo(ulong last)
    {
        for (ulong sequence = 1; sequence <= last; sequence++)
        {
            if (!Has(sequence)) yield return sequence;
        }
    }

    public sealed record Given(string Id, string Transaction, string Hash);
}
