using System.Net.Http.Headers;
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
    private const int Wallets = 20_000;

    public async Task RunAsync()
    {
        await using var server = await LoadedServer.StartAsync(settings.Directory, wallets: Wallets);
        await SubmitAsync(server.Load);
        if (H2Load.IsInstalled) await UnaryAsync(server);
        else Console.WriteLine("  h2load is not installed (Debian: nghttp2-client): unary figures skipped");
        await CheckBooksAsync(server);
    }

    private async Task SubmitAsync(SubmitLoad load)
    {
        ResultTable.Section("batched gRPC (Submit), client on the same cores");
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

    private async Task UnaryAsync(LoadedServer server)
    {
        var wallets = server.Names;
        var (sameGrpc, sameRest) = (Child.FreePort(), Child.FreePort());
        var grpcBody = Path.Combine(server.Data, "grpc-body");
        var restBody = Path.Combine(server.Data, "rest-body");
        var request = new CreateTransferRequest { FromWallet = wallets[0], ToWallet = wallets[1], Amount = new Amount { Units = 1, Asset = "USD" }, Reference = "bench-reference" };
        await File.WriteAllBytesAsync(grpcBody, GrpcFrame.Encode(request));
        var json = $$"""{"from_wallet_id":"{{wallets[0]}}","to_wallet_id":"{{wallets[1]}}","amount":"1","asset_code":"USD","reference":"bench-reference"}""";
        await File.WriteAllTextAsync(restBody, json);
        using var channel = new GrpcChannel(server.Grpc);
        var reply = await channel.UnaryAsync("/phoenix.v1.Ledger/CreateTransfer", request, Transaction.Parser, LoadedServer.Options);
        await File.WriteAllBytesAsync(grpcBody + "-reply", GrpcFrame.Encode(reply));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LoadedServer.Key);
        using var answer = await http.PostAsync(server.Rest + "v1/transfers", new StringContent(json, Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        await File.WriteAllBytesAsync(restBody + "-reply", await answer.Content.ReadAsByteArrayAsync());
        using var same = Child.Start(Environment.GetCommandLineArgs()[0], $"same-bytes {sameGrpc} {sameRest} {grpcBody}-reply {restBody}-reply", new Dictionary<string, string>());

        ResultTable.Section("unary gRPC, durable, against the same bytes without a ledger (alternated)");
        string[] headers = ["content-type: application/grpc", "te: trailers", "authorization: Bearer " + LoadedServer.Key];
        foreach (var (streams, target) in new[] { (64, 0.45), (256, 0.55) })
        {
            var (ours, control) = await Alternation.MediansAsync(
                settings.Repeats,
                () => H2Load.Run(server.Grpc + "phoenix.v1.Ledger/CreateTransfer", grpcBody, streams, settings.Slice, false, headers),
                () => H2Load.Run($"http://127.0.0.1:{sameGrpc}/phoenix.v1.Ledger/CreateTransfer", grpcBody, streams, settings.Slice, false, headers));
            table.Add($"unary gRPC, {streams} streams", ours / 1e3, "k/s", streams == 256 ? 100 : null);
            table.Add($"same bytes, {streams} streams", control / 1e3, "k/s");
            table.Add($"unary gRPC, {streams} streams, ratio", ours / control, "ratio", target);
        }

        ResultTable.Section("REST, durable, against the same bytes without a ledger (alternated)");
        string[] restHeaders = ["content-type: application/json", "authorization: Bearer " + LoadedServer.Key];
        var (restOurs, restControl) = await Alternation.MediansAsync(
            settings.Repeats,
            () => H2Load.Run(server.Rest + "v1/transfers", restBody, 64, settings.Slice, true, restHeaders),
            () => H2Load.Run($"http://127.0.0.1:{sameRest}/v1/transfers", restBody, 64, settings.Slice, true, restHeaders));
        table.Add("REST, 64 connections", restOurs / 1e3, "k/s");
        table.Add("same bytes over HTTP/1.1, 64 connections", restControl / 1e3, "k/s");
        table.Add("REST, ratio", restOurs / restControl, "ratio", 0.6);
        table.Add("server processor seconds of the wire part", server.Cpu, "s");
    }

    /// <summary>What was credited is still there: in the wallets and at the house.</summary>
    private static async Task CheckBooksAsync(LoadedServer server)
    {
        using var channel = new GrpcChannel(server.Grpc);
        UInt128 sum = 0;
        foreach (var name in server.Names.Append("house_wallet"))
        {
            var wallet = await channel.UnaryAsync("/phoenix.v1.Ledger/GetWallet", new GetWalletRequest { Wallet = name }, Wallet.Parser, LoadedServer.Options);
            foreach (var balance in wallet.Balances) sum += balance.Available.Units + (UInt128)balance.Reserved.Units;
        }

        if (sum != (UInt128)server.Names.Length * LoadedServer.Funds) throw new InvalidOperationException($"the books do not balance: {sum}");
    }
}
