using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Stands between two copies: passes bytes on, cuts connections, delays, or flips a bit of what goes to the one that called.</summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly CancellationTokenSource _end = new();
    private volatile bool _isCut;
    private int _flips;

    public FaultyProxy()
    {
        _listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _ = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where it leads to.</summary>
    public Uri? Target { get; set; }

    /// <summary>Between two pieces that are passed on.</summary>
    public TimeSpan Delay { get; set; }

    /// <summary>Flips that were made.</summary>
    public int Flipped { get; private set; }

    /// <summary>Nothing passes any more, and what is open is closed.</summary>
    public void Cut()
    {
        _isCut = true;
        Break();
    }

    public void Heal() => _isCut = false;

    /// <summary>One bit of the next long piece will be wrong.</summary>
    public void FlipOne() => Interlocked.Increment(ref _flips);

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        Break();
        _end.Dispose();
    }

    private void Break()
    {
        foreach (var client in _open.Keys) client.Close();
        _open.Clear();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy has ended.
        }
    }

    private async Task ServeAsync(TcpClient from)
    {
        using var to = new TcpClient();
        using (from)
        {
            if (_isCut || Target is not { } target) return;
            (_open[from], _open[to]) = (true, true);
            try
            {
                await to.ConnectAsync(IPAddress.Loopback, target.Port, _end.Token);
                await Task.WhenAny(PassAsync(from.GetStream(), to.GetStream(), mayFlip: false), PassAsync(to.GetStream(), from.GetStream(), mayFlip: true));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of them has gone.
            }
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool mayFlip)
    {
        var buffer = new byte[64 << 10];
        int count;
        while ((count = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (Delay > TimeSpan.Zero) await Task.Delay(Delay, _end.Token);
            if (mayFlip && count > 1_000 && Interlocked.Exchange(ref _flips, 0) > 0)
            {
                buffer[count * 2 / 3] ^= 16;
                Flipped++;
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
