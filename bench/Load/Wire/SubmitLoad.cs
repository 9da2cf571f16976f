using System.Diagnostics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>Batches over the Submit stream from this process: frames are encoded once and only keys are patched, so that the client costs little.</summary>
public sealed class SubmitLoad(Uri server, string apiKey, string[] wallets, int batch, int inFlight, int streams)
{
    private const string Path = "/phoenix.v1.Ledger/Submit";
    private static ulong _key = (ulong)Stopwatch.GetTimestamp();

    private readonly CallOptions _options = new() { Metadata = new GrpcMetadata { { "authorization", "Bearer " + apiKey } } };

    /// <summary>Accepted transfers per second.</summary>
    public Task<double> TransfersAsync(double seconds) => RunAsync(seconds, async (call, random, until) =>
    {
        long accepted = 0;
        var frames = Enumerable.Range(0, inFlight).Select(_ => Template(random, Transfer)).ToArray();
        using var room = new SemaphoreSlim(inFlight);
        var reading = Task.Run(async () =>
        {
            while (await call.MoveNextAsync())
            {
                accepted += CountAccepted(call.Current.Span);
                room.Release();
            }
        });
        for (var next = 0; Stopwatch.GetTimestamp() < until; next++)
        {
            await room.WaitAsync();
            var frame = frames[next % inFlight];
            frame.PatchKeys(ref _key);
            await call.WriteAsync(frame.Bytes);
        }

        call.Complete();
        await reading;
        return accepted;
    });

    /// <summary>Reserve, then settle to the house: accepted settlements per second.</summary>
    public Task<double> BettingPairsAsync(double seconds) => RunAsync(seconds, async (call, random, until) =>
    {
        long pairs = 0;
        using var room = new SemaphoreSlim(inFlight);
        var toSettle = System.Threading.Channels.Channel.CreateUnbounded<(byte[] Reply, bool Last)>();
        var kinds = new System.Collections.Concurrent.ConcurrentQueue<bool>();
        var reading = Task.Run(async () =>
        {
            while (await call.MoveNextAsync())
            {
                kinds.TryDequeue(out var settled);
                if (settled)
                {
                    pairs += CountAccepted(call.Current.Span);
                    room.Release();
                }
                else
                {
                    await toSettle.Writer.WriteAsync((call.Current.ToArray(), false));
                }
            }
        });
        var reserve = Enumerable.Range(0, inFlight).Select(_ => Template(random, Reserve)).ToArray();
        var commit = Enumerable.Range(0, inFlight).Select(_ => Template(random, Commit)).ToArray();
        var (reserved, settling) = (0, 0);
        while (Stopwatch.GetTimestamp() < until || settling < reserved)
        {
            if (toSettle.Reader.TryRead(out var answer))
            {
                var frame = commit[settling % inFlight];
                frame.PatchKeys(ref _key);
                frame.PatchReservations(answer.Reply);
                kinds.Enqueue(true);
                settling++;
                await call.WriteAsync(frame.Bytes);
                continue;
            }

            if (Stopwatch.GetTimestamp() >= until || !await room.WaitAsync(1)) continue;
            var next = reserve[reserved % inFlight];
            next.PatchKeys(ref _key);
            kinds.Enqueue(false);
            reserved++;
            await call.WriteAsync(next.Bytes);
        }

        call.Complete();
        await reading;
        return pairs;
    });

    private async Task<double> RunAsync(double seconds, Func<RawDuplexCall, Random, long, Task<long>> stream)
    {
        using var channel = new GrpcChannel(server, new GrpcChannelOptions { Connections = streams });
        var start = Stopwatch.GetTimestamp();
        var until = start + (long)(seconds * Stopwatch.Frequency);
        var runs = Enumerable.Range(0, streams).Select(i => Task.Run(async () =>
        {
            await using var call = channel.DuplexRaw(Path, _options);
            return await stream(call, new Random(i), until);
        })).ToArray();
        var total = (await Task.WhenAll(runs)).Sum();
        return total / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private PatchedFrame Template(Random random, Func<Random, SubmitOperation> make)
    {
        var request = new SubmitRequest();
        for (var i = 0; i < batch; i++)
        {
            var operation = make(random);
            operation.IdempotencyKey = ByteString.CopyFrom(PatchedFrame.KeyMark);
            request.Operations.Add(operation);
        }

        return new PatchedFrame(GrpcFrame.Encode(request), batch);
    }

    private SubmitOperation Transfer(Random random)
    {
        var from = random.Next(wallets.Length);
        var to = (from + 1 + random.Next(wallets.Length - 1)) % wallets.Length;
        return new SubmitOperation { Transfer = new SubmitTransfer { FromWallet = wallets[from], ToWallet = wallets[to], Units = (ulong)random.Next(1, 64), Asset = "USD" } };
    }

    private SubmitOperation Reserve(Random random) =>
        new() { Reserve = new SubmitReserve { Wallet = wallets[random.Next(wallets.Length)], Units = 25, Asset = "USD" } };

    private static SubmitOperation Commit(Random random) =>
        new() { Commit = new SubmitCommit { Reservation = PatchedFrame.ReservationMark, ToWallet = "house_wallet" } };

    /// <summary>An accepted result without id is the empty message: tag, length 0. Anything else is parsed.</summary>
    private static long CountAccepted(ReadOnlySpan<byte> reply)
    {
        var words = MemoryMarshal.Cast<byte, ushort>(reply);
        var empty = true;
        foreach (var word in words) empty &= word == 0x000A;
        if (empty && (reply.Length & 1) == 0) return words.Length;
        return SubmitReply.Parser.ParseFrom(reply).Results.Count(result => result.Code == ResultCode.Accepted);
    }
}
