using System.Buffers;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Wire;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>Decodes a SubmitRequest straight into commands; no object per operation, and nothing is sent before all of it was read.</summary>
internal static unsafe class SubmitDecoder
{
    private const string Malformed = "the message is not a SubmitRequest";

    /// <param name="now">When the message arrived, unix nanoseconds.</param>
    /// <param name="callDeadline">Unix nanoseconds; 0 = none.</param>
    /// <returns>Null, or why the whole message is refused.</returns>
    public static string? Decode(in ReadOnlySequence<byte> message, SubmitBatch batch, TenantContext tenant, long now, long callDeadline)
    {
        if (message.IsSingleSegment) return Decode(message.FirstSpan, batch, tenant, now, callDeadline);

        // One copy is a few nanoseconds per operation and spares every read below from looking over segment borders.
        var whole = ArrayPool<byte>.Shared.Rent((int)message.Length);
        message.CopyTo(whole);
        var refusal = Decode(whole.AsSpan(0, (int)message.Length), batch, tenant, now, callDeadline);
        ArrayPool<byte>.Shared.Return(whole);
        return refusal;
    }

    private static string? Decode(ReadOnlySpan<byte> message, SubmitBatch batch, TenantContext tenant, long now, long callDeadline)
    {
        var reader = new WireReader(message);
        var key = ReadOnlySpan<byte>.Empty;
        ulong timeout = 0;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out var field, out var wireType)) return Malformed;
            switch (field, wireType)
            {
                case (1, WireReader.Bytes):
                    if (!reader.TryReadBytes(out var operation)) return Malformed;
                    if (DecodeOperation(operation, batch, tenant) is { } refusal) return refusal;
                    break;
                case (2, WireReader.Varint):
                    if (!reader.TryReadVarint(out var atomic)) return Malformed;
                    batch.IsAtomic = atomic != 0;
                    break;
                case (3, WireReader.Bytes):
                    if (!reader.TryReadBytes(out key)) return Malformed;
                    break;
                case (4, WireReader.Varint):
                    if (!reader.TryReadVarint(out var wantIds)) return Malformed;
                    batch.WantIds = wantIds != 0;
                    break;
                case (5, WireReader.Varint):
                    if (!reader.TryReadVarint(out timeout)) return Malformed;
                    break;
                default:
                    if (!reader.TrySkip(wireType)) return Malformed;
                    break;
            }
        }

        batch.Deadline = timeout == 0 ? callDeadline : Sooner(callDeadline, now + ((long)(uint)(timeout & uint.MaxValue) * 1_000_000));
        return Finish(batch, tenant, key);
    }

    private static long Sooner(long deadline, long other) => deadline == 0 ? other : Math.Min(deadline, other);

    private static string? Finish(SubmitBatch batch, TenantContext tenant, ReadOnlySpan<byte> key)
    {
        var count = batch.Operations.Count;
        if (count == 0) return "the message has no operations";
        if (key.Length > RequestLimits.TextMax) return "an idempotency key has at most 255 bytes";
        if (batch.IsAtomic)
        {
            if (count > LedgerLimits.BatchOperationsMax) return "an atomic batch has at most 1,024 operations";
            for (var i = 0; i < count; i++)
            {
                if (batch.Operations[i]->Has(CommandFlags.HasKey)) return "the operations of an atomic batch have no keys of their own";
            }

            batch.Wrap(tenant, key);
        }
        else if (!key.IsEmpty)
        {
            return "only an atomic batch has a key of its own";
        }

        batch.SetDeadline();
        return null;
    }

    private static string? DecodeOperation(ReadOnlySpan<byte> message, SubmitBatch batch, TenantContext tenant)
    {
        if (batch.Operations.Count == SubmitBatch.OperationsMax) return "a message has at most 8,190 operations";
        var reader = new WireReader(message);
        RawOperation operation = default;
        OperationDecoder decoder = default;
        OperationShape? shape = null;
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out var field, out var wireType)) return Malformed;
            if (wireType != WireReader.Bytes || field > 8)
            {
                if (!reader.TrySkip(wireType)) return Malformed;
                continue;
            }

            if (!reader.TryReadBytes(out var value)) return Malformed;
            if (field == 1)
            {
                operation.Key = value;
            }
            else if (field == 2)
            {
                if (!System.Text.Unicode.Utf8.IsValid(value)) return Malformed;
                operation.Reference = value;
            }
            else
            {
                var meant = ShapeOf(field);
                if (meant != shape) Forget(ref operation, ref decoder); // the last one set is the one that counts
                shape = meant;
                if (!decoder.TryRead(value, meant, ref operation)) return Malformed;
            }
        }

        if (shape is null) return "an operation says not what it is";
        if (!decoder.TryFinish(shape, ref operation)) return "a text of an operation is longer than 255 characters, or a number is out of its range";
        if (operation.Key.Length > RequestLimits.TextMax) return "an idempotency key has at most 255 bytes";
        Add(batch, tenant, operation);
        return null;
    }

    private static OperationShape ShapeOf(int field) => field switch
    {
        3 => OperationShape.SubmitTransfer,
        4 => OperationShape.SubmitReserve,
        5 => OperationShape.SubmitCommit,
        6 => OperationShape.SubmitRelease,
        7 => OperationShape.SubmitCredit,
        _ => OperationShape.SubmitDebit,
    };

    private static void Forget(ref RawOperation operation, ref OperationDecoder decoder)
    {
        operation = new RawOperation { Key = operation.Key, Reference = operation.Reference };
        decoder = default;
    }

    private static void Add(SubmitBatch batch, TenantContext tenant, scoped in RawOperation operation)
    {
        var command = batch.Operations.Add();
        var textBytes = RawCommands.TextBytes(tenant, operation);
        RawCommands.Fill(command, tenant, operation, textBytes > 0 ? batch.KeepText(textBytes) : null, batch.Scratch);
        // The flag for the whole may still come, behind the operations: an operation without a key gets its fingerprint then.
        if (operation.Key.IsEmpty) command->Fingerprint = RawCommands.Fingerprint(tenant, operation, batch.Scratch);
    }
}
