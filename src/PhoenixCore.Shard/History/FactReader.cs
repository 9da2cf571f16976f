using System.Buffers;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History;

/// <summary>Durable facts by sequence, for edges that render them. Any thread.</summary>
public sealed unsafe class FactReader(JournalReader reader)
{
    /// <summary>The fact's payload in a buffer of the caller's; false when there is no such durable sequence.</summary>
    /// <exception cref="RecordDamagedException">The record no longer has its checksum.</exception>
    public bool TryRead(ulong sequence, ArrayBufferWriter<byte> payload, out FactContext context)
    {
        payload.ResetWrittenCount();
        var found = reader.TryRead(sequence, payload, out var header);
        context = new FactContext(header.Sequence, header.StampedAt, header.Tenant);
        return found;
    }

    /// <summary>What a keyed fact says about its key.</summary>
    /// <exception cref="InvariantBrokenException">There is no such durable fact.</exception>
    public (ulong Fingerprint, LedgerResult Result, bool Closed) KeyOf(ulong sequence)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        if (!TryRead(sequence, payload, out _)) throw new InvariantBrokenException("an index names a fact that is not there");
        fixed (byte* bytes = payload.WrittenSpan)
        {
            var part = new FactParts(bytes).First;
            var result = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Result : LedgerResult.Accepted;
            return (((FactHeader*)bytes)->Fingerprint, result, part.Kind == PartKind.KeyClosed);
        }
    }
}
