using System.Buffers;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History;

/// <summary>Durable facts by sequence, for edges that render them. Any thread.</summary>
public sealed unsafe class FactReader(JournalReader reader)
{
    private readonly UnindexedKeys _unindexed = new(reader);

    /// <summary>The fact's payload in a buffer of the caller's; false when there is no such durable sequence.</summary>
    /// <exception cref="RecordDamagedException">The record no longer has its checksum.</exception>
    public bool TryRead(ulong sequence, ArrayBufferWriter<byte> payload, out FactContext context)
    {
        payload.ResetWrittenCount();
        var found = reader.TryRead(sequence, payload, out var header);
        context = new FactContext(header.Sequence, header.StampedAt, header.Tenant);
        return found;
    }

    /// <summary>Looks a key up in the side indexes of sealed segments and, when they do not reach far enough, in what follows them.</summary>
    /// <param name="searchTo">A durable sequence; keys up to it are looked at for certain.</param>
    /// <param name="lookedThrough">Keys of later facts have not been considered; never less than <paramref name="searchTo"/>.</param>
    public bool TryFindKey(ulong lo, ulong hi, ulong searchTo, out ulong lookedThrough, out ulong sequence, out ulong fingerprint, out LedgerResult result, out bool closed)
    {
        (fingerprint, result, closed) = (0, LedgerResult.Accepted, false);
        var key = new UInt128(hi, lo);
        if (!reader.TryFindKey(key, 0, out sequence, out lookedThrough) && (lookedThrough >= searchTo || !_unindexed.TryFind(key, lookedThrough, out sequence, out lookedThrough))) return false;

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
