namespace PhoenixCore.Journal;

/// <summary>Something that an operator may want to know, with a number that stays the same for ever.</summary>
/// <param name="Number">Added, never reused; the handbook lists them.</param>
/// <param name="Name">Of the event, in the past tense.</param>
/// <param name="IsTrouble">Somebody should look.</param>
/// <param name="Text">A sentence; no amounts, no texts of callers.</param>
public readonly record struct OperatorNote(int Number, string Name, bool IsTrouble, string Text);
