using System.Buffers;
using Google.Protobuf;

namespace PhoenixCore.Client;

/// <summary>A stream in messages; writing and reading are independent, one of each at a time.</summary>
public sealed class DuplexCall<TRequest, TReply> : IAsyncDisposable
    where TRequest : IMessage<TRequest>
    where TReply : IMessage<TReply>
{
    private readonly RawDuplexCall _raw;
    private readonly MessageParser<TReply> _parser;
    private readonly ArrayBufferWriter<byte> _frame = new();

    internal DuplexCall(RawDuplexCall raw, MessageParser<TReply> parser) => (_raw, _parser) = (raw, parser);

    /// <summary>The reply that <see cref="MoveNextAsync"/> found.</summary>
    public TReply Current { get; private set; } = default!;

    /// <inheritdoc cref="RawDuplexCall.WriteAsync"/>
    public ValueTask WriteAsync(TRequest message)
    {
        _frame.ResetWrittenCount();
        GrpcFrame.Write(_frame, message);
        return _raw.WriteAsync(_frame.WrittenMemory);
    }

    /// <inheritdoc cref="RawDuplexCall.Complete"/>
    public void Complete() => _raw.Complete();

    /// <inheritdoc cref="RawDuplexCall.MoveNextAsync"/>
    public async ValueTask<bool> MoveNextAsync()
    {
        if (!await _raw.MoveNextAsync()) return false;
        Current = _parser.ParseFrom(_raw.Current.Span);
        return true;
    }

    public ValueTask DisposeAsync() => _raw.DisposeAsync();
}
