using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>A server in its own process on a new directory, with funded wallets and a load for its Submit stream.</summary>
public sealed class LoadedServer : IAsyncDisposable
{
    public const string Key = "benchmark-key-0123456789";
    public const long Funds = 1_000_000_000;
    private const int SubmitBatch = 4_000;
    private readonly string _data;
    private readonly Child _server;

    private LoadedServer(string data, Child server, Copy? copy, Uri rest, Uri grpc, string[] wallets)
    {
        (_data, _server, Copy, Rest, Grpc, Names) = (data, server, copy, rest, grpc, wallets);
        Load = new SubmitLoad(grpc, Key, wallets, SubmitBatch, inFlight: 4, streams: 2);
    }

    public SubmitLoad Load { get; }

    public Uri Rest { get; }

    public Uri Grpc { get; }

    public string Data => _data;

    /// <summary>Ids of the funded wallets of the first tenant.</summary>
    public string[] Names { get; }

    /// <summary>What a call of the first tenant carries.</summary>
    public static CallOptions Options => new() { Metadata = new GrpcMetadata { { "authorization", "Bearer " + Key } } };

    /// <summary>The server's own process, and its copy's.</summary>
    public Child[] Processes => Copy is null ? [_server] : [_server, Copy.Process];

    private Copy? Copy { get; }

    /// <summary>Processor seconds of the server so far.</summary>
    public double Cpu => _server.Cpu;

    /// <param name="flags">Beside those for the directory and the addresses.</param>
    /// <param name="isCopied">It leads, with one follower, and acknowledges what both have.</param>
    public static async Task<LoadedServer> StartAsync(string directory, string flags = "", int wallets = 5_000, bool isCopied = false)
    {
        var data = Path.Combine(directory, "server-" + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(data);
        var (rest, port) = (Child.FreePort(), Child.FreePort());
        var server = Child.Start(
            Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Server.dll"),
            $"--data {data} --rest 127.0.0.1:{rest} --grpc 127.0.0.1:{port} {flags}{(isCopied ? " " + Copy.Flags : "")}",
            Child.Secrets(Key, isCopied ? Copy.Secret : null));
        Copy? copy = null;
        try
        {
            var (restAddress, address) = (new Uri($"http://127.0.0.1:{rest}"), new Uri($"http://127.0.0.1:{port}"));
            if (isCopied) copy = await Copy.StartAsync(directory, restAddress, address);
            return new LoadedServer(data, server, copy, restAddress, address, await FundAsync(address, Key, wallets));
        }
        catch
        {
            copy?.Dispose();
            server.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync()
    {
        Copy?.Dispose();
        _server.Dispose();
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes wallets of a key's tenant and fills them.</summary>
    public static async Task<string[]> FundAsync(Uri grpc, string key, int count)
    {
        var options = new CallOptions { Metadata = new GrpcMetadata { { "authorization", "Bearer " + key } } };
        using var channel = new GrpcChannel(grpc, new GrpcChannelOptions { Connections = 2 });
        var wallets = new string[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (i, _) =>
        {
            var wallet = await channel.UnaryAsync("/phoenix.v1.Ledger/CreateWallet", new CreateWalletRequest { ExternalId = $"bench-{i}", DefaultAsset = "USD" }, Wallet.Parser, options);
            wallets[i] = wallet.Id;
            await channel.UnaryAsync(
                "/phoenix.v1.Ledger/CreateCredit",
                new CreateCreditRequest { Wallet = wallet.Id, Amount = new Amount { Units = Funds, Asset = "USD" } },
                Transaction.Parser,
                options);
        });
        return wallets;
    }
}
