using System.Runtime.InteropServices;

namespace PhoenixCore.Sequencer.Tests;

/// <summary>A slot as wide as the real one; its last bytes repeat the number, so that a torn slot shows.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct Command
{
    [FieldOffset(0)] public int Producer;
    [FieldOffset(8)] public long Number;
    [FieldOffset(248)] public long NumberAgain;
}
