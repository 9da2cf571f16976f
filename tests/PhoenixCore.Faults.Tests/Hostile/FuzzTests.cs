using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>Honest callers beside hostile ones on both fronts of a real server.</summary>
public class FuzzTests(ITestOutputHelper output)
{
    private const int HonestClients = 8;
    private const int HeapMebibytes = 192;

    /// <summary>Rows, keys and journal of the honest operations beside it count too: of 90,000 in two minutes 81 MiB in all were seen.</summary>
    private const long ResidentMoreMax = 96 << 20;

    [Fact]
    public async Task Hostile_input_meets_no_fault_unbalances_nothing_and_leaves_memory_as_it_was()
    {
        using var place = new TemporaryDirectory();
        var (load, tally, seconds) = (new RestLoad(), new FuzzTally(), TestSize.Scale(10, 120));
        string books;
        using (var server = ServerProcess.StartWithin(HeapMebibytes, place.Data, "--hot-keys", "1024"))
        {
            await load.MakeWalletsAsync(server);
            using var rest = await RestFuzz.MakeAsync(server, TestSize.Seed, tally);
            using var grpc = new GrpcFuzz(server, TestSize.Seed + 1, tally);
            using var end = new CancellationTokenSource();
            var honest = load.RunAsync(server, round: 0, HonestClients, end.Token);
            await FuzzAsync(rest.SendAsync, grpc.SendAsync, Math.Max(3, seconds / 5)); // code is compiled and caches fill
            var before = ResidentOf(server);
            await FuzzAsync(rest.SendAsync, grpc.SendAsync, seconds);
            await end.CancelAsync();
            await honest;
            var after = await SettledAsync(server, before + ResidentMoreMax);
            Assert.False(server.HasEnded, server.Said);
            Assert.True(tally.Wrong.IsEmpty, $"seed {TestSize.Seed}, {tally.Wrong.Count} faults:\n{string.Join('\n', tally.Wrong.Take(20))}\n{string.Join('\n', server.Said.Split('\n').TakeLast(40))}");
            output.WriteLine($"seed {TestSize.Seed}, {seconds} s, {GrpcFuzz.MethodCount} gRPC methods: {tally}");
            output.WriteLine($"resident before {before >> 20} MiB, after {after >> 20} MiB; managed heap bound to {HeapMebibytes} MiB; honest answers beside it: {load.Answers}");
            Assert.True(after <= before + ResidentMoreMax, $"resident memory went from {before >> 20} to {after >> 20} MiB");
            // Neither all refused at the door nor all let in: the handlers were reached.
            Assert.True(tally.Count(answer => answer is "REST 200" or "REST 201") > 10 && tally.Count(answer => answer == "REST 400") > 10 && tally.Count(answer => answer == "gRPC 0") > 10 && tally.Count(answer => answer == "gRPC 3") > 10, tally.ToString());
            await load.AuditAsync(server);
            books = await BooksAsync(server);
            server.Kill();
        }

        using var again = ServerProcess.Start(place.Data);
        Assert.Equal(books, await BooksAsync(again));
    }

    private static Task FuzzAsync(Func<Task> rest, Func<Task> grpc, int seconds)
    {
        var until = Environment.TickCount64 + (seconds * 1_000L);
        return Task.WhenAll(new[] { rest, grpc }.Select(send => Task.Run(async () =>
        {
            while (Environment.TickCount64 < until) await send();
        })));
    }

    /// <summary>As documented, asked for until all counts.</summary>
    private static async Task<string> BooksAsync(ServerProcess server)
    {
        for (var questions = 0; questions < 100; questions++)
        {
            var text = await server.GetAsync("ledger/trial-balance");
            using var json = JsonDocument.Parse(text);
            var books = json.RootElement.GetProperty("data");
            Assert.True(books.GetProperty("balanced").GetBoolean(), text);
            if (books.GetProperty("complete").GetBoolean()) return books.GetProperty("assets").GetRawText();
        }

        throw new TimeoutException("the trial balance is never complete");
    }

    /// <summary>Garbage is collected while calm calls go on: the least resident size within a bounded time.</summary>
    private static async Task<long> SettledAsync(ServerProcess server, long wanted)
    {
        var least = ResidentOf(server);
        for (var until = Environment.TickCount64 + 20_000; least > wanted && Environment.TickCount64 < until;)
        {
            await server.GetAsync("wallets?limit=100");
            least = Math.Min(least, ResidentOf(server));
        }

        return least;
    }

    /// <summary>Without pages of files: the journal's and its indexes' come and go with the disk's cache.</summary>
    private static long ResidentOf(ServerProcess server)
    {
        var line = File.ReadLines($"/proc/{server.Id}/status").Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
