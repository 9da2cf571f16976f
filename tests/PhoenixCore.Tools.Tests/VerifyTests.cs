using System.Security.Cryptography;

namespace PhoenixCore.Tools.Tests;

public sealed class VerifyTests : IDisposable
{
    private const long FirstGroup = 4_096;
    private const long InRecord = 160 + 40 + 4; // behind the group's header and the record's
    private readonly Story _story = new();

    public void Dispose() => _story.Dispose();

    [Fact]
    public void A_sound_journal_verifies_with_the_digest_of_the_live_state()
    {
        var result = ToolRun.Ok("journal", "verify", _story.Rig.Data, "--json").Object;

        Assert.True(result.GetProperty("ok").GetBoolean());
        Assert.Equal("B", result.GetProperty("case").GetString());
        Assert.Equal(_story.Digest.ToString("x32"), result.GetProperty("digest").GetString());
        Assert.Equal(_story.LastSequence, result.GetProperty("lastSequence").GetUInt64());
        Assert.Equal(_story.LastSequence, result.GetProperty("facts").GetUInt64());
        Assert.Equal(2, result.GetProperty("epochs").GetArrayLength());
        Assert.Equal(_story.Rig.ShardId.ToString(), result.GetProperty("shard").GetString());
    }

    [Fact]
    public void The_table_ends_with_the_verdict()
    {
        var run = ToolRun.Ok("journal", "verify", _story.Rig.ShardDirectory);

        Assert.Contains(_story.Digest.ToString("x32"), run.Out, StringComparison.Ordinal);
        Assert.Matches(@"verdict\s+ok\s*$", run.Out);
    }

    [Fact]
    public void Verifying_changes_no_file()
    {
        var before = Fingerprint();
        ToolRun.Ok("journal", "verify", _story.Rig.Data);
        ToolRun.Ok("journal", "dump", _story.Rig.Data);
        ToolRun.Ok("balance", _story.Rig.Data, "alice");

        Assert.Equal(before, Fingerprint());
    }

    [Fact]
    public void A_copy_without_a_lock_file_is_verified_and_gets_none()
    {
        var lockFile = Path.Combine(_story.Rig.ShardDirectory, "lock");
        File.Delete(lockFile);

        ToolRun.Ok("journal", "verify", _story.Rig.Data);

        Assert.False(File.Exists(lockFile));
    }

    [Theory]
    [InlineData(FirstGroup + InRecord)]
    [InlineData(FirstGroup + 8)]
    public void A_flipped_byte_is_named_by_case_segment_and_offset(long at)
    {
        Flip(at);

        var run = ToolRun.Of("journal", "verify", _story.Rig.Data, "--json");

        Assert.Equal(65, run.Code);
        Assert.False(run.Object.GetProperty("ok").GetBoolean());
        Assert.Equal("F", run.Object.GetProperty("case").GetString());
        Assert.Equal(1, run.Object.GetProperty("segment").GetInt32());
        Assert.Equal(FirstGroup, run.Object.GetProperty("offset").GetInt64());
        Assert.Equal(1, run.Object.GetProperty("sequence").GetInt32());
    }

    [Fact]
    public void Damage_ends_every_command_with_its_place_in_a_sentence()
    {
        Flip(FirstGroup + InRecord);

        foreach (var run in new[] { ToolRun.Of("journal", "verify", _story.Rig.Data), ToolRun.Of("journal", "dump", _story.Rig.Data), ToolRun.Of("balance", _story.Rig.Data, "alice") })
        {
            Assert.Equal(65, run.Code);
            Assert.Contains("case F", run.Error, StringComparison.Ordinal);
            Assert.Contains("segment 1 at byte 4096", run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damage_in_the_middle_leaves_the_facts_before_it_to_dump()
    {
        Flip(FirstGroup + (4 * 4_096) + InRecord); // each command was a group of its own

        var run = ToolRun.Of("journal", "dump", _story.Rig.Data, "--json");

        Assert.Equal(65, run.Code);
        Assert.NotEmpty(run.Objects);
        Assert.True((ulong)run.Objects.Length < _story.LastSequence);
    }

    [Fact]
    public void A_journal_whose_first_header_is_unreadable_is_still_known_by_its_shard()
    {
        Flip(20); // in the shard's id, so the header's checksum fails

        var run = ToolRun.Of("journal", "verify", _story.Rig.Data, "--json");

        Assert.Equal(65, run.Code);
        Assert.Equal("J", run.Object.GetProperty("case").GetString());
        Assert.Equal(_story.Rig.ShardId.ToString(), run.Object.GetProperty("shard").GetString());
    }

    [Fact]
    public void A_directory_that_a_server_has_open_is_refused()
    {
        _story.Rig.Open();

        foreach (var run in new[] { ToolRun.Of("journal", "verify", _story.Rig.Data), ToolRun.Of("journal", "dump", _story.Rig.Data), ToolRun.Of("balance", _story.Rig.Data, "alice") })
        {
            Assert.Equal(73, run.Code);
            Assert.Contains("stop the server", run.Error, StringComparison.Ordinal);
            Assert.Equal("", run.Out);
        }
    }

    private void Flip(long at)
    {
        using var file = File.Open(Path.Combine(_story.Rig.ShardDirectory, "000000000001.segment"), FileMode.Open);
        file.Position = at;
        var value = file.ReadByte();
        file.Position = at;
        file.WriteByte((byte)(value ^ 1));
    }

    private string[] Fingerprint() => [.. Directory.GetFiles(_story.Rig.Data, "*", SearchOption.AllDirectories).Order().Select(file =>
        $"{file} {File.GetLastWriteTimeUtc(file).Ticks} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}")];
}
