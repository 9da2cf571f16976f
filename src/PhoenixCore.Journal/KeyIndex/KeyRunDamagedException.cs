namespace PhoenixCore.Journal.KeyIndex;

/// <summary>A page of a key run is not what was written; the run has to be made again from the segments.</summary>
internal sealed class KeyRunDamagedException(KeyRun run, string what) : Exception($"Key run {run.Name}: {what}")
{
    public KeyRun Run { get; } = run;
}
