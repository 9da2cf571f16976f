namespace PhoenixCore.Shard.Calls;

/// <summary>Calls by index, so that unmanaged completions can name them; idle ones are reused last-in-first-out while their memory is warm.</summary>
internal sealed class CallPool
{
    private readonly Lock _lock = new();
    private ShardCall[] _all = new ShardCall[1_024];
    private ShardCall[] _idle = new ShardCall[1_024];
    private int _count;
    private int _idleCount;

    public ShardCall Rent()
    {
        lock (_lock)
        {
            if (_idleCount > 0) return _idle[--_idleCount];
            if (_count == _all.Length)
            {
                // A new array: readers keep looking into the old one without a lock.
                var larger = new ShardCall[_all.Length * 2];
                _all.CopyTo(larger, 0);
                Volatile.Write(ref _all, larger);
                Array.Resize(ref _idle, larger.Length);
            }

            var call = new ShardCall(this, _count);
            Volatile.Write(ref _all[_count], call);
            _count++;
            return call;
        }
    }

    public void Return(ShardCall call)
    {
        call.Reset();
        lock (_lock) _idle[_idleCount++] = call;
    }

    public ShardCall At(int index) => Volatile.Read(ref _all)[index];
}
