using Google.Protobuf;

namespace PhoenixCore.Client;

/// <summary>The replies of a server stream, in order. One reader at a time. Disposing before the end resets the stream.</summary>
public sealed class ServerStreamingCall<TReply> : IAsyncDisposable where TReply : IMessage<TReply>
{
    private readonly RawDuplexCall _raw;
    private readonly MessageParser<TReply> _parser;

    internal ServerStreamingCall(RawDuplexCall raw, MessageParser<TReply> parser) => (_raw, _parser) = (raw, parser);

    /// <summary>The reply that <see cref="MoveNextAsync"/> found.</summary>
    public TReply Current { get; private set; } = default!;

    /// <inheritdoc cref="RawDuplexCall.MoveNextAsync"/>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await _raw.MoveNextAsync()) return false;
        Current = _parser.ParseFrom(_raw.Current.Span);
        return true;
    }

    public ValueTask DisposeAsync() => _raw.DisposeAsync();
}
