using System.Collections.Frozen;
using System.Text;

namespace PhoenixCore.Ledger;

/// <summary>Currencies in circulation and the decimals of their minor units (ISO 4217, list one).</summary>
public static class Iso4217
{
    private const string NoDecimals = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";
    private const string ThreeDecimals = "BHD IQD JOD KWD LYD OMR TND";
    private const string TwoDecimals =
        "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB "
        + "EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
        + "MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
        + "TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG";

    private static readonly FrozenDictionary<UInt128, int> Scales =
        NoDecimals.Split(' ').Select(code => (code, 0))
            .Concat(TwoDecimals.Split(' ').Select(code => (code, 2)))
            .Concat(ThreeDecimals.Split(' ').Select(code => (code, 3)))
            .ToFrozenDictionary(pair => AssetCode.Pack(Encoding.ASCII.GetBytes(pair.code)), pair => pair.Item2);

    /// <summary>The same for a code as callers write it; false too when it is none.</summary>
    public static bool TryGetScale(string code, out int scale)
    {
        var bytes = Encoding.UTF8.GetBytes(code);
        scale = 0;
        return AssetCode.IsValid(bytes) && TryGetScale(AssetCode.Pack(bytes), out scale);
    }

    public static bool TryGetScale(UInt128 code, out int scale) => Scales.TryGetValue(code, out scale);
}
