namespace PhoenixCore.Tools.Bench;

/// <summary>What a load came to.</summary>
/// <param name="Answered">Transfers answered, durable each.</param>
/// <param name="Refused">Those among them that were refused; they make no fact.</param>
/// <param name="Batches">From sending a batch to its last answer.</param>
internal sealed record LoadFigures(long Answered, long Refused, double Seconds, Latencies Batches)
{
    public double PerSecond => Answered / Seconds;
}
