using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Native memory for commands and their long parts, given back all at once.</summary>
public sealed unsafe class CommandArena : IDisposable
{
    private readonly List<nint> _blocks = [];

    /// <summary>Cleared commands in a row.</summary>
    public Command* Commands(int count) => (Command*)Take(count * sizeof(Command));

    public ulong* Numbers(IReadOnlyList<ulong> numbers)
    {
        var first = (ulong*)Take(numbers.Count * sizeof(ulong));
        for (var i = 0; i < numbers.Count; i++) first[i] = numbers[i];
        return first;
    }

    public T* Copy<T>(ReadOnlySpan<T> things)
        where T : unmanaged
    {
        var first = (T*)Take(things.Length * sizeof(T));
        things.CopyTo(new Span<T>(first, things.Length));
        return first;
    }

    /// <summary>Adds a text to the command's own, behind its pointer.</summary>
    public void AddText(Command* command, ExtraTag tag, string value) => AddBytes(command, tag, Encoding.UTF8.GetBytes(value));

    public void AddBytes(Command* command, ExtraTag tag, byte[] bytes)
    {
        var total = command->ExtrasBytes + Extras.ItemHeaderBytes + bytes.Length;
        var extras = (byte*)Take(total);
        new ReadOnlySpan<byte>(command->Extras, command->ExtrasBytes).CopyTo(new Span<byte>(extras, total));
        Extras.Write(new Span<byte>(extras + command->ExtrasBytes, total - command->ExtrasBytes), tag, bytes);
        command->Extras = extras;
        command->ExtrasBytes = total;
    }

    /// <summary>Adds a context's values behind the texts; nothing may be added to these afterwards.</summary>
    public void AddValues(Command* command, byte[] values)
    {
        var place = (command->ExtrasBytes + 7) & ~7;
        var bytes = Take(place + 8 + values.Length);
        new ReadOnlySpan<byte>(command->Extras, command->ExtrasBytes).CopyTo(new Span<byte>(bytes, command->ExtrasBytes));
        *(int*)(bytes + place) = values.Length;
        values.CopyTo(new Span<byte>(bytes + place + 8, values.Length));
        command->Extras = bytes;
        command->Flags |= CommandFlags.HasPolicyInput;
    }

    public static (ulong Lo, ulong Hi) HashOf(string text, uint tenant = LedgerRig.Tenant) =>
        SipHash.Hash128(LedgerRig.HashKey + tenant - 1, Encoding.UTF8.GetBytes(text));

    public byte* Bytes(int count) => Take(count);

    public void Clear()
    {
        foreach (var block in _blocks) NativeMemory.Free((void*)block);
        _blocks.Clear();
    }

    public void Dispose() => Clear();

    private byte* Take(int bytes)
    {
        var block = NativeMemory.AllocZeroed((nuint)Math.Max(8, bytes));
        _blocks.Add((nint)block);
        return (byte*)block;
    }
}
