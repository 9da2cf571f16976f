namespace PhoenixCore.Journal;

/// <summary>How the index of idempotency keys stands; for metrics and tests.</summary>
/// <param name="Through">Every key of the records up to this sequence can be found.</param>
/// <param name="Runs">Sorted files.</param>
/// <param name="RunKeys">Keys in them.</param>
/// <param name="TailKeys">Keys that are in no file yet.</param>
/// <param name="Bytes">Memory of the files' filters and page tables.</param>
public readonly record struct KeyIndexState(ulong Through, int Runs, long RunKeys, long TailKeys, long Bytes);
