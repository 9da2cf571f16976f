using System.Globalization;
using System.Text.Json;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Tools.Names;

namespace PhoenixCore.Tools.Rendering;

/// <summary>Values that every command writes in the same form.</summary>
internal static class JsonWriting
{
    /// <summary>Smallest units as a string, and the same with the point set under <c>…Decimal</c>.</summary>
    public static void WriteAmount(this Utf8JsonWriter json, string name, Int128 units, int scale)
    {
        json.WriteString(name, units.ToString(CultureInfo.InvariantCulture));
        json.WriteString(name + "Decimal", Units.Format(units, scale));
    }

    /// <summary>A thing's public id, and its number as a string under <c>…Number</c>.</summary>
    public static void WriteNamed(this Utf8JsonWriter json, string name, TenantEntry tenant, IdKind kind, ulong number)
    {
        json.WriteString(name, tenant.Ids.Format(kind, number));
        json.WriteString(name + "Number", number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A whole number that may pass what a double holds.</summary>
    public static void WriteNumberText<T>(this Utf8JsonWriter json, string name, T value)
        where T : IFormattable => json.WriteString(name, value.ToString(null, CultureInfo.InvariantCulture));

    /// <summary>A ledger time; null where it is 0, which means none.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, long nanoseconds)
    {
        if (nanoseconds == 0) json.WriteNull(name);
        else json.WriteString(name, Stamp.Format(nanoseconds));
    }
}
