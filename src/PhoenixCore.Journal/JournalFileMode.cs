namespace PhoenixCore.Journal;

/// <summary>How a journal file is opened.</summary>
public enum JournalFileMode
{
    /// <summary>Existing file, through the page cache.</summary>
    Read,

    /// <summary>Existing file, past the page cache where the file system can; offsets, sizes and memory in multiples of 4,096.</summary>
    ReadDirect,

    /// <summary>Existing file.</summary>
    ReadWrite,

    /// <summary>Existing file, written past the page cache where the file system can; offsets, sizes and memory in multiples of 4,096.</summary>
    ReadWriteDirect,

    /// <summary>New, empty file.</summary>
    Create,

    /// <summary>New, empty file, written past the page cache where the file system can; offsets, sizes and memory in multiples of 4,096.</summary>
    CreateDirect,
}
