using System.Runtime.InteropServices;

namespace PhoenixCore.Sequencer;

/// <summary>The words that threads race on, each alone on its cache lines.</summary>
/// <remarks><code>
///   0          128        256        384        512        640        768
///   +----------+----------+----------+----------+----------+----------+
///   | padding  | Claimed  | Released | Seen     | Poked    | WakeAt   |
///   +----------+----------+----------+----------+----------+----------+
/// </code>
/// 128 bytes apart, because the hardware fetches lines of 64 bytes in pairs.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 768)]
internal struct RingCursors
{
    /// <summary>The position after the last one claimed; moved by producers, by compare-and-swap.</summary>
    [FieldOffset(128)] public long Claimed;

    /// <summary>The position after the last one given back; moved by the consumer, read by producers.</summary>
    [FieldOffset(256)] public long Released;

    /// <summary>The position after the last one that the consumer found published; the consumer's own.</summary>
    [FieldOffset(384)] public long Seen;

    /// <summary>1 while a call to wake the consumer has not been noticed.</summary>
    [FieldOffset(512)] public int Poked;

    /// <summary>How many commands must lie there before a producer wakes the consumer; set by the consumer.</summary>
    [FieldOffset(640)] public int WakeAt;
}
