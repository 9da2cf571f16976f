namespace PhoenixCore.Client.Calls;

/// <summary>The cancellation of one call, and what each fault means under it.</summary>
internal sealed class CallScope : IDisposable
{
    private readonly CancellationToken _callers;
    private readonly CancellationTokenSource? _own;

    private CallScope(CallOptions options, bool needsOwn)
    {
        _callers = options.CancellationToken;
        Token = _callers;
        if (!needsOwn) return;

        _own = CancellationTokenSource.CreateLinkedTokenSource(_callers);
        Token = _own.Token;
        if (options.Timeout is not { } timeout) return;
        HasDeadline = true;
        if (timeout <= TimeSpan.Zero) _own.Cancel();
        else if (timeout < TimeSpan.FromDays(24)) _own.CancelAfter(timeout); // Beyond, a timer cannot be set; the server's limits hold.
    }

    internal CancellationToken Token { get; }

    private bool HasDeadline { get; }

    /// <returns>Null when a plain call with the caller's token will do.</returns>
    internal static CallScope? ForUnary(CallOptions options) => options.Timeout is null ? null : new CallScope(options, needsOwn: true);

    /// <summary>A stream can always be ended from here.</summary>
    internal static CallScope ForStream(CallOptions options) => new(options, needsOwn: true);

    internal static bool IsCallFault(Exception e) => e is OperationCanceledException or HttpRequestException or IOException or ObjectDisposedException;

    internal static GrpcStatusException Explain(CallScope? scope, Exception fault) => fault switch
    {
        OperationCanceledException when scope is { HasDeadline: true, Token.IsCancellationRequested: true, _callers.IsCancellationRequested: false } =>
            new GrpcStatusException(GrpcStatusCode.DeadlineExceeded, "deadline exceeded", fault),
        OperationCanceledException or ObjectDisposedException => new GrpcStatusException(GrpcStatusCode.Cancelled, "the call was cancelled", fault),
        _ => StatusReader.OfTransport(fault),
    };

    internal void Cancel() => _own?.Cancel();

    public void Dispose() => _own?.Dispose();
}
