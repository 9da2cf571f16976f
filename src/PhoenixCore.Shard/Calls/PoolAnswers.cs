using System.Collections.Concurrent;

namespace PhoenixCore.Shard.Calls;

/// <summary>Hands answered calls to the thread pool, several in one work item: queueing each alone cost more than what most of them do next.</summary>
/// <remarks>Used by the answering thread. Steady state allocates nothing: work items come back.</remarks>
internal sealed class PoolAnswers
{
    /// <summary>Enough to pay for waking a worker, few enough that the last of them does not wait long for the others.</summary>
    private const int CallsPerItemMax = 16;

    private readonly ConcurrentQueue<Item> _idle = new();
    private Item? _open;

    public void Add(ShardCall call)
    {
        if (_open == null && !_idle.TryDequeue(out _open)) _open = new Item(_idle);
        if (_open.Add(call)) Send();
    }

    /// <summary>Sends what was added since the last full work item.</summary>
    public void Send()
    {
        if (_open == null) return;
        ThreadPool.UnsafeQueueUserWorkItem(_open, preferLocal: false);
        _open = null;
    }

    private sealed class Item(ConcurrentQueue<Item> idle) : IThreadPoolWorkItem
    {
        private readonly ShardCall?[] _calls = new ShardCall[CallsPerItemMax];
        private int _count;

        /// <returns>True when it is full.</returns>
        public bool Add(ShardCall call)
        {
            _calls[_count++] = call;
            return _count == CallsPerItemMax;
        }

        public void Execute()
        {
            for (var i = 0; i < _count; i++)
            {
                var call = _calls[i]!;
                _calls[i] = null;
                call.Complete();
            }

            _count = 0;
            idle.Enqueue(this);
        }
    }
}
