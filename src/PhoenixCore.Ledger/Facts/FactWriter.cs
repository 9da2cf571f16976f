using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Facts;

/// <summary>Writes a fact into the group's buffer while it is being decided.</summary>
internal unsafe struct FactWriter
{
    /// <summary>Each posting has two entry ordinals of 12 bits.</summary>
    private const int PostingsMax = (Numbers.OrdinalMax + 1) / 2;

    private readonly byte* _start;
    private readonly int _room;
    private int _used;
    private PartHeader* _part;
    private byte* _partStart;

    /// <param name="payload">Where the fact begins, 8-byte aligned.</param>
    /// <param name="room">Bytes that may be written there.</param>
    /// <param name="sequence">The fact's own.</param>
    public FactWriter(byte* payload, int room, ulong sequence)
    {
        _start = payload;
        _room = room;
        _used = FactHeader.SizeBytes;
        Sequence = sequence;
        NextOrdinal = 1;
    }

    public ulong Sequence { get; }

    /// <summary>Ordinal for the next thing that this fact makes.</summary>
    public int NextOrdinal { get; private set; }

    public int Postings { get; private set; }

    public int Parts { get; private set; }

    public int Events { get; private set; }

    public readonly FactHeader* Header => (FactHeader*)_start;

    public readonly PartHeader* Part => _part;

    /// <summary>True while any single operation is sure to fit its bytes.</summary>
    public readonly bool HasRoomForOperation => _room - _used >= LedgerLimits.OperationBytesMax;

    /// <summary>False when an ordinal has passed its 12 bits: the fact cannot stand.</summary>
    public readonly bool IsWithinOrdinals => Postings <= PostingsMax && NextOrdinal <= Numbers.OrdinalMax + 1;

    public ulong NewNumber() => Numbers.Of(Sequence, NextOrdinal++);

    /// <summary>Starts a part and returns its cleared body.</summary>
    public TBody* Begin<TBody>(PartKind kind)
        where TBody : unmanaged
    {
        var body = (TBody*)Begin(kind, sizeof(TBody));
        *body = default;
        return body;
    }

    public byte* Begin(PartKind kind, int bodyBytes)
    {
        _partStart = _start + _used;
        _part = (PartHeader*)_partStart;
        *_part = new PartHeader { Kind = kind };
        _used += PartHeader.SizeBytes + bodyBytes;
        return _partStart + PartHeader.SizeBytes;
    }

    /// <summary>The entry ordinal of the debit of the next posting; its credit is one more.</summary>
    public readonly int NextEntryOrdinal => 2 * Postings;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Posting* AddPosting()
    {
        var posting = (Posting*)(_start + _used);
        _used += Posting.SizeBytes;
        _part->Postings++;
        Postings++;
        return posting;
    }

    /// <summary>What the postings of this part so far take out of a lot (what they move within it is not taken out).</summary>
    public readonly Int128 TakenOut(int lot)
    {
        Int128 sum = 0;
        var posting = (Posting*)(_partStart + PartHeader.SizeBytes + FactPart.BodyBytes(_part->Kind));
        for (var left = (int)_part->Postings; left > 0; left--)
        {
            if (posting->DebitLotHandle == lot && posting->CreditLotHandle != lot) sum += posting->Amount;
            posting = unchecked(posting + 1);
        }

        return sum;
    }

    /// <summary>One item of what policies add, after the postings: its place, cleared.</summary>
    public byte* AddPolicyItem(PolicyItemKind kind, int bytes)
    {
        var length = PolicyItemReader.HeaderBytes + ((bytes + 7) & ~7);
        var item = _start + _used;
        Unsafe.InitBlockUnaligned(item, 0, (uint)length);
        *(ushort*)item = (ushort)kind;
        ((int*)item)[1] = length;
        _used += length;
        _part->Flags |= PartHeader.HasPolicyItems;
        if (kind == PolicyItemKind.LotSwitched) _part->Switched++;
        return item + PolicyItemReader.HeaderBytes;
    }

    public void End(byte* extras, int extrasBytes)
    {
        var target = _start + _used;
        if (extrasBytes > 0)
        {
            Unsafe.CopyBlockUnaligned(target, extras, (uint)extrasBytes);
            var padded = (extrasBytes + 7) & ~7;
            for (var i = extrasBytes; i < padded; i++) target[i] = 0;
            _used += padded;
            _part->ExtrasBytes = extrasBytes;
        }

        _part->Length = (int)(_start + _used - _partStart);
        Parts++;
        Events += FactEvents.CountOf(_part);
    }

    /// <summary>Fills the header; returns the fact's length.</summary>
    public readonly int Finish(Command* command, ulong eventFirst)
    {
        var header = Header;
        *header = default;
        if (command != null && command->Has(CommandFlags.HasKey))
        {
            header->KeyLo = command->KeyLo;
            header->KeyHi = command->KeyHi;
            header->Fingerprint = command->Fingerprint;
            header->Flags = FactHeader.Keyed;
        }

        header->EventFirst = eventFirst;
        header->Events = (ushort)Events;
        header->Parts = (ushort)Parts;
        header->Postings = (ushort)Postings;
        return _used;
    }
}
