using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace PhoenixCore.Grpc;

/// <summary>The requests of a stream as messages, in the order sent. One reader at a time; errors as in <see cref="RawRequestStream"/>.</summary>
public sealed class RequestStream<T> where T : IMessage<T>
{
    private readonly RawRequestStream _raw;
    private readonly MessageParser<T> _parser;

    internal RequestStream(RawRequestStream raw, MessageParser<T> parser) => (_raw, _parser) = (raw, parser);

    /// <summary>The message that <see cref="MoveNextAsync"/> found.</summary>
    public T Current { get; private set; } = default!;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await _raw.MoveNextAsync()) return false;
        Current = _parser.ParseFrom(_raw.Current);
        return true;
    }

    public async IAsyncEnumerable<T> ReadAllAsync()
    {
        while (await MoveNextAsync()) yield return Current;
    }
}
