using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.SideIndex;

/// <summary>Where a section of a side index lies.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct IndexSection
{
    public const int Size = 24;

    public long Offset;
    public long Count;
    public uint Checksum;
    public uint Reserved;
}
