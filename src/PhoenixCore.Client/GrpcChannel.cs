using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using PhoenixCore.Client.Calls;

namespace PhoenixCore.Client;

/// <summary>Calls one gRPC server over HTTP/2: in clear text (prior knowledge) for http, over TLS for https. Any thread.</summary>
/// <remarks>Methods are named by their path, <c>/package.Service/Method</c>. Every fault is a <see cref="GrpcStatusException"/>.</remarks>
public sealed class GrpcChannel : IDisposable
{
    private static readonly CallOptions NoOptions = new();

    private readonly HttpMessageInvoker[] _connections;
    private readonly RequestFactory _requests;
    private readonly int _maxReplyBytes;
    private int _turn = -1;

    public GrpcChannel(Uri address, GrpcChannelOptions? options = null)
    {
        options ??= new GrpcChannelOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1, nameof(options));
        _requests = new RequestFactory(address);
        _maxReplyBytes = options.MaxReplyBytes;
        _connections = new HttpMessageInvoker[options.Connections];
        for (var i = 0; i < _connections.Length; i++) _connections[i] = new HttpMessageInvoker(MakeHandler(options));
    }

    private HttpMessageInvoker NextConnection =>
        _connections.Length == 1 ? _connections[0] : _connections[(uint)Interlocked.Increment(ref _turn) % (uint)_connections.Length];

    /// <returns>The reply.</returns>
    public async Task<TReply> UnaryAsync<TRequest, TReply>(string path, TRequest request, MessageParser<TReply> parser, CallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply>
    {
        var size = request.CalculateSize();
        var frame = ArrayPool<byte>.Shared.Rent(GrpcFrame.HeaderBytes + size);
        GrpcFrame.WriteHeader(frame, size);
        request.WriteTo(frame.AsSpan(GrpcFrame.HeaderBytes, size));
        var reply = await UnaryCoreAsync(path, frame.AsMemory(0, GrpcFrame.HeaderBytes + size), options ?? NoOptions, payload => parser.ParseFrom(payload.Span));
        // Given back only after a reply: a call that failed may still be writing, and must not write another call's bytes.
        ArrayPool<byte>.Shared.Return(frame);
        return reply;
    }

    /// <summary>A unary call without message objects: the frame goes out as it is, the payload of the reply is given to <paramref name="read"/>.</summary>
    /// <param name="frame">One frame, as <see cref="GrpcFrame"/> makes it; may be sent by many calls at once.</param>
    /// <param name="read">Sees the payload, which is lent to it.</param>
    public ValueTask<TResult> UnaryRawAsync<TResult>(
        string path, ReadOnlyMemory<byte> frame, Func<ReadOnlyMemory<byte>, TResult> read, CallOptions? options = null) =>
        UnaryCoreAsync(path, frame, options ?? NoOptions, read);

    public ServerStreamingCall<TReply> ServerStreaming<TRequest, TReply>(string path, TRequest request, MessageParser<TReply> parser, CallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        new(Start(path, new FrameContent(GrpcFrame.Encode(request)), options ?? NoOptions), parser);

    /// <summary>For client streams too: those answer with one reply.</summary>
    public DuplexCall<TRequest, TReply> Duplex<TRequest, TReply>(string path, MessageParser<TReply> parser, CallOptions? options = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        new(DuplexRaw(path, options), parser);

    public RawDuplexCall DuplexRaw(string path, CallOptions? options = null) => Start(path, new OpenContent(), options ?? NoOptions);

    public void Dispose()
    {
        foreach (var connection in _connections) connection.Dispose();
    }

    internal static void Keep(CallOptions options, HttpHeaders headers)
    {
        if (options.ResponseMetadata is not { } kept) return;
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values) kept.AddWire(name.ToLowerInvariant(), value);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TResult> UnaryCoreAsync<TResult>(
        string path, ReadOnlyMemory<byte> frame, CallOptions options, Func<ReadOnlyMemory<byte>, TResult> read)
    {
        using var scope = CallScope.ForUnary(options);
        var token = scope?.Token ?? options.CancellationToken;
        try
        {
            using var response = await NextConnection.SendAsync(_requests.Make(path, new FrameContent(frame), options), token);
            Keep(options, response.Headers);
            var headers = response.Headers.NonValidated;
            if (headers.Contains("grpc-status"))
            {
                StatusReader.Check(headers);
                throw new GrpcStatusException(GrpcStatusCode.Internal, "no reply message");
            }

            if (response.StatusCode != HttpStatusCode.OK) throw StatusReader.OfHttp(response.StatusCode);

            using var replies = new ReplyReader(response.Content.ReadAsStream(token), _maxReplyBytes);
            var found = await replies.MoveNextAsync(token);
            var result = found ? read(replies.Current) : default;
            var more = found && await replies.MoveNextAsync(token);
            Keep(options, response.TrailingHeaders);
            StatusReader.Check(response.TrailingHeaders.NonValidated);
            return found && !more ? result! : throw new GrpcStatusException(GrpcStatusCode.Internal, more ? "more than one reply message" : "no reply message");
        }
        catch (Exception e) when (CallScope.IsCallFault(e))
        {
            throw CallScope.Explain(scope, e);
        }
    }

    private RawDuplexCall Start(string path, HttpContent content, CallOptions options) =>
        new(NextConnection, _requests.Make(path, content, options), CallScope.ForStream(options), options, _maxReplyBytes);

    private static SocketsHttpHandler MakeHandler(GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false,
            InitialHttp2StreamWindowSize = options.StreamWindowBytes,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(60),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
        };
        if (options.ServerCertificateValidation is { } validation) handler.SslOptions.RemoteCertificateValidationCallback = validation;
        if (options.ClientCertificate is { } certificate) handler.SslOptions.ClientCertificates = [certificate];
        return handler;
    }
}
