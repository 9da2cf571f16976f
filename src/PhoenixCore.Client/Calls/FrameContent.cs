using System.Net;

namespace PhoenixCore.Client.Calls;

/// <summary>A request of one frame; its length is known, so HTTP/2 ends the stream together with the data.</summary>
internal sealed class FrameContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _frame;

    internal FrameContent(ReadOnlyMemory<byte> frame) => _frame = frame;

    protected override bool TryComputeLength(out long length)
    {
        length = _frame.Length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(_frame).AsTask();

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        stream.WriteAsync(_frame, cancellationToken).AsTask();
}
