using System.Collections;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PhoenixCore.Server.Hosting;

/// <summary>Tells systemd how the process fares, by the protocol of sd_notify: datagrams to the socket that the environment names. Without that variable it does nothing. Any thread.</summary>
/// <remarks>Nothing here may stop the ledger: what cannot be sent is dropped.</remarks>
internal sealed class ServiceManager : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogProcessVariable = "WATCHDOG_PID";
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MoreTime = TimeSpan.FromSeconds(60);

    private readonly Socket? _socket;
    private readonly TimeSpan? _watchdog;
    private Timer? _timer;

    private ServiceManager(Socket? socket, TimeSpan? watchdog) => (_socket, _watchdog) = (socket, watchdog);

    /// <param name="environment">Variables of the process.</param>
    public static ServiceManager Of(IDictionary environment)
    {
        if (environment[SocketVariable] is not string { Length: > 1 } path || path[0] is not ('/' or '@')) return new ServiceManager(null, null);
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path)); // an @ stands for the zero of an abstract name
        }
        catch (SocketException)
        {
            socket.Dispose();
            return new ServiceManager(null, null);
        }

        return new ServiceManager(socket, WatchdogOf(environment));
    }

    /// <summary>Says again and again how far the recovery is, and asks for time as long as it goes on.</summary>
    /// <param name="share">Of the recovery, 0 to 1.</param>
    public void Starting(Func<double> share)
    {
        var (shown, told) = (-1.0, false);
        Repeat(ProgressInterval, () =>
        {
            var now = share();
            if (now == shown && told) return; // it stands still: systemd's own patience counts
            (shown, told) = (now, true);
            Send(string.Create(CultureInfo.InvariantCulture, $"STATUS=recovering, {now * 100:F0} %\nEXTEND_TIMEOUT_USEC={(long)MoreTime.TotalMicroseconds}"));
        });
    }

    /// <summary>Both fronts answer. From now on the watchdog hears from us while the server is alive.</summary>
    public void Ready(Func<bool> isAlive)
    {
        Send("READY=1\nSTATUS=serving");
        if (_watchdog is { } period) Repeat(period / 2, () => Send(isAlive() ? "WATCHDOG=1" : "STATUS=a loop of the shard stands still"));
        else Stop();
    }

    public void Stopping()
    {
        Stop();
        Send("STOPPING=1\nSTATUS=stopping");
    }

    public void Dispose()
    {
        Stop();
        _socket?.Dispose();
    }

    private static TimeSpan? WatchdogOf(IDictionary environment)
    {
        var isOurs = environment[WatchdogProcessVariable] is not string process || process == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        return isOurs && environment[WatchdogVariable] is string text && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
    }

    private void Repeat(TimeSpan period, Action tell)
    {
        Stop();
        if (_socket is null) return;
        _timer = new Timer(_ => tell(), null, TimeSpan.Zero, period);
    }

    private void Stop() => Interlocked.Exchange(ref _timer, null)?.Dispose();

    private void Send(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The manager has gone, or does not read.
        }
    }
}
