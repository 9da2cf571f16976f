namespace PhoenixCore.Journal;

/// <summary>Where replay starts and who gets the records.</summary>
/// <param name="After">The end of a run; null = the beginning of the journal.</param>
/// <param name="Visitor">Gets every record behind it.</param>
public readonly record struct ReplayStart(JournalPosition? After, IRecordVisitor? Visitor);
