using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Where lots at the ends of pages lay in memory, a few of the last ones: the next page need not be walked to. Any thread.</summary>
/// <remarks>The ledger proves each before it uses it, so a mixed-up pair of number and handle does no harm.</remarks>
internal sealed class LotHints
{
    private const int Places = 1 << 12;
    private readonly ulong[] _numbers = new ulong[Places];
    private readonly int[] _handles = new int[Places];

    public void Note(in LotView lot)
    {
        var place = PlaceOf(lot.Number);
        Volatile.Write(ref _numbers[place], lot.Number);
        Volatile.Write(ref _handles[place], lot.Handle);
    }

    /// <returns>0 = not known.</returns>
    public ulong Of(ulong lot)
    {
        var place = PlaceOf(lot);
        return Volatile.Read(ref _numbers[place]) == lot ? (ulong)Volatile.Read(ref _handles[place]) : 0;
    }

    private static int PlaceOf(ulong lot) => (int)(Mix.Of(lot) % Places);
}
