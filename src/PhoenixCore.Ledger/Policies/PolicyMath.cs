namespace PhoenixCore.Ledger.Policies;

/// <summary>Exact arithmetic of rules: decimals, shares, windows, local time.</summary>
internal static unsafe class PolicyMath
{
    public const long Second = 1_000_000_000;
    private const long Day = 86_400 * Second;
    private const long Million = 1_000_000;

    /// <summary>Smallest units at a scale; a decimal with more digits is rounded up or down. Saturates beyond every balance.</summary>
    public static Int128 UnitsOf(Int128 value, AmountForm form, int scale, bool roundUp)
    {
        if (form <= AmountForm.Units) return value;
        var decimals = (int)form - (int)AmountForm.Decimal;
        for (; decimals < scale; decimals++)
        {
            if (value > LedgerLimits.UnitsMax / 10) return LedgerLimits.UnitsMax + 1;
            if (value < -(LedgerLimits.UnitsMax / 10)) return -LedgerLimits.UnitsMax - 1;
            value *= 10;
        }

        if (decimals == scale) return value;
        var power = PowerOfTen(decimals - scale);
        var (quotient, rest) = Int128.DivRem(value, power);
        if (rest == 0) return quotient;
        return roundUp ? (rest > 0 ? quotient + 1 : quotient) : (rest < 0 ? quotient - 1 : quotient);
    }

    public static int Compare(Int128 a, int decimalsOfA, Int128 b, int decimalsOfB)
    {
        var (wholeOfA, restOfA) = Int128.DivRem(a, PowerOfTen(decimalsOfA));
        var (wholeOfB, restOfB) = Int128.DivRem(b, PowerOfTen(decimalsOfB));
        var whole = wholeOfA.CompareTo(wholeOfB);
        return whole != 0 ? whole : (restOfA * PowerOfTen(PolicyLimits.DecimalsMax - decimalsOfA)).CompareTo(restOfB * PowerOfTen(PolicyLimits.DecimalsMax - decimalsOfB));
    }

    /// <summary>amount × share / 1,000,000, rounded down; a share is at most 1,000,000.</summary>
    public static Int128 ShareOf(Int128 amount, long millionths)
    {
        var (quotient, rest) = Int128.DivRem(amount, Million);
        return (quotient * millionths) + (rest * millionths / Million);
    }

    /// <summary>The least amount whose share is so much.</summary>
    public static Int128 WholeOf(Int128 share, long millionths)
    {
        var (quotient, rest) = Int128.DivRem(share, millionths);
        return (quotient * Million) + (((rest * Million) + millionths - 1) / millionths);
    }

    /// <summary>amount × multiplier / 10,000, rounded down; stops at the bound of amounts.</summary>
    public static Int128 MultipleOf(Int128 amount, long tenThousandths)
    {
        const int unit = 10_000;
        if (tenThousandths == 0) return 0;
        var (quotient, rest) = Int128.DivRem(amount, unit);
        if (quotient > LedgerLimits.UnitsMax / tenThousandths) return LedgerLimits.UnitsMax;
        var (most, more) = (quotient * tenThousandths, rest * tenThousandths / unit);
        return most > LedgerLimits.UnitsMax - more ? LedgerLimits.UnitsMax : most + more;
    }

    /// <summary>Unix nanoseconds at which the window that the stamp lies in has begun.</summary>
    public static long WindowStart(LimitWindow window, long duration, long stamp) => window switch
    {
        LimitWindow.Transaction or LimitWindow.Lifetime => 0,
        LimitWindow.Day => stamp / Day * Day,
        LimitWindow.Week => Math.Max(0, (((stamp / Day) + 3) / 7 * 7) - 3) * Day, // the epoch was a Thursday
        LimitWindow.Month => MonthStart(stamp / Day) * Day,
        LimitWindow.Duration => stamp / duration * duration,
    };

    /// <summary>Whether the stamp lies within the schedule's days and hours, by its zone's clock.</summary>
    public static bool IsWithin(byte* program, RuleRow* rule, long stamp)
    {
        var local = FloorDivide(stamp, Second);
        local += OffsetAt((ZoneRow*)(program + rule->First.Offset), rule->First.Count, local);
        var day = (int)Modulo(FloorDivide(local, 86_400) + 3, 7); // Monday = 0
        var minute = (int)(Modulo(local, 86_400) / 60);
        if (rule->From < rule->To) return (rule->Days & (1 << day)) != 0 && minute >= rule->From && minute < rule->To;
        if (minute >= rule->From) return (rule->Days & (1 << day)) != 0;
        return minute < rule->To && (rule->Days & (1 << ((day + 6) % 7))) != 0;
    }

    private static long OffsetAt(ZoneRow* zone, int count, long seconds)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (zone[middle].AtSeconds <= seconds) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? 0 : zone[low - 1].OffsetSeconds;
    }

    /// <summary>Day number of the first of the month, from days since the epoch (Hinnant's civil calendar).</summary>
    private static long MonthStart(long days)
    {
        var shifted = days + 719_468;
        var ofEra = Modulo(shifted, 146_097);
        var yearOfEra = (ofEra - (ofEra / 1_460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        var dayOfYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var month = ((5 * dayOfYear) + 2) / 153; // from March
        var dayOfMonth = dayOfYear - (((153 * month) + 2) / 5);
        return days - dayOfMonth;
    }

    private static Int128 PowerOfTen(int exponent)
    {
        Int128 power = 1;
        for (; exponent > 0; exponent--) power *= 10;
        return power;
    }

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
