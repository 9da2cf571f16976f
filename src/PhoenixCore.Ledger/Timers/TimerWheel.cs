using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Timers;

/// <summary>What is due when, in seconds: three wheels of 1,024 buckets (17 minutes, 12 days, 34 years) and one bucket for what lies beyond.</summary>
/// <remarks>Derived from reservations and lots, so not part of the digest. Setting and cancelling touch a few links; sweeping takes out what is due in bounded steps.</remarks>
internal sealed unsafe class TimerWheel : IDisposable
{
    private const int BucketBits = 10;
    private const int Buckets = 1 << BucketBits;
    private const int Levels = 3;
    private const int Beyond = (Levels * Buckets) + 1;
    private const long Second = 1_000_000_000;

    /// <summary>Seconds; a wheel that has stood still for longer (its snapshot was restored) is turned at once instead of step by step.</summary>
    private const long GapMax = 1 << 16;

    private readonly RowPool<TimerNode> _nodes;
    private readonly NativeRegion _region;
    private readonly int* _heads; // 1-based bucket numbers; [0] unused
    private readonly UndoLog _undo;
    private long _now = -1; // the second whose bucket is being emptied; −1 = not started

    public TimerWheel(int capacity, bool hugePages, UndoLog undo)
    {
        _nodes = new RowPool<TimerNode>(capacity, hugePages, undo);
        _region = new NativeRegion((Beyond + 1) * sizeof(int), false);
        _heads = (int*)_region.Base;
        _undo = undo;
        _undo.Register();
    }

    public RowPool<TimerNode> Nodes => _nodes;

    public StateSection Section(StateTable table) => new(table, sizeof(int), (nint)_heads, (Beyond + 1) * sizeof(int), unchecked((ulong)_now));

    /// <summary>Where the buckets of a snapshot go; null when they are none.</summary>
    public byte* Place(in StateSection stored)
    {
        if (stored.RowBytes != sizeof(int) || stored.Bytes != (Beyond + 1) * sizeof(int)) return null;
        _now = unchecked((long)stored.First);
        return _region.Base;
    }

    public int Count => _nodes.Live;

    /// <param name="due">Unix nanoseconds.</param>
    /// <returns>A handle for <see cref="Cancel"/>.</returns>
    public int Set(TimerOwner owner, int handle, long due)
    {
        var node = _nodes.Allocate();
        var row = _nodes.Write(node);
        row->Owner = owner;
        row->Handle = handle;
        row->Due = due;
        Link(node, row);
        return node;
    }

    public void Cancel(int node)
    {
        Unlink(_nodes.Write(node));
        _nodes.Free(node);
    }

    /// <summary>The owner of something due. It stays until its expiry is applied, which cancels it. Moves far buckets nearer as time passes.</summary>
    /// <remarks>Works in whole seconds: a bucket is emptied once its second is over, so a sweep is up to a second late and never has to look for the due ones among the others.</remarks>
    /// <param name="stamp">Unix nanoseconds.</param>
    /// <param name="steps">Buckets it may still step over; counts down.</param>
    public bool TryPeekDue(long stamp, ref int steps, out TimerOwner owner, out int handle)
    {
        var second = stamp / Second;
        if (_now < 0) Start(second);
        else if (second - _now > GapMax) Restart(second);
        while (_now < second)
        {
            var node = _heads[BucketOf(0, _now)];
            if (node != 0)
            {
                var row = _nodes.Read(node);
                (owner, handle) = (row->Owner, row->Handle);
                return true;
            }

            if (steps-- <= 0) break;
            _now++;
            if ((_now & (Buckets - 1)) == 0) Cascade();
        }

        (owner, handle) = (default, 0);
        return false;
    }

    public void Dispose()
    {
        _nodes.Dispose();
        _region.Dispose();
    }

    /// <summary>Until the first sweep there is no "now" and everything lies beyond: a replay sets millions of timers that are cancelled again.</summary>
    private void Start(long second)
    {
        _now = Math.Max(0, second - 1);
        Relink(Beyond);
    }

    private void Restart(long second)
    {
        _now = -1;
        for (var bucket = 1; bucket < Beyond; bucket++) Relink(bucket);
        Start(second);
    }

    private static int BucketOf(int level, long second) => 1 + (level * Buckets) + (int)((second >> (level * BucketBits)) & (Buckets - 1));

    private int BucketFor(long due)
    {
        if (_now < 0) return Beyond;
        var second = Math.Max(due / Second, _now);
        for (var level = 0; level < Levels; level++)
        {
            // Buckets ahead, not seconds: above level 0 the present bucket has been brought down already and must stay empty.
            var bits = level * BucketBits;
            if ((second >> bits) - (_now >> bits) < Buckets) return BucketOf(level, second);
        }

        return Beyond;
    }

    private void Link(int node, TimerNode* row)
    {
        var bucket = BucketFor(row->Due);
        var head = _heads + bucket;
        row->Bucket = bucket;
        row->Next = *head;
        row->Previous = 0;
        if (*head != 0) _nodes.Write(*head)->Previous = node;
        SetHead(head, node);
    }

    private void Unlink(TimerNode* row)
    {
        if (row->Next != 0) _nodes.Write(row->Next)->Previous = row->Previous;
        if (row->Previous != 0) _nodes.Write(row->Previous)->Next = row->Next;
        else SetHead(_heads + row->Bucket, row->Next);
    }

    private void SetHead(int* head, int node)
    {
        if (_undo.Active) _undo.Save(head, sizeof(int));
        *head = node;
    }

    /// <summary>A turn of level 0 is over: bring the next bucket of each wheel above down, and look at the far ones once a day or so.</summary>
    private void Cascade()
    {
        Relink(BucketOf(1, _now));
        if (((_now >> BucketBits) & (Buckets - 1)) != 0) return;
        Relink(BucketOf(2, _now));
        Relink(Beyond);
    }

    private void Relink(int bucket)
    {
        var node = _heads[bucket];
        SetHead(_heads + bucket, 0);
        while (node != 0)
        {
            var row = _nodes.Write(node);
            var next = row->Next;
            Link(node, row);
            node = next;
        }
    }
}
