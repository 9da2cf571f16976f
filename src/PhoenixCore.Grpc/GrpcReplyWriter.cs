using System.Buffers;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>Takes the bytes of reply messages and frames them; a protobuf message or a hand-written encoder writes straight into it.</summary>
/// <remarks>
/// Frames collect in one pooled buffer and leave in one write, so that nothing of a reply is on its way when its handler
/// fails, and the length in front of a message need not be known first. One thread at a time.
/// </remarks>
public sealed class GrpcReplyWriter : IBufferWriter<byte>
{
    private const int FirstBytes = 512;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _frameStart;
    private int _length = FrameHeader.Bytes;

    internal GrpcReplyWriter()
    {
    }

    /// <summary>Payload bytes of the message being written.</summary>
    public int MessageBytes => _length - _frameStart - FrameHeader.Bytes;

    /// <summary>Bytes of the whole frames that have not been sent yet.</summary>
    public int FramedBytes => _frameStart;

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _length);
        _length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_buffer.Length - _length < Math.Max(sizeHint, 1)) Grow(sizeHint);
        return _buffer.AsSpan(_length);
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_buffer.Length - _length < Math.Max(sizeHint, 1)) Grow(sizeHint);
        return _buffer.AsMemory(_length);
    }

    /// <summary>Closes the message written so far (perhaps empty) and opens the next.</summary>
    internal void EndMessage()
    {
        FrameHeader.Write(_buffer.AsSpan(_frameStart), MessageBytes);
        _frameStart = _length;
        if (_buffer.Length - _length < FrameHeader.Bytes) Grow(FrameHeader.Bytes);
        _length += FrameHeader.Bytes;
    }

    internal ReadOnlyMemory<byte> Framed => _buffer.AsMemory(0, _frameStart);

    /// <summary>Forgets the whole frames, which have been sent; no message may be open.</summary>
    internal void ClearFramed()
    {
        if (MessageBytes != 0) throw new InvalidOperationException("a message is open: end it before flushing");
        _frameStart = 0;
        _length = FrameHeader.Bytes;
    }

    internal void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow(int sizeHint)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_length + sizeHint), _buffer.Length * 2));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
