using PhoenixCore.Journal;

namespace PhoenixCore.Shard.Shadow;

/// <summary>The shadow's notes: 3501 to 3599.</summary>
public static class ShadowNotes
{
    public static OperatorNote Differs(string text) => new(3501, "ShadowDiffers", true, text);

    public static OperatorNote Ended(string text) => new(3502, "ShadowEnded", true, text);

    /// <summary>One of each, for whoever lists them.</summary>
    public static IReadOnlyList<OperatorNote> All { get; } = [Differs(""), Ended("")];
}
