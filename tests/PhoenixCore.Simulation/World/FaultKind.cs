namespace PhoenixCore.Simulation.World;

/// <summary>What may go wrong; a run has some of them.</summary>
internal enum FaultKind
{
    /// <summary>The machine loses power between two events.</summary>
    PowerCut,

    /// <summary>The process is killed between two events; the page cache lives on.</summary>
    Kill,

    /// <summary>The machine loses power at a call to the disk, before or after it takes effect.</summary>
    PowerCutAtCall,

    /// <summary>The process is killed at a call to the disk.</summary>
    KillAtCall,

    /// <summary>A sync fails and the cache keeps the new bytes as clean.</summary>
    SyncKept,

    /// <summary>A sync fails and the cache goes back to the old bytes.</summary>
    SyncReverted,

    /// <summary>A sync fails and only the next one says so.</summary>
    SyncLate,

    /// <summary>A sync succeeds and nothing is on the disk.</summary>
    SyncLie,

    /// <summary>A write fails.</summary>
    WriteError,

    /// <summary>A read, an opening or a change of a directory fails.</summary>
    OtherError,

    /// <summary>The disk is full for a while.</summary>
    Full,

    /// <summary>The disk answers after seconds.</summary>
    Stall,

    /// <summary>The whole process stands still for a while.</summary>
    Pause,

    /// <summary>The wall clock jumps forward.</summary>
    JumpForward,

    /// <summary>The wall clock jumps back.</summary>
    JumpBack,

    /// <summary>The wall clock stands still for a while.</summary>
    Freeze,

    /// <summary>Bytes on the disk change while the process is down.</summary>
    Rot,

    /// <summary>A sector cannot be read after a restart.</summary>
    Unreadable,

    /// <summary>The kernel writes some pages back early.</summary>
    WriteBack,
}
