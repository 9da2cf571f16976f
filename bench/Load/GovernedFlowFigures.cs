using System.Diagnostics;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;
using PhoenixCore.Client;
using PhoenixCore.Client.Api;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load;

/// <summary>The betting flow call by call over gRPC, by wallets with three policies and by wallets with none, in turns on one server. The clients are on the same cores.</summary>
public sealed class GovernedFlowFigures(RunSettings settings, ResultTable table)
{
    private const int Wallets = 2_000;
    private const int Streams = 256;
    private const int Stake = 25;

    private static readonly string[] Policies =
    [
        """{"name":"limits","rules":[{"type":"limit","id":"day","window":"day","max":100000000000},{"type":"amount","id":"most","max":10000}]}""",
        """{"name":"purposes","rules":[{"type":"intent","id":"purpose","denied":["gift","cashout"]},{"type":"category","id":"category","denied":["alcohol","tobacco"]}]}""",
        """{"name":"hours","rules":[{"type":"schedule","id":"always","from":"00:00","to":"24:00"},{"type":"balance","id":"least","min":0}]}""",
    ];

    public async Task RunAsync()
    {
        ResultTable.Section($"unary betting flow over gRPC, {Streams} in flight, with three policies and with none (alternated)");
        await using var server = await LoadedServer.StartAsync(settings.Directory, wallets: Wallets);
        using var client = new PhoenixClient(server.Grpc, LoadedServer.Key, new PhoenixClientOptions { Channel = new GrpcChannelOptions { Connections = 4 } });
        var (plain, governed) = (server.Names[..(Wallets / 2)], server.Names[(Wallets / 2)..]);
        await BindAsync(client, governed);
        var (with, without) = await Alternation.MediansAsync(settings.Repeats, () => FlowAsync(client, governed), () => FlowAsync(client, plain));
        table.Add("betting flow (reserve, settle), three policies, .NET client", with / 1e3, "k calls/s");
        table.Add("betting flow, no policy, .NET client", without / 1e3, "k calls/s");
        table.Add("betting flow, three policies to none", with / without, "ratio");
        if (!H2Load.IsInstalled) return;
        var (reserve, free) = await Alternation.MediansAsync(settings.Repeats, () => ReserveAsync(server, governed[0]), () => ReserveAsync(server, plain[0]));
        table.Add("reservations, three policies, h2load", reserve / 1e3, "k/s", 100);
        table.Add("reservations, no policy, h2load", free / 1e3, "k/s");
        table.Add("reservations, three policies to none", reserve / free, "ratio");
    }

    private static async Task BindAsync(PhoenixClient client, string[] wallets)
    {
        var policies = new List<string>();
        foreach (var source in Policies) policies.Add((await client.Policies.CreateAsync(source)).Id);
        foreach (var wallet in wallets) await client.Policies.BindWalletAsync(wallet, policies);
    }

    /// <summary>Calls per second; two make a bet.</summary>
    private async Task<double> FlowAsync(PhoenixClient client, string[] wallets)
    {
        var stake = new Money(Stake, 2, "USD");
        var clock = Stopwatch.StartNew();
        var calls = 0L;
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(number => Task.Run(async () =>
        {
            for (var i = number; clock.Elapsed.TotalSeconds < settings.Slice; i += Streams)
            {
                var held = await client.Reservations.CreateAsync(wallets[i % wallets.Length], stake, new ReservationTerms { Intent = "wager" });
                await client.Reservations.CommitAsync(held.Id, "house_wallet");
                Interlocked.Add(ref calls, 2);
            }
        })));
        return calls / clock.Elapsed.TotalSeconds;
    }

    private async Task<double> ReserveAsync(LoadedServer server, string wallet)
    {
        var body = Path.Combine(server.Data, "reserve-" + wallet);
        await File.WriteAllBytesAsync(body, GrpcFrame.Encode(new CreateReservationRequest { Wallet = wallet, Amount = new Amount { Units = Stake, Asset = "USD" }, Intent = "wager" }));
        return H2Load.Run(server.Grpc + "phoenix.v1.Ledger/CreateReservation", body, Streams, settings.Slice, false, "content-type: application/grpc", "te: trailers", "authorization: Bearer " + LoadedServer.Key);
    }
}
