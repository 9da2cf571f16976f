using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>Writes a SubmitReply straight out of the answers; no object per result.</summary>
internal static unsafe class SubmitEncoder
{
    /// <summary><see cref="Contracts.V1.ResultCode.BatchRefused"/>.</summary>
    public const int BatchRefused = 1_000;

    private const int ResultBytesMax = 2 + 3 + 2 + PublicIds.IdLength + 2;

    public static void Encode(SubmitBatch batch, TenantContext tenant, LedgerShard shard, GrpcReplyWriter to)
    {
        if (batch.IsAtomic)
        {
            EncodeAtomic(batch, tenant, shard, to);
            return;
        }

        var operations = batch.Operations;
        for (var i = 0; i < operations.Count; i++)
        {
            var reply = operations.Reply(i);
            var kind = reply->Result == LedgerResult.Accepted ? IdOf(operations[i]->Kind, batch.WantIds) : IdKind.None;
            var number = Numbers.Of(reply->Sequence, kind == IdKind.Reservation ? 1 : 0);
            Write(to, (int)reply->Result, tenant, kind, number, reply->Kind == OutcomeKind.Duplicate);
        }
    }

    /// <summary>The kind of the id that a result carries; None = no id.</summary>
    private static IdKind IdOf(CommandKind kind, bool wanted) => kind switch
    {
        CommandKind.CreateReservation => IdKind.Reservation,
        CommandKind.CreateTransfer when wanted => IdKind.Transfer,
        CommandKind.CreateCredit when wanted => IdKind.Credit,
        CommandKind.CreateDebit when wanted => IdKind.Debit,
        _ => IdKind.None,
    };

    private static void EncodeAtomic(SubmitBatch batch, TenantContext tenant, LedgerShard shard, GrpcReplyWriter to)
    {
        var operations = batch.Operations;
        var whole = batch.Whole.Reply(0);
        var isDuplicate = whole->Kind == OutcomeKind.Duplicate;
        if (whole->Result == LedgerResult.Accepted)
        {
            EncodeApplied(batch, tenant, shard, whole->Sequence, isDuplicate, to);
            return;
        }

        var refused = whole->RefusedIndex;
        if (isDuplicate) refused = RefusedIndex(batch, shard, whole->Sequence);
        for (var i = 0; i < operations.Count; i++)
        {
            var code = refused < 0 || refused == i ? (int)whole->Result : BatchRefused;
            Write(to, code, tenant, IdKind.None, 0, isDuplicate);
        }
    }

    /// <summary>The fact's parts are the operations, in their order; reservations' numbers stand in them.</summary>
    private static void EncodeApplied(SubmitBatch batch, TenantContext tenant, LedgerShard shard, ulong sequence, bool isDuplicate, GrpcReplyWriter to)
    {
        var operations = batch.Operations;
        var hasIds = batch.WantIds;
        for (var i = 0; i < operations.Count; i++) hasIds |= operations[i]->Kind == CommandKind.CreateReservation;
        if (!hasIds)
        {
            for (var i = 0; i < operations.Count; i++) Write(to, 0, tenant, IdKind.None, 0, isDuplicate);
            return;
        }

        ReadFact(batch, shard, sequence);
        fixed (byte* payload = batch.Fact.WrittenSpan)
        {
            var i = 0;
            foreach (var part in new FactParts(payload))
            {
                var kind = IdOf(operations[i]->Kind, batch.WantIds);
                var number = kind == IdKind.Reservation ? part.Body<ReservedBody>().Number : Numbers.Of(sequence, i);
                Write(to, 0, tenant, kind, number, isDuplicate);
                i++;
            }
        }
    }

    private static int RefusedIndex(SubmitBatch batch, LedgerShard shard, ulong sequence)
    {
        ReadFact(batch, shard, sequence);
        fixed (byte* payload = batch.Fact.WrittenSpan)
        {
            var part = new FactParts(payload).First;
            return part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Index : -1;
        }
    }

    private static void ReadFact(SubmitBatch batch, LedgerShard shard, ulong sequence)
    {
        if (!shard.Facts.TryRead(sequence, batch.Fact, out _)) throw new InvariantBrokenException("a durable fact is not in the journal");
    }

    private static void Write(GrpcReplyWriter to, int code, TenantContext tenant, IdKind kind, ulong number, bool isDuplicate)
    {
        var bytes = to.GetSpan(ResultBytesMax);
        var used = 2; // the field's tag and its length, known at the end
        if (code != 0)
        {
            bytes[used++] = 0x08;
            used += WriteVarint(bytes[used..], code);
        }

        if (kind != IdKind.None)
        {
            bytes[used++] = 0x12;
            bytes[used++] = PublicIds.IdLength;
            tenant.Ids.Write(kind, number, bytes[used..]);
            used += PublicIds.IdLength;
        }

        if (isDuplicate)
        {
            bytes[used++] = 0x18;
            bytes[used++] = 1;
        }

        bytes[0] = 0x0A;
        bytes[1] = (byte)(used - 2);
        to.Advance(used);
    }

    /// <summary>At most two bytes: codes are below 16,384.</summary>
    private static int WriteVarint(Span<byte> to, int value)
    {
        to[0] = (byte)(value & 0x7F);
        if (value < 0x80) return 1;
        to[0] |= 0x80;
        to[1] = (byte)(value >> 7);
        return 2;
    }
}
