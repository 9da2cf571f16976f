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

    /// <summary>Looks a key up in the side indexes of sealed segments and in what follows them.</summary>
    public bool TryFindKey(ulong lo, ulong hi, out ulong sequence, out ulong fingerprint, out LedgerResult result, out bool closed)
    {
        (fingerprint, result, closed) = (0, LedgerResult.Accepted, false);
        if (!reader.TryFindKey(new UInt128(hi, lo), 0, out sequence, out _)) return false;

        var payload = new ArrayBufferWriter<byte>(512);
        if (!TryRead(sequence, payload, out _)) return false;
        fixed (byte* bytes = payload.WrittenSpan)
        {
            var part = new FactParts(bytes).First;
            fingerprint = ((FactHeader*)bytes)->Fingerprint;
            closed = part.Kind == PartKind.KeyClosed;
            if (part.Kind == PartKind.Refused) result = part.Body<RefusedBody>().Result;
        }

        return true;
    }
}
