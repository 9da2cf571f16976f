namespace PhoenixCore.Journal;

/// <summary>An account's first and last entry within one sealed segment.</summary>
/// <param name="FirstEntry">sequence &lt;&lt; 12 | ordinal.</param>
/// <param name="FirstBalance">Balance after the first entry, smallest units.</param>
/// <param name="LastEntry">sequence &lt;&lt; 12 | ordinal.</param>
/// <param name="LastBalance">Balance after the last entry, smallest units.</param>
public readonly record struct AccountPositions(ulong FirstEntry, Int128 FirstBalance, ulong LastEntry, Int128 LastBalance);
