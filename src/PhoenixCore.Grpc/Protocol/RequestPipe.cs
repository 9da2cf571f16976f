using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Grpc.Protocol;

/// <summary>Reads of a request that may break off: a client's reset becomes a cancellation, so that it is not mistaken for a handler's I/O error.</summary>
internal static class RequestPipe
{
    internal static bool TryRead(PipeReader pipe, out ReadResult read)
    {
        try
        {
            return pipe.TryRead(out read);
        }
        catch (IOException e) when (e is not Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            throw Gone(e);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<ReadResult> ReadAsync(PipeReader pipe, CancellationToken token)
    {
        try
        {
            var read = await pipe.ReadAsync(token);
            return read.IsCanceled ? throw new OperationCanceledException(token) : read;
        }
        catch (IOException e) when (e is not Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            throw Gone(e);
        }
    }

    private static OperationCanceledException Gone(IOException e) => new("the client went away", e);
}
