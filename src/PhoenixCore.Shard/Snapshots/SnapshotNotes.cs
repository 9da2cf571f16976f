using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Snapshots;

/// <summary>The snapshots' notes: 3001 to 3999.</summary>
public static class SnapshotNotes
{
    public static OperatorNote Taken(string text) => new(3001, "SnapshotTaken", false, text);

    public static OperatorNote NotTaken(string text) => new(3002, "SnapshotNotTaken", true, text);

    public static OperatorNote Removed(string text) => new(3003, "SnapshotRemoved", false, text);

    public static OperatorNote NotUsed(string text) => new(3004, "SnapshotNotUsed", true, text);

    public static OperatorNote Used(string text) => new(3005, "SnapshotUsed", false, text);

    /// <summary>One of each, for whoever lists them.</summary>
    public static IReadOnlyList<OperatorNote> All { get; } = [Taken(""), NotTaken(""), Removed(""), NotUsed(""), Used("")];
}
