namespace PhoenixCore.Server.Webhooks;

/// <summary>What one endpoint still has to get, in memory and as it is stored. One thread at a time (its pump's lock).</summary>
internal sealed class DeliveryQueue
{
    /// <summary>Deliveries that wait or are tried again; then reading on waits for them.</summary>
    public const int PendingMax = 1_000;

    private const int DeadMax = 10_000;
    private static readonly TimeSpan DeadKept = TimeSpan.FromDays(30);

    private readonly SortedDictionary<ulong, Delivery> _pending = [];
    private readonly SortedDictionary<ulong, Delivery> _dead = [];
    private readonly HashSet<ulong> _underWay = [];
    private readonly HashSet<ulong> _later = []; // those that wait for a time, and not only for their turn

    public DeliveryQueue(DeliveryState state)
    {
        Position = state.Position;
        foreach (var delivery in state.Pending)
        {
            _pending[delivery.Event] = delivery;
            _later.Add(delivery.Event);
        }

        foreach (var delivery in state.Dead) _dead[delivery.Event] = delivery;
        (LastSuccessAt, FailingSince, FailureCount) = (state.LastSuccessAt, state.FailingSince, state.FailureCount);
    }

    public ulong Position { get; set; }

    public DateTimeOffset? LastSuccessAt { get; private set; }

    public DateTimeOffset? FailingSince { get; private set; }

    public int FailureCount { get; private set; }

    public int UnderWay => _underWay.Count;

    public bool HasRoom => _pending.Count < PendingMax;

    public IEnumerable<Delivery> Pending => _pending.Values;

    public IEnumerable<Delivery> Dead => _dead.Values;

    public void Add(Delivery delivery)
    {
        _dead.Remove(delivery.Event);
        _pending[delivery.Event] = delivery;
    }

    /// <summary>The next delivery that may start now.</summary>
    /// <param name="isOrdered">A wallet's deliveries wait for the one before.</param>
    public Delivery? TakeDue(DateTimeOffset now, bool isOrdered)
    {
        HashSet<ulong>? held = null;
        foreach (var delivery in _pending.Values)
        {
            var isFirst = !isOrdered || delivery.Wallet == 0 || (held ??= []).Add(delivery.Wallet);
            if (!isFirst || delivery.DueAt > now || _underWay.Contains(delivery.Event)) continue;
            _underWay.Add(delivery.Event);
            _later.Remove(delivery.Event);
            return delivery;
        }

        return null;
    }

    /// <summary>The next time that something becomes due; null = what waits, waits for others to end.</summary>
    public DateTimeOffset? NextDueAfter(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var number in _later)
        {
            var due = _pending[number].DueAt;
            if (due > now && !(due >= next)) next = due;
        }

        return next;
    }

    public void Succeed(Delivery delivery, DateTimeOffset now)
    {
        _underWay.Remove(delivery.Event);
        if (IsStillWanted(delivery)) _pending.Remove(delivery.Event);
        (LastSuccessAt, FailingSince, FailureCount) = (now, null, 0);
    }

    /// <param name="wait">Null: given up.</param>
    public void Fail(Delivery delivery, Attempt attempt, TimeSpan? wait, DateTimeOffset now)
    {
        _underWay.Remove(delivery.Event);
        FailingSince ??= now;
        FailureCount++;
        if (!IsStillWanted(delivery)) return;
        var failed = delivery with { Failed = delivery.Failed + 1, LastError = attempt.Error, LastAttemptAt = now, DueAt = now + (wait ?? TimeSpan.Zero) };
        if (wait is null)
        {
            _pending.Remove(delivery.Event);
            _dead[delivery.Event] = failed;
            if (_dead.Count > DeadMax) _dead.Remove(_dead.First().Key);
        }
        else
        {
            _pending[delivery.Event] = failed;
            _later.Add(delivery.Event);
        }
    }

    /// <summary>Back as it was: the attempt was broken off by us.</summary>
    public void Return(Delivery delivery) => _underWay.Remove(delivery.Event);

    /// <summary>False when the same event was asked for again while this attempt was under way: that one is still to come.</summary>
    private bool IsStillWanted(Delivery delivery) => _pending.TryGetValue(delivery.Event, out var waiting) && ReferenceEquals(waiting, delivery);

    public DeliveryState ToState(DateTimeOffset now)
    {
        foreach (var old in _dead.Values.Where(delivery => now - delivery.LastAttemptAt > DeadKept).ToArray()) _dead.Remove(old.Event);
        return new DeliveryState
        {
            Position = Position,
            Pending = [.. _pending.Values],
            Dead = [.. _dead.Values],
            LastSuccessAt = LastSuccessAt,
            FailingSince = FailingSince,
            FailureCount = FailureCount,
        };
    }
}
