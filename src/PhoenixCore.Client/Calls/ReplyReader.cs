using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Client.Calls;

/// <summary>Cuts the response body into messages inside one pooled buffer. One reader at a time.</summary>
internal sealed class ReplyReader(Stream body, int maxReplyBytes) : IDisposable
{
    private const int FirstBytes = 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _start;
    private int _end;

    /// <summary>The payload found; lent until the next read.</summary>
    internal ReadOnlyMemory<byte> Current { get; private set; }

    /// <returns>False at the end of the body.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<bool> MoveNextAsync(CancellationToken token)
    {
        while (!TryTake())
        {
            MakeRoom();
            var read = await body.ReadAsync(_buffer.AsMemory(_end), token);
            if (read == 0)
            {
                return _start == _end ? false : throw new GrpcStatusException(GrpcStatusCode.Internal, "the response ended inside a message");
            }

            _end += read;
        }

        return true;
    }

    public void Dispose()
    {
        Current = default;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _start = _end = 0;
    }

    private bool TryTake()
    {
        Current = default;
        if (_end - _start < GrpcFrame.HeaderBytes) return false;
        if (_buffer[_start] != 0) throw new GrpcStatusException(GrpcStatusCode.Internal, "a compressed reply was not asked for");
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (length > (uint)maxReplyBytes) throw new GrpcStatusException(GrpcStatusCode.ResourceExhausted, $"reply of {length} bytes is over the limit of {maxReplyBytes}");
        if (_end - _start - GrpcFrame.HeaderBytes < length) return false;

        Current = _buffer.AsMemory(_start + GrpcFrame.HeaderBytes, (int)length);
        _start += GrpcFrame.HeaderBytes + (int)length;
        return true;
    }

    /// <summary>Space behind the data for at least the rest of the message that has begun.</summary>
    private void MakeRoom()
    {
        if (_start == _end) _start = _end = 0;
        var held = _end - _start;
        var wanted = GrpcFrame.HeaderBytes + (held < GrpcFrame.HeaderBytes ? 0 : BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1)));
        if (_end < _buffer.Length && _start + wanted <= _buffer.Length) return;

        var target = _buffer;
        if (wanted > _buffer.Length) target = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, _buffer.Length * 2));
        _buffer.AsSpan(_start, held).CopyTo(target);
        if (target != _buffer) ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _start, _end) = (target, 0, held);
    }
}
