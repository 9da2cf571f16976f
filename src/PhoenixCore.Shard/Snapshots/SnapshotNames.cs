using System.Globalization;
using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>What snapshots are called: by their sequence, so that the newest sorts last.</summary>
public static class SnapshotNames
{
    /// <summary>Of a file that has no name yet; opening a journal removes what ends so.</summary>
    public const string Unfinished = ".tmp";
    private const string Ending = ".snapshot";

    public static string Of(ulong sequence) => sequence.ToString("D16", CultureInfo.InvariantCulture) + Ending;

    public static bool TryParse(string name, out ulong sequence)
    {
        sequence = 0;
        return name.EndsWith(Ending, StringComparison.Ordinal)
            && ulong.TryParse(name.AsSpan(0, name.Length - Ending.Length), NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
            && sequence != 0;
    }

    /// <summary>Names of the snapshots there, newest first.</summary>
    public static IReadOnlyList<string> In(IJournalStorage storage) =>
        [.. storage.List().Select(name => (Name: name, Ok: TryParse(name, out var sequence), Sequence: sequence)).Where(file => file.Ok).OrderByDescending(file => file.Sequence).Select(file => file.Name)];
}
