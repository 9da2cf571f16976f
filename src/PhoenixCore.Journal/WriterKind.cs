namespace PhoenixCore.Journal;

/// <summary>How a group reaches the file. Both pass the same crash tests; ADR 0005 has the numbers.</summary>
public enum WriterKind
{
    /// <summary>pwrite, then fdatasync.</summary>
    Pwrite,

    /// <summary>A copy into a shared mapping, then msync of that range.</summary>
    Mapped,
}
