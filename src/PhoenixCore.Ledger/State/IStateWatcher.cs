namespace PhoenixCore.Ledger.State;

/// <summary>Hears of every write to the state before it is made, on the writer's thread: how a snapshot keeps what it has not copied yet.</summary>
public unsafe interface IStateWatcher
{
    void BeforeWrite(void* address, int bytes);
}
