namespace PhoenixCore.Journal.Framing;

/// <summary>Checks a record that is about to be shown.</summary>
internal static unsafe class RecordCheck
{
    /// <summary>Length, alignment and checksum; the caller knows which sequence it expects.</summary>
    /// <param name="available">Bytes up to the end of the group's records.</param>
    public static void Demand(RecordHeader* header, long available, ulong segment, long offset)
    {
        DemandLength(header, available, segment, offset);
        if (Crc32C.OfRecord((byte*)header, header->Length) != header->Checksum)
            throw new RecordDamagedException(segment, offset, header->Sequence, "its checksum is wrong");
    }

    /// <summary>Only what is needed to step over it.</summary>
    public static void DemandLength(RecordHeader* header, long available, ulong segment, long offset)
    {
        if (available < RecordHeader.Size || header->Length < RecordHeader.Size || header->Length > available || header->Length % RecordHeader.Alignment != 0)
            throw new RecordDamagedException(segment, offset, available < RecordHeader.Size ? 0 : header->Sequence, "its length is wrong");
    }
}
