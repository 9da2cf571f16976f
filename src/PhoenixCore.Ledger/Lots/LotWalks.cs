using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Lots;

/// <summary>Looking ahead along lists of lots: each list is followed one lot for every command that is looked at, so that the lots which a spender will need are there when it is decided.</summary>
/// <remarks>Hints only. A list may change meanwhile: what is read then is some other row, or a cleared one, at which the walk ends.</remarks>
internal sealed unsafe class LotWalks(LotPool lots) : IDisposable
{
    private const int Max = 16;
    private const int SecondLine = 64;
    private readonly Walk* _walks = (Walk*)NativeMemory.AlignedAlloc(Max * (nuint)sizeof(Walk), 64);

    /// <summary>Walks under way; none as long as wallets have one lot.</summary>
    public int Count { get; private set; }

    /// <param name="first">A lot that was fetched already.</param>
    /// <param name="amount">What the lots have to cover: behind that nobody looks.</param>
    public void Begin(int first, Int128 amount)
    {
        if (Count == Max) return;
        _walks[Count++] = new Walk { Left = amount, Lot = first };
    }

    /// <summary>One lot further, on each list.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Step()
    {
        for (var i = Count - 1; i >= 0; i--)
        {
            var walk = _walks + i;
            var row = lots.Read(walk->Lot);
            walk->Left = unchecked(walk->Left - row->Available);
            if (walk->Left >= 0) Sse.Prefetch0(unchecked((byte*)row + SecondLine)); // it is used up, and then that is read too
            var next = row->Next;
            if (next == 0 || walk->Left <= 0)
            {
                *walk = _walks[--Count];
                continue;
            }

            walk->Lot = next;
            Sse.Prefetch0(lots.Read(next));
        }
    }

    public void Dispose() => NativeMemory.AlignedFree(_walks);

    private struct Walk
    {
        public Int128 Left;
        public int Lot;
    }
}
