using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Tools.Tests;

/// <summary>Snapshots and replays, by the tool, on a directory at rest.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly Story _story = new();
    private readonly SnapshotInfo _taken;
    private readonly UInt128 _last;

    public SnapshotTests()
    {
        _story.Rig.Open();
        _taken = _story.Rig.Shard.Snapshots.TakeAsync().GetAwaiter().GetResult();
        _story.Rig.Transfer("alice", "bob", 1_00);
        _last = _story.Rig.Shard.Digest();
        _story.Rig.Close();
    }

    private string Data => _story.Rig.Data;

    public void Dispose() => _story.Dispose();

    [Fact]
    public void Ls_and_verify_show_what_is_there()
    {
        var listed = ToolRun.Ok("snapshot", "ls", Data, "--output", "json").Object;
        Assert.Equal((_taken.Name, _taken.Sequence), (listed.GetProperty("id").GetString(), listed.GetProperty("sequence").GetUInt64()));
        Assert.Equal(_taken.Digest.ToString("x32"), ToolRun.Ok("snapshot", "verify", Data, "--json").Object.GetProperty("digest").GetString());
        Assert.Contains(_taken.Name, ToolRun.Ok("snapshot", "verify", Data).Out, StringComparison.Ordinal);
        Assert.Equal(66, ToolRun.Of("snapshot", "verify", Data, "--name", "nothing").Code);

        var file = Path.Combine(_story.Rig.ShardDirectory, _taken.Name);
        var bytes = File.ReadAllBytes(file);
        bytes[9_000] ^= 1;
        File.WriteAllBytes(file, bytes);
        var damaged = ToolRun.Of("snapshot", "verify", Data, "--json");
        Assert.Equal(65, damaged.Code);
        Assert.Contains("case c", damaged.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_has_the_digest_of_live_state_with_a_snapshot_and_without()
    {
        var with = ToolRun.Ok("replay", Data, "--digest", "--json").Object;
        var without = ToolRun.Ok("replay", Data, "--digest", "--from-start", "--json").Object;
        Assert.Equal(_last.ToString("x32"), with.GetProperty("digest").GetString());
        Assert.Equal(_last.ToString("x32"), without.GetProperty("digest").GetString());
        Assert.Equal((_taken.Name, null), (with.GetProperty("snapshot").GetString(), without.GetProperty("snapshot").GetString()));
        Assert.True(with.GetProperty("facts").GetInt64() < without.GetProperty("facts").GetInt64());

        var there = ToolRun.Ok("replay", Data, "--to-sequence", $"{_taken.Sequence}", "--digest", "--json").Object;
        Assert.Equal(_taken.Digest.ToString("x32"), there.GetProperty("digest").GetString());
        var before = ToolRun.Ok("replay", Data, "--to-sequence", $"{_story.LastSequence}", "--digest", "--json").Object;
        Assert.Equal((_story.Digest.ToString("x32"), null), (before.GetProperty("digest").GetString(), before.GetProperty("snapshot").GetString()));
        Assert.Equal(66, ToolRun.Of("replay", Data, "--to-sequence", "999999").Code);
        Assert.Equal(66, ToolRun.Of("replay", Data, "--to-time", "1971-01-01T00:00:00Z").Code);
        Assert.Equal(64, ToolRun.Of("replay", Data, "--to-time", "soon").Code);
        Assert.Contains("verdict", ToolRun.Ok("replay", Data).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_makes_a_directory_that_goes_on_and_touches_no_other()
    {
        var into = Path.Combine(Data, "..", Path.GetFileName(Data) + "-restored");
        try
        {
            var restored = ToolRun.Ok("snapshot", "restore", Data, "--into", into, "--to-sequence", $"{_taken.Sequence}", "--json").Object;
            Assert.Equal((_taken.Sequence, _taken.Name), (restored.GetProperty("sequence").GetUInt64(), restored.GetProperty("snapshot").GetString()));
            var there = ToolRun.Ok("replay", into, "--digest", "--json").Object;
            Assert.Equal((_taken.Digest.ToString("x32"), _taken.Sequence), (there.GetProperty("digest").GetString(), there.GetProperty("sequence").GetUInt64()));
            Assert.Equal(64, ToolRun.Of("snapshot", "restore", Data, "--into", into).Code);
        }
        finally
        {
            Directory.Delete(into, recursive: true);
        }
    }

    [Fact]
    public void A_directory_that_is_open_is_refused()
    {
        _story.Rig.Open();
        Assert.Equal(73, ToolRun.Of("replay", Data).Code);
        Assert.Equal(73, ToolRun.Of("snapshot", "verify", Data).Code);
        Assert.Equal(73, ToolRun.Of("snapshot", "restore", Data, "--into", Data + "-copy").Code);
        _story.Rig.Close();
    }
}
