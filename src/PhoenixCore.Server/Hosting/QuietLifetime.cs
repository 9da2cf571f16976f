namespace PhoenixCore.Server.Hosting;

/// <summary>Leaves signals to the process: the host in it may be one of several.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
