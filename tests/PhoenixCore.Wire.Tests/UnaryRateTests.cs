using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using Xunit;
using Xunit.Abstractions;

namespace PhoenixCore.Wire.Tests;

/// <summary>What a durable unary transfer costs against an endpoint that moves the same bytes and does nothing. Client and server share the machine and the process.</summary>
public sealed class UnaryRateTests(ITestOutputHelper output)
{
    private const int Slices = 5;
    private const int AllocatedBytesMax = 2_048;
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(1);

    [RateTheory]
    [InlineData(64)]
    [InlineData(256)]
    public async Task A_durable_transfer_allocates_little_more_than_its_bytes_do(int streams)
    {
        await using var server = await WireServer.StartAsync();
        using var client = new LedgerClient(server.Address);
        var (from, to) = (await client.CreateWalletAsync("from", pooled: true), await client.CreateWalletAsync("to", pooled: true));
        await client.CreditAsync(from.Id, 1_000_000_000);
        await using var same = SameBytes();
        await same.StartAsync();
        using var plain = new LedgerClient(new Uri(same.Urls.Single()));

        await RunAsync(client, from.Id, to.Id, streams);
        await RunAsync(plain, from.Id, to.Id, streams);
        var ratios = new List<double>();
        var (durable, bytes, allocated) = (0L, 0L, 0L);
        for (var i = 0; i < Slices; i++)
        {
            var before = GC.GetTotalAllocatedBytes();
            var one = await RunAsync(client, from.Id, to.Id, streams);
            var between = GC.GetTotalAllocatedBytes();
            var other = await RunAsync(plain, from.Id, to.Id, streams);
            allocated += (between - before) / one - ((GC.GetTotalAllocatedBytes() - between) / other);
            (durable, bytes) = (durable + one, bytes + other);
            ratios.Add((double)one / other);
        }

        ratios.Sort();
        output.WriteLine($"{streams} streams: durable {durable / Slices}/s, same bytes {bytes / Slices}/s, median ratio {ratios[Slices / 2]:F2}, {allocated / Slices} bytes allocated more per call");
        Assert.True(allocated / Slices < AllocatedBytesMax, $"{allocated / Slices} bytes more per call"); // rates are the machine's, allocations ours
    }

    private static async Task<long> RunAsync(LedgerClient client, string from, string to, int streams)
    {
        var frame = GrpcFrame.Encode(new CreateTransferRequest { FromWallet = from, ToWallet = to, Amount = new Amount { Units = 1 } });
        var options = new CallOptions { Metadata = client.Metadata };
        var until = Stopwatch.GetTimestamp() + (Stopwatch.Frequency * (long)Slice.TotalSeconds);
        var counts = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => Task.Run(async () =>
        {
            var count = 0L;
            for (; Stopwatch.GetTimestamp() < until; count++) await client.Channel.UnaryRawAsync(LedgerClient.Path("CreateTransfer"), frame, reply => reply.Length, options);
            return count;
        })));
        return counts.Sum();
    }

    private static WebApplication SameBytes()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var reply = new byte[GrpcFrame.HeaderBytes + 79];
        GrpcFrame.WriteHeader(reply, 79);
        var app = builder.Build();
        app.Run(async http =>
        {
            var read = await http.Request.BodyReader.ReadAsync();
            while (!read.IsCompleted)
            {
                http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await http.Request.BodyReader.ReadAsync();
            }

            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            http.Response.ContentType = "application/grpc";
            await http.Response.StartAsync();
            reply.CopyTo(http.Response.BodyWriter.GetMemory(reply.Length));
            http.Response.BodyWriter.Advance(reply.Length);
            http.Response.AppendTrailer("grpc-status", "0");
        });
        return app;
    }
}
