using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>Merges neighbouring runs into one, a piece at a time. One thread.</summary>
internal sealed class KeyMerge : IDisposable
{
    private readonly List<KeyRunScan> _scans = [];
    private readonly ulong[] _hashes;
    private readonly KeyRunWriter _writer;
    private int _open;

    /// <param name="inputs">In the order of their sequences, without a gap.</param>
    public KeyMerge(IJournalStorage storage, Guid shard, IReadOnlyList<KeyRun> inputs)
    {
        Inputs = inputs;
        var span = new KeySpan(inputs[0].Span.First, inputs[^1].Span.Last, inputs[0].Span.FirstStampedAt, inputs[^1].Span.LastStampedAt);
        _writer = new KeyRunWriter(storage, shard, span, inputs.Sum(run => run.Keys));
        try
        {
            foreach (var run in inputs)
            {
                if (run.Keys != 0)
                    _scans.Add(new KeyRunScan(storage, run));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
        _open = _scans.Count;
        _hashes = new ulong[Math.Max(1, (_open + Vector256<ulong>.Count - 1) / Vector256<ulong>.Count) * Vector256<ulong>.Count];
        Array.Fill(_hashes, ulong.MaxValue);
        for (var i = 0; i < _open; i++)
            _hashes[i] = _scans[i].Row.Hash;
    }

    public IReadOnlyList<KeyRun> Inputs { get; }

    /// <summary>Does one piece of the work: close to 1 MiB.</summary>
    /// <param name="lastChecksum">The checksum of the last run's last record.</param>
    /// <returns>Null while there is more; then the merged run, durable.</returns>
    /// <exception cref="KeyRunDamagedException">An input is damaged.</exception>
    public KeyRun? Step(Func<uint> lastChecksum)
    {
        if (_open != 0)
        {
            for (var rows = 0; rows < KeyRunWriter.PieceRows && _open != 0; rows++)
                MoveOne();
            return null;
        }
        return _writer.WriteTables() ? null : _writer.Complete(lastChecksum());
    }

    public void Dispose()
    {
        foreach (var scan in _scans)
            scan.Dispose();
        _writer.Dispose();
    }

    /// <summary>Of equal hashes the older run's goes first, so that rows stay ordered by sequence too.</summary>
    private void MoveOne()
    {
        var next = Least();
        // A scan at its end stands at the largest hash; a row that has it goes before.
        if (_scans[next].IsAtEnd)
            next = _scans.FindIndex(scan => !scan.IsAtEnd);
        var from = _scans[next];
        _writer.Add(from.Row);
        from.MoveNext();
        _hashes[next] = from.IsAtEnd ? ulong.MaxValue : from.Row.Hash;
        if (from.IsAtEnd)
            _open--;
    }

    /// <summary>The first scan with the smallest hash, without a branch that depends on which one that is: no processor could guess it.</summary>
    private int Least()
    {
        var hashes = MemoryMarshal.Cast<ulong, Vector256<ulong>>(_hashes);
        var least = hashes[0];
        for (var i = 1; i < hashes.Length; i++)
            least = Vector256.Min(least, hashes[i]);
        least = Vector256.Min(least, Vector256.Shuffle(least, Vector256.Create(2UL, 3, 0, 1)));
        least = Vector256.Min(least, Vector256.Shuffle(least, Vector256.Create(1UL, 0, 3, 2)));
        for (var i = 0; ; i++)
        {
            var equal = Vector256.Equals(hashes[i], least).ExtractMostSignificantBits();
            if (equal != 0)
                return Math.Min((i * Vector256<ulong>.Count) + BitOperations.TrailingZeroCount(equal), _scans.Count - 1);
        }
    }
}
