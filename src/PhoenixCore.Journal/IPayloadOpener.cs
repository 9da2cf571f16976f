namespace PhoenixCore.Journal;

/// <summary>Makes readable what was enciphered in a record. Supplied by whoever knows payloads.</summary>
public unsafe interface IPayloadOpener
{
    /// <param name="payload">A copy that was checked against its checksum; it may be changed, not lengthened.</param>
    /// <remarks>Called on the reader's thread.</remarks>
    void Open(in RecordHeader header, byte* payload);
}
