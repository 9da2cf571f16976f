using PhoenixCore.Journal;
using PhoenixCore.Shard.Snapshots;
using PhoenixCore.Tools.Data;

namespace PhoenixCore.Tools.Verify;

/// <summary>Looks at every byte that a replay does not need: first pages, room between groups, what lies behind the end, snapshots.</summary>
internal static class StraySearch
{
    public static IReadOnlyList<Stray> Run(DataDirectory data)
    {
        var strays = new List<Stray>();
        var reports = data.Storage.List().Where(name => SegmentInspection.TryNumber(name, out _)).Order(StringComparer.Ordinal).Select(name => SegmentInspection.Inspect(data.Storage, name)).ToArray();
        var last = Array.FindLastIndex(reports, report => report.Whole.Groups > 0);
        for (var i = 0; i < reports.Length; i++)
        {
            if (reports[i].Ending == SegmentEnding.HeaderUnreadable) strays.Add(new Stray(reports[i].Name, 0, i <= last, i <= last ? "its first page is not that of this segment" : "its first page is not that of a prepared segment; the next start makes it anew"));
            if (reports[i].StrayAt is not { } at) continue;
            var isBehind = at >= reports[i].Whole.End;
            strays.Add(new Stray(reports[i].Name, at, !isBehind, isBehind ? (i < last ? "behind the segment's last group" : "behind the journal's end") : "where only zeros were ever written"));
        }

        foreach (var name in SnapshotNames.In(data.Storage))
        {
            try
            {
                using var reader = SnapshotReader.Open(data.Storage, name, data.Shard);
                reader.Prove();
            }
            catch (SnapshotUnusableException unusable)
            {
                strays.Add(new Stray(name, unusable.Offset, true, unusable.Message));
            }
        }

        return strays;
    }
}
