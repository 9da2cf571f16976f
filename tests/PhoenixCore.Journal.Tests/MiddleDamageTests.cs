using PhoenixCore.Journal.Simulation;

namespace PhoenixCore.Journal.Tests;

/// <summary>A closed journal of several segments is damaged in one seeded way; recovery must show every record or refuse with a place.</summary>
public class MiddleDamageTests
{
    private const int SectorBytes = 512;

    private static readonly bool IsNightly = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly";

    /// <summary>A million ways, always the same, in the nightly size; otherwise twenty thousand, others in every run.</summary>
    private static readonly int Cases = IsNightly ? 1_000_000 : 20_000;
    private static readonly int FirstSeed = IsNightly ? 0 : Random.Shared.Next(int.MaxValue - Cases);

    [Fact]
    public void Damage_in_the_middle_is_refused_with_its_place_or_changes_nothing()
    {
        var journal = Written(seed: 0, out var last);
        var other = Written(seed: 5, out _, Guid.NewGuid());
        var refused = 0;
        for (var seed = FirstSeed; seed < FirstSeed + Cases; seed++)
        {
            var random = new Random(seed);
            var undo = Damage(journal, other, random, out var what);
            try
            {
                var visitor = new CheckingVisitor();
                var report = Journal.Inspect(journal, TestJournal.Small(), visitor);
                Assert.True(report.LastSequence == last && visitor.LastSequence == last, $"seed {seed}, {what}: {last} records were durable, {report.LastSequence} came back");
            }
            catch (JournalDamagedException stopped)
            {
                refused++;
                Assert.True(stopped.Segment != 0 && stopped.Sequence <= last + 1 && stopped.Offset % 4096 == 0, $"seed {seed}, {what}: {stopped.Message}");
            }
            catch (InvalidDataException wrong)
            {
                Assert.Fail($"seed {seed}, {what}: {wrong.Message}");
            }
            undo();
        }
        Assert.True(refused > Cases / 2, $"only {refused} of {Cases} were refused: the damage is too mild to mean anything");
    }

    /// <summary>A refusal must not write: what an operator needs to repair is still there.</summary>
    [Fact]
    public void A_refused_opening_changes_no_file()
    {
        var journal = Written(seed: 0, out _);
        var other = Written(seed: 5, out _, Guid.NewGuid());
        for (var seed = 0; seed < 500; seed++)
        {
            var undo = Damage(journal, other, new Random(seed), out _);
            var copy = journal.Copy();
            if (Record.Exception(() => Journal.Inspect(journal, TestJournal.Small())) is JournalDamagedException)
            {
                Assert.Throws<JournalDamagedException>(() => Journal.Open(copy, TestJournal.Small()));
                foreach (var name in journal.List())
                    Assert.True(journal.Raw(name).SequenceEqual(copy.Raw(name)), $"seed {seed}: {name} changed");
            }
            undo();
        }
    }

    private static Action Damage(SimulatedStorage journal, SimulatedStorage other, Random random, out string what)
    {
        var names = journal.List().Where(name => name.EndsWith(".segment", StringComparison.Ordinal)).ToList();
        var name = names[random.Next(names.Count)];
        var source = names[random.Next(names.Count)];
        var (before, sourceBefore) = (journal.Raw(name).ToArray(), journal.Raw(source).ToArray());
        var unit = random.Next(2) == 0 ? SectorBytes : 4096;
        var (to, from) = (Place(before.Length, unit, random), Place(journal.Raw(source).Length, unit, random));
        var count = Math.Min(unit * random.Next(1, 6), Math.Min(before.Length - to, journal.Raw(source).Length - from));
        var bytes = journal.Raw(name);
        switch (random.Next(8))
        {
            case 0:
                var bit = random.Next(before.Length * 8);
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                what = $"bit {bit} of {name} flipped";
                break;
            case 1:
                bytes.Slice(to, count).Clear();
                what = $"{count} bytes at {to} of {name} zeroed";
                break;
            case 2:
                journal.Raw(source).Slice(from, count).ToArray().CopyTo(bytes[to..]);
                what = $"{count} bytes from {from} of {source} written to {to} of {name}";
                break;
            case 3:
                Swap(bytes.Slice(to, count), journal.Raw(source).Slice(from, count));
                what = $"{count} bytes at {to} of {name} and {from} of {source} swapped";
                break;
            case 4:
                bytes[(to + count)..].ToArray().CopyTo(bytes[to..]);
                what = $"{count} bytes at {to} of {name} dropped";
                break;
            case 5:
                other.Raw(other.List().First(file => file.EndsWith(".segment", StringComparison.Ordinal))).Slice(from % 20_000, Math.Min(count, 8_000)).CopyTo(bytes[to..]);
                what = $"another shard's bytes at {to} of {name}";
                break;
            case 6:
                journal.SetLength(name, to);
                what = $"{name} cut at {to}";
                break;
            default:
                journal.Remove(name);
                what = $"{name} removed";
                break;
        }
        return () =>
        {
            journal.Put(source, sourceBefore);
            journal.Put(name, before);
        };
    }

    private static int Place(int length, int unit, Random random) => random.Next(Math.Max(1, length / unit)) * unit;

    private static void Swap(Span<byte> a, Span<byte> b)
    {
        var kept = a.ToArray();
        b.CopyTo(a);
        kept.CopyTo(b);
    }

    private static SimulatedStorage Written(int seed, out ulong last, Guid? shard = null)
    {
        var storage = new SimulatedStorage();
        using var journal = Journal.Open(storage, TestJournal.Small(shard: shard));
        var random = new Random(seed);
        for (var group = 0; group < 22; group++)
        {
            TestJournal.Commit(journal, random.Next(1, 50));
            journal.RunMaintenance();
        }
        last = journal.LastSequence;
        return storage;
    }
}
