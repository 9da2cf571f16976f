namespace PhoenixCore.Tools.Verify;

/// <summary>Bytes that are not what was written, or that nobody wrote.</summary>
/// <param name="File">That they stand in.</param>
/// <param name="Offset">Where.</param>
/// <param name="IsDamage">False behind the journal's end, where a crash may leave what was never answered.</param>
internal sealed record Stray(string File, long Offset, bool IsDamage, string What);
