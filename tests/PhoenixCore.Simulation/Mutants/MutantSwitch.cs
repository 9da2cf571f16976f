using System.Reflection;
using System.Text.RegularExpressions;
using PhoenixCore.Ledger;
using PhoenixCore.Shard;

namespace PhoenixCore.Simulation.Mutants;

/// <summary>Wakes one planted bug, in all rooms at once.</summary>
internal static partial class MutantSwitch
{
    private static readonly FieldInfo[] Numbers = [.. new[] { typeof(LedgerCore), typeof(LedgerShard), typeof(Journal.Journal) }.Select(type => type.Assembly.GetType("PhoenixCore.Mutant", throwOnError: true)!.GetField("Number", BindingFlags.Static | BindingFlags.NonPublic)!)];

    /// <summary>Numbers and names of all, from the list that they are planted from.</summary>
    public static IReadOnlyList<(int Number, string Name)> All { get; } = [.. Heads().Matches(Planted()).Select(head => (int.Parse(head.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), head.Groups[2].Value.Trim()))];

    /// <param name="number">0 = none.</param>
    public static void Wake(int number)
    {
        foreach (var field in Numbers) field.SetValue(null, number);
    }

    private static string Planted()
    {
        using var stream = typeof(MutantSwitch).Assembly.GetManifestResourceStream("planted.txt")!;
        return new StreamReader(stream).ReadToEnd();
    }

    [GeneratedRegex("^== ([0-9]+) (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heads();
}
