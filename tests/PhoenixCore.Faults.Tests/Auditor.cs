using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard;

namespace PhoenixCore.Faults.Tests;

/// <summary>Remembers everything that callers were told about one data directory, over any number of ends, and finds out what is not so.</summary>
internal sealed class Auditor(string directory, WriterKind writer)
{
    private const int ResentMax = 2_000;
    private readonly Books _books = new();
    private readonly Dictionary<UInt128, Operation> _known = [];
    private readonly Dictionary<UInt128, Answer> _told = [];
    private readonly Dictionary<UInt128, (ulong Sequence, ulong Hash)> _journaled = [];
    private readonly HashSet<UInt128> _absent = [];
    private readonly Random _random = new(TestSize.Seed);
    private ulong _booked;

    /// <summary>Acknowledged answers, each compared anew at every audit.</summary>
    public long AnswersCompared { get; private set; }

    /// <summary>Audits whose shard began with a snapshot.</summary>
    public int FromSnapshot { get; private set; }

    public int AnswersKnown => _told.Count;

    /// <summary>Sent operations that never got an answer, by what became of them.</summary>
    public (int Applied, int Absent) Unanswered { get; private set; }

    public void Hear(Transcript transcript)
    {
        foreach (var operation in transcript.Sent) _known.Add(operation.Key, operation);
        foreach (var (key, answer) in transcript.Answers)
        {
            if (!answer.IsUnsequenced) _told.Add(key, answer);
        }
    }

    /// <summary>Opens the directory and compares it with all that was said about it.</summary>
    public void Audit()
    {
        var faults = new List<ShardFault>();
        using var shard = LoadShard.Open(directory, LoadShard.Options(writer), faults.Add);
        if (shard.Shard.RecoveredFrom != null) FromSnapshot++;
        Assert.DoesNotContain(shard.Shard.Recovery.Notes, note => note.Contains("snapshot", StringComparison.OrdinalIgnoreCase));
        Audit(shard);
        Assert.Empty(faults);
    }

    /// <summary>As <see cref="Audit()"/>, on a shard that is open; nobody else may be sending.</summary>
    public void Audit(LoadShard shard)
    {
        var found = ReadJournal(shard.Shard);
        CompareAnswers(found);
        SettleUnanswered(shard, found);
        Book(found);
        SendAgain(shard);
        CompareBalances(shard);
        Assert.Null(shard.Shard.FindFault());
    }

    /// <summary>Every keyed fact; the same key twice is an operation applied twice.</summary>
    private static Dictionary<UInt128, (ulong Sequence, ulong Hash, LedgerResult Result)> ReadJournal(LedgerShard shard)
    {
        var found = new Dictionary<UInt128, (ulong, ulong, LedgerResult)>();
        using var cursor = shard.History.OpenCursor(1);
        while (cursor.MoveNext())
        {
            if (KeyOf(cursor.Payload, out var result) is not { } key) continue;
            Assert.True(found.TryAdd(key, (cursor.Header.Sequence, LoadShard.HashOf(cursor.Payload), result)), $"sequence {cursor.Header.Sequence} applies a key for the second time");
        }

        return found;
    }

    private static unsafe UInt128? KeyOf(ReadOnlySpan<byte> payload, out LedgerResult result)
    {
        fixed (byte* fact = payload)
        {
            var header = (FactHeader*)fact;
            var part = new FactParts(fact).First;
            result = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Result : LedgerResult.Accepted;
            return (header->Flags & FactHeader.Keyed) != 0 ? new UInt128(header->KeyHi, header->KeyLo) : null;
        }
    }

    private void CompareAnswers(Dictionary<UInt128, (ulong Sequence, ulong Hash, LedgerResult Result)> found)
    {
        foreach (var (key, answer) in _told)
        {
            Assert.True(found.TryGetValue(key, out var fact), $"lost: {_known[key]} was answered {answer}");
            Assert.Equal((answer.Result, answer.Sequence, answer.FactHash), (fact.Result, fact.Sequence, fact.Hash));
            AnswersCompared++;
        }

        foreach (var key in found.Keys)
        {
            Assert.True(_known.ContainsKey(key), $"the journal holds a key that nobody sent, at sequence {found[key].Sequence}");
            Assert.False(_absent.Contains(key), $"an operation that was absent after an earlier start is there now: {_known[key]}");
        }

        foreach (var (key, before) in _journaled) Assert.Equal(before, (found[key].Sequence, found[key].Hash));
    }

    /// <summary>Asks what became of operations without an answer. Of the absent ones every second is sent again, the others must stay absent for ever.</summary>
    private void SettleUnanswered(LoadShard shard, Dictionary<UInt128, (ulong Sequence, ulong Hash, LedgerResult Result)> found)
    {
        var (applied, absent) = Unanswered;
        foreach (var (key, operation) in _known.Where(pair => !_told.ContainsKey(pair.Key) && !_absent.Contains(pair.Key)).ToList())
        {
            var status = shard.AskAsync(operation).GetAwaiter().GetResult();
            if (found.TryGetValue(key, out var fact))
            {
                applied++;
                Assert.Equal((fact.Result, fact.Sequence, fact.Hash), (status.Result, status.Sequence, status.FactHash));
                _told.Add(key, status);
                continue;
            }

            absent++;
            Assert.Equal(LedgerResult.KeyUnknown, status.Result);
            if (_random.Next(2) == 0)
            {
                _absent.Add(key);
                continue;
            }

            var answer = shard.Send(operation);
            Assert.False(answer.Duplicate);
            _told.Add(key, answer);
            found.Add(key, (answer.Sequence, answer.FactHash, answer.Result));
        }

        Unanswered = (applied, absent);
    }

    private void Book(Dictionary<UInt128, (ulong Sequence, ulong Hash, LedgerResult Result)> found)
    {
        foreach (var (key, fact) in found.Where(pair => pair.Value.Sequence > _booked).OrderBy(pair => pair.Value.Sequence))
        {
            var expected = _books.Apply(_known[key], fact.Sequence);
            Assert.True(expected == fact.Result, $"{_known[key]} at sequence {fact.Sequence} is {fact.Result} and has to be {expected}");
            _booked = fact.Sequence;
            _journaled[key] = (fact.Sequence, fact.Hash);
        }

        Assert.Equal(_told.Count, _journaled.Count);
    }

    /// <summary>The same key again, for the newest answers and as many others: the same result, the same fact.</summary>
    private void SendAgain(LoadShard shard)
    {
        if (_told.Count == 0) return;
        var newest = _told.OrderByDescending(pair => pair.Value.Sequence).Take(ResentMax / 2).Select(pair => pair.Key);
        var keys = newest.Concat(_random.GetItems(_told.Keys.ToArray(), Math.Min(_told.Count, ResentMax / 2))).ToArray();
        var answers = Task.WhenAll(keys.Select(key => shard.SendAsync(_known[key]))).GetAwaiter().GetResult();
        foreach (var (key, answer) in keys.Zip(answers))
        {
            var told = _told[key];
            Assert.Equal((true, told.Result, told.Sequence, told.FactHash), (answer.Duplicate, answer.Result, answer.Sequence, answer.FactHash));
        }
    }

    private void CompareBalances(LoadShard shard)
    {
        for (var wallet = 0; wallet < LoadShard.Wallets; wallet++)
        {
            Assert.Equal(_books[wallet], shard.Read(wallet));
        }
    }
}
