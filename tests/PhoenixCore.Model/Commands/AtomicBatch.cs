namespace PhoenixCore.Model;

/// <summary>1–1,024 operations, all or none. Batches, sweeps and key questions cannot be operations.</summary>
public sealed record AtomicBatch(IReadOnlyList<ModelCommand> Operations) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"AtomicBatch[{string.Join(" | ", Operations.Select(operation => operation.Describe()))}]";
}
