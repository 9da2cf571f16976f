namespace PhoenixCore.Ledger.Timers;

internal enum TimerOwner
{
    Reservation = 1,
    Lot = 2,
}

/// <summary>Something that is due at a time: a link in one bucket of the wheel.</summary>
internal struct TimerNode
{
    public int Next;
    public int Previous;
    public int Handle;
    public TimerOwner Owner;
    public long Due;
    public int Bucket;
}
