using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load;

/// <summary>The whole server in its own process, its clients on the same cores: unary gRPC and REST against the same-bytes control, and the Submit stream.</summary>
public sealed class WireFigures(RunSettings settings, ResultTable table)
{
    private const string Key = "benchmark-key-0123456789";
    private const int SubmitBatch = 4_000;
    private readonly string _data = Path.Combine(settings.Directory, "wire-" + Guid.NewGuid().ToString("N")[..8]);

    public async Task RunAsync()
    {
        var (rest, grpc) = (FreePort(), FreePort());
        Directory.CreateDirectory(_data);
        try
        {
            using var server = Child.Start(
                Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server.dll"),
                $"--data {_data} --rest 127.0.0.1:{rest} --grpc 127.0.0.1:{grpc}",
                new Dictionary<string, string> { ["PHOENIX_API_KEY"] = Key });
            var wallets = await MakeWalletsAsync(new Uri($"http://127.0.0.1:{grpc}"));
            await SubmitAsync(new Uri($"http://127.0.0.1:{grpc}"), wallets);
            if (H2Load.IsInstalled) await UnaryAsync(rest, grpc, wallets, server);
            else Console.WriteLine("  h2load is not installed (Debian: nghttp2-client): unary figures skipped");
            await CheckBooksAsync(new Uri($"http://127.0.0.1:{grpc}"), wallets);
        }
        finally
        {
            Directory.Delete(_data, recursive: true);
        }
    }

    private static CallOptions Options => new() { Metadata = new GrpcMetadata { { "authorization", "Bearer " + Key } } };

    private static async Task<string[]> MakeWalletsAsync(Uri grpc)
    {
        const int Count = 20_000;
        using var channel = new GrpcChannel(grpc, new GrpcChannelOptions { Connections = 2 });
        var wallets = new string[Count];
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var wallet = await channel.UnaryAsync("/phoenix.v1.Ledger/CreateWallet", new CreateWalletRequest { ExternalId = $"bench-{i}", DefaultAsset = "USD" }, Wallet.Parser, Options);
            wallets[i] = wallet.Id;
            await channel.UnaryAsync(
                "/phoenix.v1.Ledger/CreateCredit",
                new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = 1_000_000_000, Asset = "USD" } },
                Transaction.Parser,
                Options);
        });
        return wallets;
    }

    private async Task SubmitAsync(Uri grpc, string[] wallets)
    {
        ResultTable.Section("batched gRPC (Submit), client on the same cores");
        var load = new SubmitLoad(grpc, Key, wallets, SubmitBatch, inFlight: 4, streams: 2);
        await load.TransfersAsync(settings.Slice);
        var transfers = new List<double>();
        var pairs = new List<double>();
        for (var i = 0; i < settings.Repeats; i++)
        {
            transfers.Add(await load.TransfersAsync(settings.Slice));
            pairs.Add(await load.BettingPairsAsync(settings.Slice));
        }

        table.Add("Submit: transfers", ResultTable.Median(transfers) / 1e6, "M/s", 1.1);
        table.Add("Submit: betting pairs (reserve, then settle to the house)", ResultTable.Median(pairs) / 1e6, "M/s", 0.4);
    }

    private async Task UnaryAsync(int rest, int grpc, string[] wallets, Child server)
    {
        var (sameGrpc, sameRest) = (FreePort(), FreePort());
        var grpcBody = Path.Combine(_data, "grpc-body");
        var restBody = Path.Combine(_data, "rest-body");
        var request = new CreateTransferRequest { FromWallet = wallets[0], ToWallet = wallets[1], Amount = new Amount { Units = 1, Asset = "USD" }, Reference = "bench-reference" };
        await File.WriteAllBytesAsync(grpcBody, GrpcFrame.Encode(request));
        var json = $$"""{"from_wallet_id":"{{wallets[0]}}","to_wallet_id":"{{wallets[1]}}","amount":"1","asset_code":"USD","reference":"bench-reference"}""";
        await File.WriteAllTextAsync(restBody, json);
        using var channel = new GrpcChannel(new Uri($"http://127.0.0.1:{grpc}"));
        var reply = await channel.UnaryAsync("/phoenix.v1.Ledger/CreateTransfer", request, Transaction.Parser, Options);
        await File.WriteAllBytesAsync(grpcBody + "-reply", GrpcFrame.Encode(reply));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await http.PostAsync($"http://127.0.0.1:{rest}/v1/transfers", new StringContent(json, Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        await File.WriteAllBytesAsync(restBody + "-reply", await answer.Content.ReadAsByteArrayAsync());
        using var same = Child.Start(Environment.GetCommandLineArgs()[0], $"same-bytes {sameGrpc} {sameRest} {grpcBody}-reply {restBody}-reply", new Dictionary<string, string>());

        ResultTable.Section("unary gRPC, durable, against the same bytes without a ledger (alternated)");
        string[] headers = ["content-type: application/grpc", "te: trailers", "authorization: Bearer " + Key];
        foreach (var (streams, target) in new[] { (64, 0.45), (256, 0.55) })
        {
            var (ours, control) = Alternate(
                () => H2Load.Run($"http://127.0.0.1:{grpc}/phoenix.v1.Ledger/CreateTransfer", grpcBody, streams, settings.Slice, false, headers),
                () => H2Load.Run($"http://127.0.0.1:{sameGrpc}/phoenix.v1.Ledger/CreateTransfer", grpcBody, streams, settings.Slice, false, headers));
            table.Add($"unary gRPC, {streams} streams", ours / 1e3, "k/s", streams == 256 ? 100 : null);
            table.Add($"same bytes, {streams} streams", control / 1e3, "k/s");
            table.Add($"unary gRPC, {streams} streams, ratio", ours / control, "ratio", target);
        }

        ResultTable.Section("REST, durable, against the same bytes without a ledger (alternated)");
        string[] restHeaders = ["content-type: application/json", "authorization: Bearer " + Key];
        var (restOurs, restControl) = Alternate(
            () => H2Load.Run($"http://127.0.0.1:{rest}/v1/transfers", restBody, 64, settings.Slice, true, restHeaders),
            () => H2Load.Run($"http://127.0.0.1:{sameRest}/v1/transfers", restBody, 64, settings.Slice, true, restHeaders));
        table.Add("REST, 64 connections", restOurs / 1e3, "k/s");
        table.Add("same bytes over HTTP/1.1, 64 connections", restControl / 1e3, "k/s");
        table.Add("REST, ratio", restOurs / restControl, "ratio", 0.6);
        table.Add("server processor seconds of the wire part", server.Cpu, "s");
    }

    private (double Ours, double Control) Alternate(Func<double> ours, Func<double> control)
    {
        ours();
        control();
        var (a, b) = (new List<double>(), new List<double>());
        for (var i = 0; i < settings.Repeats; i++)
        {
            a.Add(ours());
            b.Add(control());
        }

        return (ResultTable.Median(a), ResultTable.Median(b));
    }

    /// <summary>What was credited is still there: in the wallets and at the house.</summary>
    private static async Task CheckBooksAsync(Uri grpc, string[] wallets)
    {
        using var channel = new GrpcChannel(grpc);
        UInt128 sum = 0;
        foreach (var name in wallets.Append("house_wallet"))
        {
            var wallet = await channel.UnaryAsync("/phoenix.v1.Ledger/GetWallet", new GetWalletRequest { Wallet = name }, Wallet.Parser, Options);
            foreach (var balance in wallet.Balances) sum += balance.Available.Units + (UInt128)balance.Reserved.Units;
        }

        if (sum != (UInt128)wallets.Length * 1_000_000_000) throw new InvalidOperationException($"the books do not balance: {sum}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
