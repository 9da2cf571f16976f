using System.Buffers;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Writes the Transaction of a fresh fact, without operations, as bytes. Test: <c>CallTests</c> compare it with the rendered message.</summary>
internal static unsafe class TransactionEncoder
{
    private const int BytesMax = (2 * (2 + PublicIds.IdLength)) + (2 * 11);

    /// <param name="call">Accepted, and its fact lies in it.</param>
    public static void Encode(ShardCall call, TenantContext tenant, IBufferWriter<byte> to)
    {
        var sequence = call.Reply->Sequence;
        var parts = new FactParts(call.Answer);
        var (kind, number) = PartResource.Of(parts.First, sequence, 0);

        var bytes = to.GetSpan(BytesMax);
        var used = WriteId(bytes, 0x0A, tenant, IdKind.Transaction, Numbers.Of(sequence, 0));
        if (kind != IdKind.None) used += WriteId(bytes[used..], 0x12, tenant, kind, number);
        used += WriteVarint(bytes[used..], 0x18, (ulong)call.Reply->Stamp);
        used += WriteVarint(bytes[used..], 0x20, parts.Header->EventFirst);
        to.Advance(used);
    }

    private static int WriteId(Span<byte> to, byte tag, TenantContext tenant, IdKind kind, ulong number)
    {
        to[0] = tag;
        to[1] = PublicIds.IdLength;
        tenant.Ids.Write(kind, number, to[2..]);
        return 2 + PublicIds.IdLength;
    }

    private static int WriteVarint(Span<byte> to, byte tag, ulong value)
    {
        to[0] = tag;
        var used = 1;
        for (; value >= 0x80; value >>= 7) to[used++] = (byte)(value | 0x80);
        to[used++] = (byte)value;
        return used;
    }
}
