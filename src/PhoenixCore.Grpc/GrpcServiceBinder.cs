using Google.Protobuf;
using Google.Protobuf.Reflection;
using PhoenixCore.Grpc.Methods;

namespace PhoenixCore.Grpc;

/// <summary>Binds handlers to the methods of a generated service; name, kind of streaming and message types are checked against it.</summary>
/// <remarks>
/// A method of the service that is never bound answers UNIMPLEMENTED. <c>maxRequestBytes</c> limits one request message,
/// compressed and inflated; null takes <see cref="GrpcOptions.MaxRequestBytes"/>. For start-up, one thread.
/// Errors: <see cref="ArgumentException"/> for whatever does not fit the service, or is bound twice.
/// </remarks>
public sealed class GrpcServiceBinder(ServiceDescriptor service)
{
    private readonly Dictionary<string, GrpcMethod> _methods = [];

    public ServiceDescriptor Service => service;

    internal IReadOnlyCollection<GrpcMethod> Methods => _methods.Values;

    /// <summary>Another name to serve under, for an older version whose messages are the same on the wire.</summary>
    internal string? ServedAs { get; init; }

    public GrpcServiceBinder Unary<TRequest, TReply>(
        string method, MessageParser<TRequest> parser, Func<TRequest, GrpcCall, ValueTask<TReply>> handler, int? maxRequestBytes = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        Bind(new UnaryMethod<TRequest, TReply>(PathOf<TRequest, TReply>(method, false, false), maxRequestBytes, parser, handler));

    /// <summary>The form for hot methods: bytes in, bytes out, no message objects.</summary>
    public GrpcServiceBinder UnaryRaw(string method, RawUnaryHandler handler, int? maxRequestBytes = null) =>
        Bind(new RawUnaryMethod(PathOf(method, false, false), maxRequestBytes, handler));

    public GrpcServiceBinder ServerStreaming<TRequest, TReply>(
        string method, MessageParser<TRequest> parser, Func<TRequest, ResponseStream<TReply>, GrpcCall, ValueTask> handler, int? maxRequestBytes = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        Bind(new ServerStreamingMethod<TRequest, TReply>(PathOf<TRequest, TReply>(method, false, true), maxRequestBytes, parser, handler));

    public GrpcServiceBinder ClientStreaming<TRequest, TReply>(
        string method, MessageParser<TRequest> parser, Func<RequestStream<TRequest>, GrpcCall, ValueTask<TReply>> handler, int? maxRequestBytes = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        Bind(new ClientStreamingMethod<TRequest, TReply>(PathOf<TRequest, TReply>(method, true, false), maxRequestBytes, parser, handler));

    public GrpcServiceBinder Duplex<TRequest, TReply>(
        string method,
        MessageParser<TRequest> parser,
        Func<RequestStream<TRequest>, ResponseStream<TReply>, GrpcCall, ValueTask> handler,
        int? maxRequestBytes = null)
        where TRequest : IMessage<TRequest>
        where TReply : IMessage<TReply> =>
        Bind(new DuplexMethod<TRequest, TReply>(PathOf<TRequest, TReply>(method, true, true), maxRequestBytes, parser, handler));

    /// <summary>The form for streams of batches: bytes in, bytes out, reading and writing at the same time.</summary>
    public GrpcServiceBinder DuplexRaw(string method, RawDuplexHandler handler, int? maxRequestBytes = null) =>
        Bind(new RawDuplexMethod(PathOf(method, true, true), maxRequestBytes, handler));

    private string PathOf<TRequest, TReply>(string method, bool clientStreaming, bool serverStreaming)
    {
        var path = PathOf(method, clientStreaming, serverStreaming);
        var descriptor = service.FindMethodByName(method);
        if (descriptor.InputType.ClrType != typeof(TRequest)) throw new ArgumentException($"{descriptor.FullName} takes {descriptor.InputType.FullName}", nameof(method));
        if (descriptor.OutputType.ClrType != typeof(TReply)) throw new ArgumentException($"{descriptor.FullName} answers {descriptor.OutputType.FullName}", nameof(method));
        return path;
    }

    private string PathOf(string method, bool clientStreaming, bool serverStreaming)
    {
        var descriptor = service.FindMethodByName(method) ?? throw new ArgumentException($"{service.FullName} has no method {method}", nameof(method));
        if (descriptor.IsClientStreaming != clientStreaming || descriptor.IsServerStreaming != serverStreaming)
            throw new ArgumentException($"{descriptor.FullName} streams differently", nameof(method));
        return $"/{ServedAs ?? service.FullName}/{method}";
    }

    private GrpcServiceBinder Bind(GrpcMethod method)
    {
        _methods.Add(method.Path, method);
        return this;
    }
}
