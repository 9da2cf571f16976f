namespace PhoenixCore.Model.Scripts;

/// <summary>Makes a failing script short by dropping steps.</summary>
public static class ScriptShrinker
{
    /// <summary>Drops runs of steps, long runs first, for as long as the script still fails; the rest is renumbered (<see cref="ScriptRenumbering"/>).</summary>
    /// <param name="script">A script for which <paramref name="fails"/> is true.</param>
    /// <param name="fails">Runs a script from an empty ledger. Called about (steps kept × log steps) times, so cut the script after its failing step first.</param>
    public static IReadOnlyList<ScriptStep> Shrink(IReadOnlyList<ScriptStep> script, Func<IReadOnlyList<ScriptStep>, bool> fails)
    {
        var kept = script;
        for (var run = Math.Max(1, kept.Count / 2); run >= 1; run /= 2)
        {
            for (var start = 0; start < kept.Count;)
            {
                var indexes = Enumerable.Range(0, kept.Count).Where(index => index < start || index >= start + run).ToList();
                var fewer = ScriptRenumbering.Keep(kept, indexes);
                if (fewer.Count > 0 && fails(fewer))
                {
                    kept = fewer;
                }
                else
                {
                    start += run;
                }
            }
        }

        return kept;
    }
}
