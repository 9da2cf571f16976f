using Xunit.Abstractions;

namespace PhoenixCore.Tools.Tests;

/// <summary>Single bits, flipped at random places of journal and snapshots: verify finds every one and says where.</summary>
public sealed class FlippedBitTests(ITestOutputHelper output) : IDisposable
{
    private const int GroupBytesLimit = 2 << 20;
    private const int PieceBytes = 1 << 20;
    private const int HeaderBytes = 64;
    private readonly Story _story = new();

    public void Dispose() => _story.Dispose();

    [Fact]
    public async Task Every_flipped_bit_is_found_and_named()
    {
        _story.Rig.Open();
        await _story.Rig.Shard.Snapshots.TakeAsync();
        _story.Rig.Transfer("alice", "bob", 1);
        _story.Rig.Close();
        Assert.Empty(ToolRun.Ok("journal", "verify", _story.Rig.Data, "--json").Object.GetProperty("strays").EnumerateArray());
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var files = Directory.GetFiles(_story.Rig.ShardDirectory).Where(file => file.EndsWith(".segment", StringComparison.Ordinal) || file.EndsWith(".snapshot", StringComparison.Ordinal)).Order().ToArray();
        Assert.True(files.Length >= 3);
        var (damage, strays) = (0, 0);
        var rounds = TestSize.Scale(60, 10_000);
        for (var round = 0; round < rounds; round++)
        {
            var file = files[random.Next(files.Length)];
            var length = new FileInfo(file).Length;
            // Most of a young journal is zeros that were prepared: half of the flips go where something stands.
            var at = round % 2 == 0 ? random.NextInt64(length) : random.NextInt64(Math.Min(length, 200_000));
            var mask = (byte)(1 << random.Next(8));
            Flip(file, at, mask);
            var run = ToolRun.Of("journal", "verify", _story.Rig.Data, "--json");
            Flip(file, at, mask);
            Assert.True(Names(run, file, at, ref damage, ref strays), $"seed {seed}, round {round}: bit {mask} of byte {at} in {Path.GetFileName(file)} of {length} bytes: {run.Code} {run.Out} {run.Error}");
        }

        output.WriteLine($"{rounds} flips, all found: {damage} as damage, {strays} as bytes behind the journal's end");
        ToolRun.Ok("journal", "verify", _story.Rig.Data);
    }

    /// <summary>Nothing was ever written behind it, so the journal is whole unless the header now claims another format; but the file is not what it was. A header is checked as one: its place is named, not the byte.</summary>
    [Fact]
    public void A_flipped_bit_in_the_header_of_a_prepared_segment_is_found_and_named()
    {
        var file = Directory.GetFiles(_story.Rig.ShardDirectory, "*.segment").Order().Last();
        var (damage, strays) = (0, 0);
        for (var at = 0; at < HeaderBytes; at += 3)
        {
            Flip(file, at, 16);
            var run = ToolRun.Of("journal", "verify", _story.Rig.Data, "--json");
            Flip(file, at, 16);
            Assert.True(Names(run, file, at, ref damage, ref strays), $"byte {at}: {run.Code} {run.Out} {run.Error}");
        }
    }

    private static bool Names(ToolRun run, string file, long at, ref int damage, ref int strays)
    {
        var found = run.Object;
        var name = Path.GetFileName(file);
        var isJournalDamaged = found.TryGetProperty("segment", out var segment);
        (damage, strays) = run.Code == 65 ? (damage + 1, strays) : (damage, strays + 1);
        if (isJournalDamaged && name.StartsWith(segment.GetInt64().ToString("D12"), StringComparison.Ordinal) && IsWithin(found, at, GroupBytesLimit)) return run.Code == 65;

        // Where the journal's own verdict is about another place, the list beside it names this one; as damage, unless it lies behind the journal's end.
        var named = found.GetProperty("strays").EnumerateArray().Where(stray => stray.GetProperty("file").GetString() == name).ToArray();
        return named.Length == 1 && IsWithin(named[0], at, isJournalDamaged ? GroupBytesLimit : !name.EndsWith(".segment", StringComparison.Ordinal) ? PieceBytes : at < HeaderBytes ? HeaderBytes : 1)
            && (isJournalDamaged || named[0].GetProperty("damage").GetBoolean() == (run.Code == 65));
    }

    private static bool IsWithin(System.Text.Json.JsonElement place, long at, int bytes) => place.GetProperty("offset").GetInt64() is var offset && offset <= at && at - offset < bytes;

    private static void Flip(string path, long at, byte mask)
    {
        using var file = File.Open(path, FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ mask));
    }
}
