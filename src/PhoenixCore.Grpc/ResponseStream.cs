using Google.Protobuf;

namespace PhoenixCore.Grpc;

/// <summary>The replies of a stream as messages. One writer at a time; errors as in <see cref="RawResponseStream"/>.</summary>
public sealed class ResponseStream<T> where T : IMessage<T>
{
    private readonly RawResponseStream _raw;

    internal ResponseStream(RawResponseStream raw) => _raw = raw;

    /// <summary>Sends one message and waits until the client's window took it.</summary>
    public ValueTask WriteAsync(T message)
    {
        Append(message);
        return FlushAsync();
    }

    /// <summary>Frames one message without sending it yet.</summary>
    public void Append(T message)
    {
        message.WriteTo(_raw.Message);
        _raw.EndMessage();
    }

    /// <summary>Sends what was appended; before the first message, the response headers.</summary>
    public ValueTask FlushAsync() => _raw.FlushAsync();
}
