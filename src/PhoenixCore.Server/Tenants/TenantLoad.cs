using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Tenants;

/// <summary>What one tenant has under way, and its rate. Any thread.</summary>
/// <param name="rate">Null = no limit.</param>
public sealed class TenantLoad(RateBucket? rate)
{
    private long _underWay;
    private TaskCompletionSource? _someLeft;

    public RateBucket? Rate => rate;

    public long UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Lets in while fewer than so many are under way; what is let in may pass the bound, so that a large batch is possible at all.</summary>
    public bool TryEnter(int operations, int most)
    {
        if (Volatile.Read(ref _underWay) >= most) return false;
        Interlocked.Add(ref _underWay, operations);
        return true;
    }

    /// <summary>As <see cref="TryEnter"/>, and waits.</summary>
    /// <exception cref="OperationCanceledException">Nothing was entered.</exception>
    public async ValueTask EnterAsync(int operations, int most, CancellationToken ct)
    {
        while (!TryEnter(operations, most))
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            left = Interlocked.CompareExchange(ref _someLeft, left, null) ?? left;
            if (TryEnter(operations, most)) return;
            await left.Task.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    public void Leave(int operations)
    {
        Interlocked.Add(ref _underWay, -operations);
        if (Volatile.Read(ref _someLeft) != null) Interlocked.Exchange(ref _someLeft, null)?.TrySetResult();
    }
}
