using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.KeyIndex;

/// <summary>The memory of tails that have ended, kept for those that follow: at full load several come and go each second, and fresh pages
/// cost more to fault in than the rows in them do. Any thread.</summary>
internal static unsafe class KeyTailMemory
{
    /// <summary>Smaller tables are cheap to make.</summary>
    private const int RowsMin = 1 << 16;
    private const int KeptMax = 2;

    private static readonly Lock Changing = new();
    private static readonly List<(nint Address, int Rows)> Kept = [];

    /// <summary>Room for so many rows, all zero.</summary>
    public static KeyRow* Rent(int rows)
    {
        var address = Take(rows);
        if (address == 0)
            return (KeyRow*)NativeMemory.AllocZeroed((nuint)rows, KeyRow.Size);
        NativeMemory.Clear((void*)address, (nuint)rows * KeyRow.Size);
        return (KeyRow*)address;
    }

    public static void Return(KeyRow* address, int rows)
    {
        if (rows >= RowsMin)
        {
            lock (Changing)
            {
                if (Kept.Count < KeptMax)
                {
                    Kept.Add(((nint)address, rows));
                    return;
                }
            }
        }
        NativeMemory.Free(address);
    }

    private static nint Take(int rows)
    {
        if (rows < RowsMin)
            return 0;
        lock (Changing)
        {
            var at = Kept.FindIndex(block => block.Rows == rows);
            if (at < 0)
                return 0;
            var address = Kept[at].Address;
            Kept.RemoveAt(at);
            return address;
        }
    }
}
