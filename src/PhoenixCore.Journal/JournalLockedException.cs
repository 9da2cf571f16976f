namespace PhoenixCore.Journal;

/// <summary>Another process, or another journal in this one, has the directory open for writing.</summary>
public sealed class JournalLockedException(string directory)
    : IOException($"The journal in {directory} is open elsewhere: its lock file is held.");
