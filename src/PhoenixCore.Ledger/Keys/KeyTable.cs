using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Keys;

/// <summary>The last keys and what became of them: a first-in-first-out ring of 32-byte entries, found through buckets of one cache line.</summary>
/// <remarks>
/// A bucket is 7 words (32-bit tag, low 32 bits of the entry's position) and a mark: the position at which a key last had to go to the
/// next bucket. A word whose position has left the ring is free, so forgetting costs nothing. The mark keeps a search going past a bucket
/// that has free words again, until what overflowed from it has left the ring too.
/// Keys that left the ring are found in the side indexes of the sealed segments (see <see cref="Since"/>).
/// </remarks>
internal sealed unsafe class KeyTable : IDisposable
{
    private const int Words = 7;
    private const ulong WordBits = (1 << Words) - 1;
    private const ulong MarkBit = 1 << Words;
    private const ulong PositionMask = 0xFFFF_FFFF;

    private readonly NativeRegion _entries;
    private readonly NativeRegion _buckets;
    private readonly KeyEntry* _ring;
    private readonly ulong* _bucket;
    private readonly uint _ringMask;
    private readonly ulong _bucketMask;
    private readonly uint _window;
    private readonly UndoLog _undo;
    private StateSection _stored;
    private NativeRegion? _staging;
    private ulong _next = 1; // position 0 would look like an empty word

    /// <param name="capacity">Keys remembered; a power of two from 2^6 to 2^30.</param>
    public KeyTable(int capacity, bool hugePages, UndoLog undo)
    {
        _undo = undo;
        _undo.Register();
        Invariant.That(BitOperations.IsPow2(capacity) && capacity is >= 1 << 6 and <= 1 << 30);
        var buckets = (long)BitOperations.RoundUpToPowerOf2((uint)(capacity / 4));
        _entries = new NativeRegion((long)capacity * sizeof(KeyEntry), hugePages);
        _buckets = new NativeRegion(buckets * 64, hugePages);
        _ring = (KeyEntry*)_entries.Base;
        _bucket = (ulong*)_buckets.Base;
        _ringMask = (uint)capacity - 1;
        _bucketMask = (ulong)buckets - 1;
        _window = (uint)capacity;
        Bytes = ((long)capacity * sizeof(KeyEntry)) + (buckets * 64);
    }

    public long Bytes { get; }

    /// <summary>Sequence of the newest key that was forgotten; 0 = none yet. What a cold search must cover.</summary>
    public ulong Since { get; private set; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong lo, ulong hi)
    {
        if (Sse.IsSupported) Sse.Prefetch0(_bucket + (BucketOf(lo, hi) << 3));
    }

    /// <summary>Null when the key is not among the last ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public KeyEntry* Find(ulong lo, ulong hi)
    {
        unchecked
        {
            var tag = Vector512.Create(hi & ~PositionMask);
            for (var b = BucketOf(lo, hi); ; b = (b + 1) & _bucketMask)
            {
                var words = _bucket + (b << 3);
                var bucket = Vector512.Load(words);
                var live = LiveOnes(bucket);
                var candidates = Vector512.Equals(bucket & Vector512.Create(~PositionMask), tag).ExtractMostSignificantBits() & live & WordBits;
                while (candidates != 0)
                {
                    var entry = _ring + ((uint)words[BitOperations.TrailingZeroCount(candidates)] & _ringMask);
                    if (entry->KeyLo == lo && entry->KeyHi == hi) return entry;
                    candidates &= candidates - 1;
                }

                if ((live & MarkBit) == 0) return null;
            }
        }
    }

    /// <summary>Remembers a key that is not there, forgetting the oldest when the ring is full.</summary>
    public void Insert(ulong lo, ulong hi, ulong fingerprint, ulong sequence, LedgerResult result, bool closed)
    {
        unchecked
        {
            var entry = _ring + ((uint)_next & _ringMask);
            if (_next > _window) Since = entry->Sequence;
            if (_undo.Active) _undo.Tell(entry, sizeof(KeyEntry));
            *entry = new KeyEntry { KeyLo = lo, KeyHi = hi, Fingerprint = fingerprint, SequenceAndResult = KeyEntry.Pack(sequence, result, closed) };
            var word = (hi & ~PositionMask) | (_next & PositionMask);
            _next++;
            if ((_next & PositionMask) == 0) _next++; // an all-zero position would look like an empty word
            Place(BucketOf(lo, hi), word);
        }
    }

    /// <summary>The ring alone: what finds its entries is made again from them.</summary>
    public StateSection Section(StateTable table) =>
        new(table, sizeof(KeyEntry), (nint)_ring, (long)Math.Min(_next, _window) * sizeof(KeyEntry), _next, Since, _window);

    /// <summary>Where the ring of a snapshot goes; null when it is none. It is in use after <see cref="Restored"/>.</summary>
    public byte* Place(in StateSection stored)
    {
        var window = stored.Third;
        if (stored.RowBytes != sizeof(KeyEntry) || stored.First == 0 || window is < 1 << 6 or > 1 << 30 || stored.Bytes != (long)Math.Min(stored.First, window) * sizeof(KeyEntry)) return null;
        _stored = stored;
        if (window == _window) return (byte*)_ring;
        _staging = new NativeRegion(stored.Bytes, false);
        return _staging.Base;
    }

    /// <summary>Makes the buckets for a ring that was read; of one of another size the newest keys that fit.</summary>
    public void Restored()
    {
        unchecked
        {
            Since = _stored.Second;
            if (_staging == null)
            {
                // A bucket is free for a word whose position has left the ring, as seen from _next: so it counts up as it did.
                for (_next = Math.Max(1UL, _stored.First - Math.Min(_stored.First, _window)); _next < _stored.First;)
                {
                    var entry = _ring + ((uint)_next & _ringMask);
                    var word = (entry->KeyHi & ~PositionMask) | (_next & PositionMask);
                    var isEntry = (_next & PositionMask) != 0;
                    _next++;
                    if (isEntry) Place(BucketOf(entry->KeyLo, entry->KeyHi), word);
                }

                return;
            }

            var ring = (KeyEntry*)_staging.Base;
            for (var p = Math.Max(1UL, _stored.First - Math.Min(_stored.First, _stored.Third)); p < _stored.First; p++)
            {
                if ((p & PositionMask) == 0) continue;
                var entry = ring + (p & (_stored.Third - 1));
                Insert(entry->KeyLo, entry->KeyHi, entry->Fingerprint, entry->Sequence, entry->Result, entry->Closed);
            }

            _staging.Dispose();
            _staging = null;
        }
    }

    public void Dispose()
    {
        _staging?.Dispose();
        _entries.Dispose();
        _buckets.Dispose();
    }

    private void Place(ulong b, ulong word)
    {
        unchecked
        {
            while (true)
            {
                var words = _bucket + (b << 3);
                var free = ~LiveOnes(Vector512.Load(words)) & WordBits;
                if (free != 0)
                {
                    words[BitOperations.TrailingZeroCount(free)] = word;
                    return;
                }

                words[Words] = word; // the mark: something that belongs here lies further on
                b = (b + 1) & _bucketMask;
            }
        }
    }

    /// <summary>A bit for each of the eight words whose position is still in the ring.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong LiveOnes(Vector512<ulong> bucket)
    {
        unchecked
        {
            var positions = bucket & Vector512.Create(PositionMask);
            var age = (Vector512.Create(_next - 1) - positions) & Vector512.Create(PositionMask);
            var live = Vector512.LessThan(age, Vector512.Create((ulong)_window)) & ~Vector512.Equals(positions, Vector512<ulong>.Zero);
            return live.ExtractMostSignificantBits();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong BucketOf(ulong lo, ulong hi) => (lo ^ (hi << 32)) & _bucketMask;
}
