using System.Runtime.CompilerServices;
using Google.Protobuf;
using PhoenixCore.Client.Api;
using PhoenixCore.Client.Errors;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Client.Calls;

/// <summary>Calls that are repeated until they are answered: each has one key, whatever the number of attempts. Any thread.</summary>
internal sealed class LogicalCalls(GrpcChannel channel, string apiKey, PhoenixClientOptions options)
{
    public const string Ledger = "Ledger";
    public const string History = "History";
    private const int PageSize = 100;

    private readonly GrpcMetadata _metadata = new GrpcMetadata().Add("authorization", "Bearer " + apiKey);

    public static uint Page => PageSize;

    /// <summary>The caller's key, or a new one.</summary>
    public static string KeyOf(RequestOptions? request) => request?.IdempotencyKey ?? Guid.CreateVersion7().ToString("N");

    /// <param name="key">Null for reads.</param>
    public async Task<TReply> RunAsync<TRequest, TReply>(string service, string method, TRequest request, MessageParser<TReply> parser, string? key, CancellationToken ct)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply>
    {
        var call = new CallOptions { Metadata = _metadata, Timeout = options.AttemptTimeout, CancellationToken = ct };
        var until = Environment.TickCount64 + (long)options.Patience.TotalMilliseconds;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await channel.UnaryAsync(PathOf(service, method), request, parser, call).ConfigureAwait(false);
            }
            catch (GrpcStatusException e)
            {
                ct.ThrowIfCancellationRequested();
                if (!Faults.MayPass(e) || attempt >= options.AttemptsMax || Environment.TickCount64 >= until) throw Faults.Explain(e, key);
            }

            await WaitAsync(attempt, ct).ConfigureAwait(false);
        }
    }

    /// <summary>An operation of the ledger: one effect under one key.</summary>
    public async Task<Receipt> WriteAsync<TRequest>(string method, TRequest request, string key, RequestOptions? asked)
        where TRequest : IMessage<TRequest> =>
        Receipt.From(await RunAsync(Ledger, method, request, Transaction.Parser, key, asked?.CancellationToken ?? default).ConfigureAwait(false));

    /// <summary>Every row of a list, a page at a time.</summary>
    /// <param name="read">One page: its rows, and the token of the next one or nothing.</param>
    public static async IAsyncEnumerable<T> PagesAsync<T>(Func<string, CancellationToken, Task<(IEnumerable<T> Rows, string Next)>> read, [EnumeratorCancellation] CancellationToken ct = default)
    {
        for (var token = ""; ;)
        {
            var (rows, next) = await read(token, ct).ConfigureAwait(false);
            foreach (var row in rows) yield return row;
            if (next.Length == 0) yield break;
            token = next;
        }
    }

    public ServerStreamingCall<TReply> Stream<TRequest, TReply>(string service, string method, TRequest request, MessageParser<TReply> parser, CancellationToken ct)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        channel.ServerStreaming(PathOf(service, method), request, parser, new CallOptions { Metadata = _metadata, CancellationToken = ct });

    /// <summary>A random part of a bound that doubles: callers that failed together do not come back together.</summary>
    public Task WaitAsync(int attempt, CancellationToken ct)
    {
        var bound = Math.Min(options.BackoffMin.TotalMilliseconds * Math.Pow(2, attempt - 1), options.BackoffMax.TotalMilliseconds);
        return Task.Delay(TimeSpan.FromMilliseconds(bound * (0.5 + (Random.Shared.NextDouble() / 2))), ct);
    }

    private static string PathOf(string service, string method) => $"/phoenix.v1.{service}/{method}";
}
