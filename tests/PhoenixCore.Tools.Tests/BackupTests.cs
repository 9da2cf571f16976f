using PhoenixCore.Journal;
using PhoenixCore.Replication.State;

namespace PhoenixCore.Tools.Tests;

/// <summary>Backups by the tool: of a directory at rest and of one that a server has open, proven, restored, cut, and damaged.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly Story _story = new();
    private readonly string _place = Directory.CreateTempSubdirectory("phoenix-backups-").FullName;

    private string Data => _story.Rig.Data;

    private string Store => Path.Combine(_place, "store");

    private string Restored => Path.Combine(_place, "restored");

    public void Dispose()
    {
        _story.Dispose();
        Directory.Delete(_place, recursive: true);
    }

    [Fact]
    public void Back_up_delete_everything_restore_and_verify_gives_the_same_digest()
    {
        File.WriteAllText(Path.Combine(Data, "keys.json"), "[]");
        File.WriteAllText(Path.Combine(Data, "secrets.key"), "sealing");
        File.WriteAllText(Path.Combine(Data, "lock"), "");
        Directory.CreateDirectory(Path.Combine(Data, "text-keys"));
        File.WriteAllText(Path.Combine(Data, "text-keys", "1.key"), "sealed");
        ToolRun.Ok("backup", "create", Data, "--to", Store);
        Directory.Delete(Data, recursive: true);
        ToolRun.Ok("backup", "restore", Store, "--into", Data);
        var verified = ToolRun.Ok("journal", "verify", Data, "--json").Object;

        Assert.Equal((_story.Digest.ToString("x32"), _story.LastSequence), (verified.GetProperty("digest").GetString(), verified.GetProperty("lastSequence").GetUInt64()));
        Assert.Equal(["keys.json"], Directory.GetFiles(Data).Select(Path.GetFileName));
        _story.Rig.Open(); // it goes on, in a new epoch
        Assert.Equal((_story.LastSequence, 3UL), (_story.Rig.Shard.Recovery.LastSequence, _story.Rig.Shard.Recovery.Epoch));
        _story.Rig.Transfer("alice", "bob", 1);
        _story.Rig.Close();
    }

    [Fact]
    public void The_sealing_key_and_the_keys_of_texts_are_in_a_backup_only_when_asked_for()
    {
        Directory.CreateDirectory(Path.Combine(Data, "text-keys"));
        foreach (var name in new[] { "secrets.key", "text-keys/1.key", "text-keys/2.erased", "text-keys/3.key.new" }) File.WriteAllText(Path.Combine(Data, name), name);
        ToolRun.Ok("backup", "create", Data, "--to", Store, "--with-sealing-key");
        ToolRun.Ok("backup", "restore", Store, "--into", Restored);
        Assert.Equal(["1.key", "2.erased"], Directory.GetFiles(Path.Combine(Restored, "text-keys")).Select(Path.GetFileName).Order());
        Assert.Equal("secrets.key", File.ReadAllText(Path.Combine(Restored, "secrets.key")));

        ToolRun.Ok("backup", "create", Data, "--to", Store);
        ToolRun.Ok("backup", "restore", Store, "--into", Restored + "2");
        Assert.False(File.Exists(Path.Combine(Restored + "2", "secrets.key")) || Directory.Exists(Path.Combine(Restored + "2", "text-keys")));
    }

    [Fact]
    public void Of_a_copy_only_what_is_committed_is_taken()
    {
        var committed = _story.LastSequence;
        var copy = ReplicaFile.Open(new PosixStorage(_story.Rig.ShardDirectory));
        copy.Save(copy.State with { Committed = committed });
        _story.Rig.Open();
        _story.Rig.Transfer("alice", "bob", 1);
        _story.Rig.Transfer("alice", "bob", 1);
        var last = _story.Rig.Shard.Cursors.Committed;
        var running = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
        _story.Rig.Close();
        var atRest = ToolRun.Ok("backup", "create", Data, "--to", Store, "--full", "--json").Object;
        Assert.Equal((committed, committed), (running.GetProperty("lastSequence").GetUInt64(), atRest.GetProperty("lastSequence").GetUInt64()));
        Assert.Equal(_story.Digest.ToString("x32"), ToolRun.Ok("backup", "verify", Store, "--replay", "--json").Object.GetProperty("digest").GetString());

        copy.Save(copy.State with { Committed = last });
        Assert.Equal(last, ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object.GetProperty("lastSequence").GetUInt64());
    }

    [Fact]
    public async Task An_incremental_backup_copies_what_is_new_and_each_one_restores_its_own_state()
    {
        var first = ToolRun.Ok("backup", "create", Data, "--to", Store, "--output", "json").Object;
        var same = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
        _story.Rig.Open();
        var snapshot = await _story.Rig.Shard.Snapshots.TakeAsync();
        _story.Rig.Transfer("alice", "bob", 2_00);
        var digest = _story.Rig.Shard.Digest();
        _story.Rig.Close();
        var planned = ToolRun.Ok("backup", "create", Data, "--to", Store, "--dry-run", "--json").Object;
        var second = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
        var full = ToolRun.Ok("backup", "create", Data, "--to", Store, "--full", "--json").Object;

        Assert.Equal(("full", "incremental", "incremental", "full"), (Kind(first), Kind(same), Kind(second), Kind(full)));
        Assert.Equal((0, 0), (same.GetProperty("newBytes").GetInt64(), full.GetProperty("newBytes").GetInt64())); // the same bytes are stored once
        Assert.InRange(second.GetProperty("newBytes").GetInt64(), snapshot.Bytes, second.GetProperty("bytes").GetInt64() - 1);
        Assert.Equal(second.GetProperty("lastSequence").GetInt64(), planned.GetProperty("lastSequence").GetInt64());
        var listed = ToolRun.Ok("backup", "ls", Store, "--output", "ndjson").Objects;
        Assert.Equal(4, listed.Length);
        Assert.All(listed, backup => Assert.True(backup.GetProperty("ok").GetBoolean()));
        Assert.Contains("never", ToolRun.Ok("backup", "ls", Store).Out, StringComparison.Ordinal);
        Assert.Equal(digest.ToString("x32"), ToolRun.Ok("backup", "verify", Store, "--replay", "--json").Object.GetProperty("digest").GetString());
        var old = ToolRun.Ok("backup", "verify", Store, "--replay", "--id", first.GetProperty("id").GetString()!, "--json").Object;
        Assert.Equal(_story.Digest.ToString("x32"), old.GetProperty("digest").GetString());
        Assert.NotNull(ToolRun.Ok("backup", "ls", Store, "--json").Objects[0].GetProperty("provenAt").GetString());
    }

    [Fact]
    public async Task A_running_server_is_backed_up_without_stopping_it()
    {
        _story.Rig.Open();
        await _story.Rig.Shard.Snapshots.TakeAsync();
        _story.Rig.Transfer("alice", "bob", 3_00);
        var (digest, sequence) = (_story.Rig.Shard.Digest(), _story.Rig.Shard.Cursors.Committed);
        var backup = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
        for (var tries = 0; tries < 200 && backup.GetProperty("lastSequence").GetUInt64() < sequence; tries++) // until an empty group attests the last one
        {
            await Task.Delay(20);
            backup = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
        }

        Assert.True(backup.GetProperty("wasRunning").GetBoolean());
        Assert.Equal(sequence, backup.GetProperty("lastSequence").GetUInt64());
        Assert.Equal(digest.ToString("x32"), ToolRun.Ok("backup", "verify", Store, "--replay", "--json").Object.GetProperty("digest").GetString());
        Assert.Equal(73, ToolRun.Of("audit", "run", Data).Code); // the others still refuse
        _story.Rig.Transfer("alice", "bob", 1_00);
        _story.Rig.Close();
    }

    [Fact]
    public async Task Backups_of_a_server_under_load_hold_only_what_was_durable_and_replay()
    {
        _story.Rig.Open();
        using var stop = new CancellationTokenSource();
        var load = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested) _story.Rig.Transfer("alice", "bob", 1);
        });
        for (var round = 0; round < 5; round++)
        {
            var backup = ToolRun.Ok("backup", "create", Data, "--to", Store, "--json").Object;
            Assert.True(backup.GetProperty("lastSequence").GetUInt64() <= _story.Rig.Shard.Cursors.Committed);
            ToolRun.Ok("backup", "verify", Store, "--replay");
        }

        await stop.CancelAsync();
        await load;
        _story.Rig.Close();
    }

    [Fact]
    public async Task A_backup_is_restored_to_a_sequence_and_to_a_time()
    {
        _story.Rig.Open();
        await _story.Rig.Shard.Snapshots.TakeAsync();
        _story.Rig.Close();
        ToolRun.Ok("backup", "create", Data, "--to", Store);
        var facts = ToolRun.Ok("journal", "dump", Data, "--json").Objects;
        foreach (var wanted in new[] { 5UL, 11UL, _story.LastSequence, _story.LastSequence + 1 })
        {
            var into = Path.Combine(_place, $"to-{wanted}");
            var sequence = ToolRun.Ok("backup", "restore", Store, "--into", into, "--to-sequence", $"{wanted}", "--json").Object.GetProperty("sequence").GetUInt64();
            Assert.InRange(sequence, wanted - 1, wanted); // what a command needed first shares its group
            Assert.Equal(Digest(Data, sequence), ToolRun.Ok("replay", into, "--digest", "--json").Object.GetProperty("digest").GetString());
            ToolRun.Ok("journal", "verify", into);

            var timed = Path.Combine(_place, $"at-{wanted}");
            var time = facts[(int)wanted - 1].GetProperty("time").GetString()!;
            Assert.Equal(sequence, ToolRun.Ok("backup", "restore", Store, "--into", timed, "--to-time", time, "--json").Object.GetProperty("sequence").GetUInt64());
            Assert.Equal(0, ToolRun.Of("journal", "diff", into, timed).Code);
            var parted = ToolRun.Of("journal", "diff", Data, into, "--json");
            Assert.Equal((sequence == (ulong)facts.Length ? 0 : 1, sequence), (parted.Code, parted.Object.GetProperty("equalThrough").GetUInt64()));
        }

        Assert.Equal(66, ToolRun.Of("backup", "restore", Store, "--into", Restored, "--to-sequence", "999999").Code);
        Assert.False(Directory.Exists(Restored));
    }

    [Fact]
    public void Damage_and_wrong_usage_are_refused_and_named()
    {
        Assert.Equal(66, ToolRun.Of("backup", "ls", Store).Code);
        ToolRun.Ok("backup", "create", Data, "--to", Store);
        Assert.Equal(64, ToolRun.Of("backup", "restore", Store, "--into", Data).Code);
        Assert.Equal(64, ToolRun.Of("backup", "restore", Store, "--into", Restored, "--to-sequence", "1", "--to-time", "2026-01-01").Code);
        Assert.Equal(66, ToolRun.Of("backup", "verify", Store, "--id", "never").Code);
        using (var other = new Story()) Assert.Equal(64, ToolRun.Of("backup", "create", other.Rig.Data, "--to", Store).Code);

        var manifest = Directory.GetFiles(Path.Combine(Store, "manifests"), "*.json").Single();
        var stored = Directory.GetFiles(Path.Combine(Store, "objects")).MaxBy(file => new FileInfo(file).Length)!;
        Damaged(stored, 5_000, Path.GetFileName(stored));
        Damaged(manifest, 200, "manifest");
        var aside = stored + ".aside";
        File.Move(stored, aside);
        var missing = ToolRun.Of("backup", "verify", Store);
        Assert.Equal(65, missing.Code);
        Assert.Contains("missing", missing.Out, StringComparison.Ordinal);
        File.Move(aside, stored);
        ToolRun.Ok("backup", "verify", Store);

        void Damaged(string file, int at, string named)
        {
            Flip(file, at);
            foreach (var run in new[] { ToolRun.Of("backup", "verify", Store), ToolRun.Of("backup", "restore", Store, "--into", Restored) })
            {
                Assert.Equal(65, run.Code);
                Assert.Contains(named, run.Out + run.Error, StringComparison.Ordinal);
            }

            Flip(file, at);
            if (Directory.Exists(Restored)) Directory.Delete(Restored, recursive: true);
        }
    }

    [Fact]
    public void A_damaged_journal_is_not_backed_up()
    {
        Flip(Path.Combine(_story.Rig.ShardDirectory, "000000000001.segment"), 4_096 + 204);
        Assert.Equal(65, ToolRun.Of("backup", "create", Data, "--to", Store).Code);
        Assert.Equal(66, ToolRun.Of("backup", "verify", Store).Code);
    }

    [Fact]
    public void A_dry_run_makes_nothing()
    {
        ToolRun.Ok("backup", "create", Data, "--to", Store, "--dry-run");
        Assert.False(Directory.Exists(Store));
        ToolRun.Ok("backup", "create", Data, "--to", Store);
        ToolRun.Ok("backup", "restore", Store, "--into", Restored, "--dry-run");
        Assert.False(Directory.Exists(Restored));
    }

    private static string Kind(System.Text.Json.JsonElement backup) => backup.GetProperty("kind").GetString()!;

    private static string Digest(string data, ulong sequence) => ToolRun.Ok("replay", data, "--to-sequence", $"{sequence}", "--from-start", "--digest", "--json").Object.GetProperty("digest").GetString()!;

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
