namespace PhoenixCore.Journal;

/// <summary>A run of an account's entries within one sealed segment, by its first and last one.</summary>
/// <param name="FirstEntry">sequence &lt;&lt; 12 | ordinal.</param>
/// <param name="FirstBalance">Balance after the first entry, smallest units.</param>
/// <param name="LastEntry">sequence &lt;&lt; 12 | ordinal.</param>
/// <param name="LastBalance">Balance after the last entry, smallest units.</param>
public readonly record struct AccountPositions(ulong FirstEntry, Int128 FirstBalance, ulong LastEntry, Int128 LastBalance);
