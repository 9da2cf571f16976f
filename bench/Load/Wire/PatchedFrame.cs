using System.Buffers.Binary;
using System.Text;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>An encoded batch whose 16-byte keys and reservation ids can be exchanged in place.</summary>
public sealed class PatchedFrame
{
    public static readonly byte[] KeyMark = "\u0001\u0002\u0003KEYKEYKEY\u0004\u0005\u0006\u0007"u8.ToArray();
    public const string ReservationMark = "rsv_zzzzzzzzzzzzzzzzzzzzzzzzzz";

    private readonly int[] _keys;
    private readonly int[] _reservations;

    public PatchedFrame(byte[] bytes, int operations)
    {
        Bytes = bytes;
        _keys = Find(KeyMark, operations);
        _reservations = Find(Encoding.ASCII.GetBytes(ReservationMark), operations);
    }

    public byte[] Bytes { get; }

    public void PatchKeys(ref ulong key)
    {
        var first = Interlocked.Add(ref key, (ulong)_keys.Length) - (ulong)_keys.Length;
        for (var i = 0; i < _keys.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(_keys[i]), first + (ulong)i);
            BinaryPrimitives.WriteUInt64LittleEndian(Bytes.AsSpan(_keys[i] + 8), ~(first + (ulong)i));
        }
    }

    /// <summary>Puts the ids of a batch of reservations in; a refused one leaves an id that does not exist.</summary>
    public void PatchReservations(byte[] reply)
    {
        var results = SubmitReply.Parser.ParseFrom(reply).Results;
        for (var i = 0; i < _reservations.Length; i++)
            Encoding.ASCII.GetBytes(results[i].Id.Length == ReservationMark.Length ? results[i].Id : ReservationMark, Bytes.AsSpan(_reservations[i]));
    }

    private int[] Find(byte[] mark, int most)
    {
        var places = new List<int>(most);
        for (var from = 0; ;)
        {
            var at = Bytes.AsSpan(from).IndexOf(mark);
            if (at < 0) return [.. places];
            places.Add(from + at);
            from += at + mark.Length;
        }
    }
}
