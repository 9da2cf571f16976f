using System.Runtime.InteropServices;
using System.Text;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Grows a program; places are offsets from its first byte and stay valid while it grows.</summary>
internal sealed class ProgramWriter
{
    private byte[] _bytes = new byte[1_024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>A thing in place; valid until the next <see cref="Reserve"/>.</summary>
    public ref T At<T>(int offset)
        where T : unmanaged => ref MemoryMarshal.AsRef<T>(_bytes.AsSpan(offset));

    /// <summary>Room for so many bytes, cleared, at a multiple of 16.</summary>
    public int Reserve(int bytes)
    {
        var offset = (Length + 15) & ~15;
        if (offset + bytes > _bytes.Length) Array.Resize(ref _bytes, 2 * (offset + bytes));
        Length = offset + bytes;
        return offset;
    }

    public Slot AddText(string text)
    {
        var slot = new Slot { Offset = Reserve(Encoding.UTF8.GetByteCount(text)), Count = Encoding.UTF8.GetByteCount(text) };
        Encoding.UTF8.GetBytes(text, _bytes.AsSpan(slot.Offset));
        return slot;
    }

    public Slot AddValues(IReadOnlyList<PolicyValue> values)
    {
        var slot = new Slot { Offset = Reserve(values.Count * 32), Count = values.Count };
        for (var i = 0; i < values.Count; i++)
        {
            var row = new ValueRow { Kind = values[i].Kind, Decimals = (byte)values[i].Decimals, Number = values[i].Number };
            if (values[i].Text is { } text) row.Text = AddText(text);
            At<ValueRow>(slot.Offset + (i * 32)) = row;
        }

        return slot;
    }

    public Slot AddTexts(IReadOnlyList<string> texts) => AddValues(texts.Select(PolicyValue.OfText).ToArray());
}
