using System.Text;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Grpc.Rendering;

/// <summary>Values in the words of the protocol.</summary>
internal static class WireValues
{
    public static Amount AmountOf(Int128 units, string asset, int scale) => new()
    {
        Units = unchecked((ulong)units),
        UnitsHigh = unchecked((long)(units >> 64)),
        Asset = asset,
        Scale = (uint)scale,
    };

    public static Amount AmountOf(Int128 units, AssetInfo asset) => AmountOf(units, asset.Code, asset.Scale);

    public static Int128 UnitsOf(Amount amount) => new(unchecked((ulong)amount.UnitsHigh), amount.Units);

    /// <summary>Empty when there is no such text.</summary>
    public static string TextOf(ReadOnlySpan<byte> extras, ExtraTag tag) => Extras.TryFind(extras, tag, out var value) ? Encoding.UTF8.GetString(value) : "";

    public static Contracts.V1.WalletStatus StatusOf(Ledger.WalletStatus status) => status switch
    {
        Ledger.WalletStatus.Active => Contracts.V1.WalletStatus.Active,
        Ledger.WalletStatus.Frozen => Contracts.V1.WalletStatus.Frozen,
        Ledger.WalletStatus.Closed => Contracts.V1.WalletStatus.Closed,
    };

    public static Contracts.V1.ReservationStatus StatusOf(Ledger.ReservationStatus status) => status switch
    {
        Ledger.ReservationStatus.None => Contracts.V1.ReservationStatus.Unspecified,
        Ledger.ReservationStatus.Pending => Contracts.V1.ReservationStatus.Pending,
        Ledger.ReservationStatus.Committed => Contracts.V1.ReservationStatus.Committed,
        Ledger.ReservationStatus.Released => Contracts.V1.ReservationStatus.Released,
        Ledger.ReservationStatus.Expired => Contracts.V1.ReservationStatus.Expired,
    };
}
