using System.Text;
using System.Text.Unicode;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Grpc.Wire;

/// <summary>Decodes the message of one operation straight into a <see cref="RawOperation"/>; the texts stay where they lie.</summary>
internal ref struct OperationDecoder
{
    private ulong _units;
    private long _unitsHigh;
    private bool _amountGiven;
    private ulong _selection;

    /// <summary>Something in it is known only to the generated parser.</summary>
    public bool IsOther { get; private set; }

    /// <summary>Takes the fields of a message. Called again for the same field of a oneof it merges, as protobuf says.</summary>
    public bool TryRead(ReadOnlySpan<byte> message, OperationShape shape, ref RawOperation operation) => TryRead(message, shape.Slots, ref operation);

    /// <summary>Sets what follows from all fields together.</summary>
    /// <returns>False for what the contract does not allow: long texts, an unknown selection.</returns>
    public readonly bool TryFinish(OperationShape shape, ref RawOperation operation)
    {
        operation.Kind = shape.Kind;
        operation.Amount = new Int128(unchecked((ulong)_unitsHigh), _units);
        operation.HasAmount = !shape.AmountIsOptional || _amountGiven || operation.Amount != 0;
        if (_selection > (ulong)SelectionStrategy.Specific) return false; // SPECIFIC names lots, which are not raw
        operation.Strategy = _selection switch { 0 => SelectionStrategy.Fifo, 1 => SelectionStrategy.ExplicitFifo, _ => (SelectionStrategy)(_selection - 1) };
        return IsShort(operation.Wallet) && IsShort(operation.Destination) && IsShort(operation.Reservation) && IsShort(operation.Asset) && IsShort(operation.Reference) && operation.ExpiresAt >= 0;
    }

    /// <summary>At most 255 characters.</summary>
    public static bool IsShort(ReadOnlySpan<byte> text) => text.Length <= RequestLimits.TextMax || (text.Length <= RequestLimits.TextMax * 4 && Encoding.UTF8.GetCharCount(text) <= RequestLimits.TextMax);

    private static uint WireTypeOf(Slot slot) => slot is Slot.Units or Slot.UnitsHigh or Slot.ExpiresAt or Slot.Selection ? WireReader.Varint : WireReader.Bytes;

    private bool TryRead(ReadOnlySpan<byte> message, ReadOnlySpan<Slot> slots, ref RawOperation operation)
    {
        var reader = new WireReader(message);
        while (!reader.AtEnd)
        {
            if (!reader.TryReadTag(out var field, out var wireType)) return false;
            var slot = field < slots.Length ? slots[field] : Slot.None;
            if (slot == Slot.Other) IsOther = true;
            if (slot is Slot.None or Slot.Other || wireType != WireTypeOf(slot))
            {
                if (!reader.TrySkip(wireType)) return false;
                continue;
            }

            if (wireType == WireReader.Varint ? !TryReadNumber(ref reader, slot, ref operation) : !TryReadBytes(ref reader, slot, ref operation)) return false;
        }

        return true;
    }

    private bool TryReadNumber(ref WireReader reader, Slot slot, ref RawOperation operation)
    {
        if (!reader.TryReadVarint(out var value)) return false;
        if (slot == Slot.Units) _units = value;
        else if (slot == Slot.UnitsHigh) _unitsHigh = unchecked((long)(value >> 1) ^ -(long)(value & 1));
        else if (slot == Slot.ExpiresAt) operation.ExpiresAt = unchecked((long)value);
        else _selection = value;
        return true;
    }

    private bool TryReadBytes(ref WireReader reader, Slot slot, ref RawOperation operation)
    {
        if (!reader.TryReadBytes(out var value)) return false;
        if (slot == Slot.Amount)
        {
            _amountGiven = true;
            return TryRead(value, OperationShape.Amount, ref operation);
        }

        if (!Utf8.IsValid(value)) return false;
        if (slot == Slot.Wallet) operation.Wallet = value;
        else if (slot == Slot.Destination) operation.Destination = value;
        else if (slot == Slot.Reservation) operation.Reservation = value;
        else if (slot == Slot.Asset) operation.Asset = value;
        else if (slot == Slot.Reference) operation.Reference = value;
        else operation.Key = value;
        return true;
    }
}
