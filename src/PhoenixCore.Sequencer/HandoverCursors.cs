using System.Runtime.InteropServices;

namespace PhoenixCore.Sequencer;

/// <summary>Each side's cursor beside its own last look at the other's, so that it crosses over only when it must.</summary>
/// <remarks><code>
///   0          128        136             256        264             384
///   +----------+----------+---------------+----------+---------------+
///   | padding  | Enqueued | ReleasedSeen  | Released | EnqueuedSeen  |
///   +----------+----------+---------------+----------+---------------+
/// </code></remarks>
[StructLayout(LayoutKind.Explicit, Size = 384)]
internal struct HandoverCursors
{
    /// <summary>The position after the last one enqueued; moved by the producer.</summary>
    [FieldOffset(128)] public long Enqueued;

    /// <summary>The producer's own copy; the truth is never less.</summary>
    [FieldOffset(136)] public long ReleasedSeen;

    /// <summary>The position after the last one given back; moved by the consumer.</summary>
    [FieldOffset(256)] public long Released;

    /// <summary>The consumer's own copy; the truth is never less.</summary>
    [FieldOffset(264)] public long EnqueuedSeen;
}
