namespace PhoenixCore.Tools.Status;

/// <summary>Something that doctor has to say.</summary>
/// <param name="Severity">critical, warning or info.</param>
/// <param name="What">A sentence.</param>
/// <param name="Advice">What to run or to do.</param>
internal sealed record Finding(string Severity, string What, string Advice);
