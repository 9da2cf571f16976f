using System.Net;

namespace PhoenixCore.Client.Calls;

/// <summary>A request that stays open until its writer completes it.</summary>
internal sealed class OpenContent : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Complete() => _done.TrySetResult();

    internal void Break()
    {
        _stream.TrySetCanceled();
        _done.TrySetCanceled();
    }

    /// <exception cref="OperationCanceledException">The call has ended.</exception>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken token)
    {
        if (!_stream.Task.IsCompletedSuccessfully || _done.Task.IsCompleted) return WriteOnceOpenAsync(frames, token);
        return WriteAndFlushAsync(_stream.Task.Result, frames, token);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, default);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.FlushAsync(cancellationToken); // The headers leave now, not with the first message.
        _stream.TrySetResult(stream);
        await using var ending = cancellationToken.UnsafeRegister(static content => ((OpenContent)content!).Break(), this);
        await _done.Task;
    }

    private async ValueTask WriteOnceOpenAsync(ReadOnlyMemory<byte> frames, CancellationToken token)
    {
        var stream = await _stream.Task.WaitAsync(token);
        if (_done.Task.IsCompleted) throw new OperationCanceledException("the call has ended");
        await WriteAndFlushAsync(stream, frames, token);
    }

    private static async ValueTask WriteAndFlushAsync(Stream stream, ReadOnlyMemory<byte> frames, CancellationToken token)
    {
        await stream.WriteAsync(frames, token);
        await stream.FlushAsync(token);
    }
}
