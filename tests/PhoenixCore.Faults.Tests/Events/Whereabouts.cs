namespace PhoenixCore.Faults.Tests.Events;

/// <summary>Where consumers find the server just now: after each end it comes back on other ports.</summary>
internal sealed class Whereabouts
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private volatile ServerProcess? _current;

    public void Point(ServerProcess? server) => _current = server;

    /// <summary>Connects, reads until the connection breaks, and comes back, until it is ended.</summary>
    public async Task FollowAsync(Func<ServerProcess, CancellationToken, Task> read, Func<Exception, bool> isBreak, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                if (_current is { } server) await read(server, ct);
                await Task.Delay(Pause, ct);
            }
            catch (Exception e) when (ct.IsCancellationRequested || isBreak(e))
            {
                // the reader is ended, or the server has gone: at its next place again
            }
        }
    }
}
