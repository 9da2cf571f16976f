using System.Diagnostics;
using System.Text.Json;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>kill −9 under load while a stream, a subscription and two webhooks are read through all lives of the server.</summary>
public class EventKillTests(ITestOutputHelper output)
{
    private const int Clients = 3;
    private const int AnswersMax = 60;
    private const int PauseMillisecondsMax = 30;
    private static readonly TimeSpan LoadMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(TestSize.Scale(60, 900));

    [Fact]
    public async Task Killed_at_any_moment_no_consumer_misses_an_event_and_none_is_taken_back()
    {
        using var place = new TemporaryDirectory();
        await using var receiver = await HookReceiver.StartAsync();
        using var end = new CancellationTokenSource();
        var (stream, subscription) = (new Seen("stream", inOrder: true), new Seen("subscription", inOrder: true));
        var (whereabouts, pulled, load) = (new Whereabouts(), new PulledEvents(), new RestLoad());
        Task[] consumers = [new StreamConsumer(stream).RunAsync(whereabouts, end.Token), new SubscribeConsumer(subscription).RunAsync(whereabouts, end.Token)];
        Seen[] all = [stream, subscription, receiver.Any, receiver.InOrder];
        var (random, rounds) = (new Random(TestSize.Seed), TestSize.Scale(8, 100));
        for (var round = 0; round <= rounds; round++)
        {
            using var server = ServerProcess.Start(place.Data, fault: null, "--webhook-private-targets", "true");
            if (round == 0) await BeginAsync(server, load, receiver);
            await pulled.ReadOnAsync(server);
            foreach (var seen in all) await pulled.CheckAsync(server, seen, sameBytes: seen != subscription);
            whereabouts.Point(server);
            if (round == rounds)
            {
                await EndAsync(server, load, pulled, all);
                break;
            }

            var running = load.RunAsync(server, round, Clients);
            await AnsweredAsync(load, load.Answers + random.Next(AnswersMax));
            await Task.Delay(random.Next(PauseMillisecondsMax)); // anywhere between two answers
            server.Kill();
            whereabouts.Point(null);
            await running;
            Assert.Equal(137, server.WaitEnd());
            await receiver.EndRoundAsync();
        }

        output.WriteLine($"{rounds} kills; {pulled.Last} events of {pulled.Transactions.Count()} transactions, {load.Answers} answers; compared {pulled.Compared} times, 0 missing, 0 taken back");
        output.WriteLine($"repeated with equal bytes: {string.Join(", ", all.Select(seen => $"{seen.Consumer} {seen.Repeats}"))}; {receiver.Refused} attempts refused by the receiver");
        await end.CancelAsync();
        await Task.WhenAll(consumers);
    }

    /// <summary>A kill comes after so much work, and not after a time in which a busy machine does little.</summary>
    private static async Task AnsweredAsync(RestLoad load, int answers)
    {
        for (var clock = Stopwatch.StartNew(); load.Answers < answers && clock.Elapsed < LoadMax;) await Task.Delay(1);
    }

    private static async Task BeginAsync(ServerProcess server, RestLoad load, HookReceiver receiver)
    {
        foreach (var (path, ordering) in new[] { ("any", "none"), ("in-order", "wallet") })
        {
            var made = await server.PostAsync("webhooks", $"hook {path}", $$"""{"url":"{{new Uri(receiver.Address, path)}}","events":["*"],"secret":"{{HookReceiver.Secret}}","ordering":"{{ordering}}"}""");
            Assert.Equal((201, made!.Value.Body), (made.Value.Status, made.Value.Body));
        }

        await load.MakeWalletsAsync(server);
    }

    /// <summary>Everything that was answered has its events, and every consumer gets every event.</summary>
    private static async Task EndAsync(ServerProcess server, RestLoad load, PulledEvents pulled, Seen[] all)
    {
        await load.AuditAsync(server);
        await pulled.ReadOnAsync(server);
        Assert.Empty(load.Accepted.Select(TransactionOf).Except(pulled.Transactions));
        var patience = Stopwatch.StartNew();
        while (all.Any(seen => seen.Count < (int)pulled.Last) && patience.Elapsed < DrainMax) await Task.Delay(20);
        Assert.Empty(all.SelectMany(seen => seen.MissingTo(pulled.Last).Take(5).Select(sequence => $"{seen.Consumer} never got {sequence} of {pulled.Last}")));
        Assert.Empty(all.SelectMany(seen => seen.Wrong));
        foreach (var seen in all) await pulled.CheckAsync(server, seen, sameBytes: seen.Consumer != "subscription");
    }

    private static string TransactionOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("data").GetProperty("transaction_id").GetString()!;
    }
}
