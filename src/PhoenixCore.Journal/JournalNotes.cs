namespace PhoenixCore.Journal;

/// <summary>The journal's notes: 2001 to 2999.</summary>
public static class JournalNotes
{
    public static OperatorNote Opened(string text) => new(2001, "JournalOpened", false, text);

    public static OperatorNote TailCut(string text) => new(2002, "JournalTailCut", true, text);

    public static OperatorNote Found(string text) => new(2003, "JournalOddityFound", true, text);

    public static OperatorNote PreparationFailed(string text) => new(2004, "SegmentPreparationFailed", true, text);

    public static OperatorNote RestKept(string text) => new(2005, "SegmentRestKept", true, text);

    public static OperatorNote IndexFailed(string text) => new(2006, "SideIndexFailed", true, text);

    public static OperatorNote KeyIndexFailed(string text) => new(2007, "KeyIndexFailed", true, text);

    public static OperatorNote KeyRunDropped(string text) => new(2008, "KeyRunDropped", true, text);

    public static OperatorNote KeysIndexedAgain(string text) => new(2009, "KeysIndexedAgain", false, text);

    /// <summary>One of each, for whoever lists them.</summary>
    public static IReadOnlyList<OperatorNote> All { get; } =
        [Opened(""), TailCut(""), Found(""), PreparationFailed(""), RestKept(""), IndexFailed(""), KeyIndexFailed(""), KeyRunDropped(""), KeysIndexedAgain("")];
}
