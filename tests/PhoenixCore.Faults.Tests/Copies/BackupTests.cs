using System.Diagnostics;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>A backup of a leader that runs, while it holds more than is committed.</summary>
public sealed class BackupTests
{
    private const int Waiting = 6;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_backup_of_a_running_leader_takes_only_what_is_committed()
    {
        using var places = new TemporaryDirectory();
        var load = new RestLoad();
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "quorum", "--quorum-loss-ms", "10000");
        using var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc);
        await leader.WaitForVotersAsync(2);
        await load.MakeWalletsAsync(leader.Process);
        await Task.Delay(1_500); // the hint is written down once a second
        follower.Process.Signal("STOP");
        var waiting = new List<Task<(int Status, string Body)?>>();
        for (var i = 0; i < Waiting; i++)
        {
            waiting.Add(leader.Process.PostAsync("wallets", $"waits-{i}", $$"""{"external_id":"waits-{{i}}"}""")); // each is a group of its own
            await Task.Delay(50);
        }

        await leader.WaitAsync(standing => standing.GetProperty("durable").GetUInt64() >= standing.GetProperty("committed").GetUInt64() + Waiting, "more is durable than is committed");
        var committed = (await leader.StandingAsync()).GetProperty("committed").GetUInt64();
        var store = Path.Combine(places.Root, "store");
        using var backup = JsonDocument.Parse(Phx("backup", "create", leader.Directory, "--to", store, "--json"));
        var taken = backup.RootElement.GetProperty("lastSequence").GetUInt64();
        follower.Process.Signal("CONT");
        Assert.InRange(taken, 5UL, committed); // the wallets are in it
        foreach (var answer in await Task.WhenAll(waiting).WaitAsync(Patience)) Assert.Equal(201, answer!.Value.Status);
        Phx("backup", "verify", store, "--replay");
    }

    private static string Phx(params string[] arguments)
    {
        using var phx = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "phx"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = phx.StandardError.ReadToEndAsync();
        var output = phx.StandardOutput.ReadToEnd();
        phx.WaitForExit();
        Assert.True(phx.ExitCode == 0, $"{output}{error.Result}");
        return output;
    }
}
