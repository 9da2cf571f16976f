using System.Globalization;

namespace PhoenixCore.Tools.Rendering;

/// <summary>Amounts as people read them.</summary>
internal static class Units
{
    /// <param name="units">Smallest units, any sign.</param>
    /// <param name="scale">Decimals of the asset, 0–18.</param>
    public static string Format(Int128 units, int scale)
    {
        var digits = Int128.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(scale + 1, '0');
        var text = scale == 0 ? digits : $"{digits[..^scale]}.{digits[^scale..]}";
        return units < 0 ? "-" + text : text;
    }
}
