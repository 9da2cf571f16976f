namespace PhoenixCore.Tools.Tests;

/// <summary>Files that explain themselves, audits, explanations, exports, and what status and doctor say of a directory.</summary>
public sealed class InspectTests : IDisposable
{
    private readonly Story _story = new();

    private string Data => _story.Rig.Data;

    public void Dispose() => _story.Dispose();

    [Fact]
    public void Ls_shows_every_segment_also_beside_a_running_server()
    {
        foreach (var isOpen in new[] { false, true })
        {
            if (isOpen) _story.Rig.Open();
            var segments = ToolRun.Ok("journal", "ls", Data, "--json").Objects;
            var used = segments.Where(segment => segment.GetProperty("records").GetInt64() > 0).ToArray();
            Assert.Equal(1, used[0].GetProperty("firstSequence").GetInt64());
            Assert.True(used[^1].GetProperty("lastSequence").GetUInt64() >= _story.LastSequence);
            Assert.Equal(used[^1].GetProperty("lastSequence").GetInt64(), used.Sum(segment => segment.GetProperty("records").GetInt64()));
            Assert.Contains(segments, segment => segment.GetProperty("verdict").GetString() == "prepared");
            Assert.Contains("000000000001.segment", ToolRun.Ok("journal", "ls", Data).Out, StringComparison.Ordinal);
        }

        _story.Rig.Close();
    }

    [Fact]
    public async Task Inspect_explains_one_file_and_names_damage_in_it()
    {
        var first = Path.Combine(_story.Rig.ShardDirectory, "000000000001.segment");
        Assert.Equal(_story.Rig.ShardId.ToString(), ToolRun.Ok("journal", "inspect", first, "--json").Object.GetProperty("shard").GetString());
        _story.Rig.Open();
        var taken = await _story.Rig.Shard.Snapshots.TakeAsync();
        _story.Rig.Close();
        Assert.Equal(taken.Digest.ToString("x32"), ToolRun.Ok("journal", "inspect", Path.Combine(_story.Rig.ShardDirectory, taken.Name), "--json").Object.GetProperty("digest").GetString());
        Assert.Equal(66, ToolRun.Of("journal", "inspect", first + ".none").Code);
        Assert.Equal(64, ToolRun.Of("journal", "inspect", Path.Combine(_story.Rig.ShardDirectory, "epoch")).Code);

        var bytes = File.ReadAllBytes(first);
        bytes[8_191] ^= 1; // between two groups, where only zeros were ever written
        File.WriteAllBytes(first, bytes);
        var stray = ToolRun.Of("journal", "inspect", first, "--json");
        Assert.Equal((65, 8_191), (stray.Code, stray.Object.GetProperty("strayAt").GetInt64()));
        bytes[4_096 + 204] ^= 1;
        File.WriteAllBytes(first, bytes);
        var damaged = ToolRun.Of("journal", "ls", Data, "--json");
        Assert.Equal(65, damaged.Code);
        Assert.Equal((4_096, "Torn"), (damaged.Objects[0].GetProperty("end").GetInt64(), damaged.Objects[0].GetProperty("ending").GetString()));
    }

    [Fact]
    public void An_audit_adds_up_every_asset_and_replays_the_state()
    {
        var lines = ToolRun.Ok("audit", "run", Data, "--json").Objects;
        Assert.Equal(_story.Digest.ToString("x32"), lines[^1].GetProperty("digest").GetString());
        Assert.All(lines[..^1], line => Assert.Equal(line.GetProperty("debits").GetString(), line.GetProperty("credits").GetString()));
        Assert.Equal("POINTS", lines[0].GetProperty("asset").GetString());
        Assert.Contains("the books hold", ToolRun.Ok("audit", "run", Data).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transaction_is_explained_by_id_and_by_sequence_with_balances_that_link_up()
    {
        var facts = ToolRun.Ok("journal", "dump", Data, "--json").Objects;
        var explained = 0;
        foreach (var fact in facts.Where(fact => fact.TryGetProperty("transaction", out _)))
        {
            var lines = ToolRun.Ok("audit", "explain", Data, fact.GetProperty("transaction").GetString()!, "--json").Objects;
            Assert.Equal(fact.GetRawText(), lines[0].GetRawText());
            Assert.Equal(fact.GetProperty("postings").GetInt32() * 2, lines.Length - 1);
            Assert.All(lines[1..], side => Assert.True(side.GetProperty("ok").GetBoolean()));
            explained += lines.Length - 1;
        }

        Assert.True(explained > 20);
        var transfer = facts.First(fact => fact.GetProperty("kind").GetString() == "Transferred").GetProperty("sequence").GetUInt64();
        var shown = ToolRun.Ok("audit", "explain", Data, $"{transfer}").Out;
        Assert.Matches(@"alice +available +POINTS +\d+\.\d\d +-30\.00", shown);
        Assert.Equal(66, ToolRun.Of("audit", "explain", Data, "txn_nothing").Code);
        Assert.Equal(66, ToolRun.Of("audit", "explain", Data, "99999").Code);
    }

    [Theory]
    [InlineData("entries", "csv")]
    [InlineData("entries", "ndjson")]
    [InlineData("transactions", "csv")]
    [InlineData("transactions", "ndjson")]
    public void An_export_is_whole_and_one_that_was_broken_off_anywhere_goes_on_to_the_same_bytes(string what, string format)
    {
        var file = Path.Combine(Data, $"{what}.{format}");
        var made = ToolRun.Ok("export", Data, "--out", file, "--what", what, "--format", format, "--json").Object;
        var whole = File.ReadAllBytes(file);
        var postings = ToolRun.Ok("journal", "dump", Data, "--json").Objects.Select(fact => fact.GetProperty("postings").GetInt32()).Where(count => count > 0).ToArray();
        Assert.Equal((postings.Length, what == "entries" ? postings.Sum() * 2 : postings.Length), (made.GetProperty("transactions").GetInt32(), made.GetProperty("rows").GetInt32()));
        Assert.Equal(made.GetProperty("rows").GetInt32() + (format == "csv" ? 1 : 0), File.ReadAllLines(file).Length);
        Assert.Equal(64, ToolRun.Of("export", Data, "--out", file).Code);
        var random = new Random(7);
        for (var round = 0; round < 12; round++)
        {
            File.WriteAllBytes(file, whole[..random.Next(whole.Length)]);
            ToolRun.Ok("export", Data, "--out", file, "--what", what, "--format", format, "--resume");
            Assert.Equal(whole, File.ReadAllBytes(file));
        }

        Assert.Equal(0, ToolRun.Ok("export", Data, "--out", file + ".none", "--tenant", "nobody", "--json").Object.GetProperty("rows").GetInt32());
    }

    [Fact]
    public void Status_and_doctor_look_at_a_directory_and_at_backups()
    {
        Assert.Equal($"{_story.LastSequence}", ToolRun.Ok("status", Data, "--json").Object.GetProperty("sequence").GetString());
        Assert.Contains("at rest", ToolRun.Ok("status", Data).Out, StringComparison.Ordinal);
        Assert.Contains("no snapshot", ToolRun.Ok("doctor", Data).Out, StringComparison.Ordinal); // to know, not to worry
        Assert.Equal(64, ToolRun.Of("doctor").Code);
        var store = Path.Combine(Data, "..", Path.GetFileName(Data) + "-store");
        try
        {
            ToolRun.Ok("backup", "create", Data, "--to", store);
            var unproven = ToolRun.Of("doctor", "--backups", store, "--json");
            Assert.Equal((1, "warning"), (unproven.Code, unproven.Object.GetProperty("severity").GetString()));
            ToolRun.Ok("backup", "verify", store, "--replay");
            Assert.Contains("nothing to say", ToolRun.Ok("doctor", "--backups", store).Out, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(store, recursive: true);
        }

        Assert.Equal(69, ToolRun.Of("status", "--url", "http://127.0.0.1:1").Code);
    }
}
