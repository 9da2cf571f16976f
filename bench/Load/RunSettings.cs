namespace PhoenixCore.Bench.Load;

/// <summary>What one run of the benchmark does.</summary>
/// <param name="Parts">roof, core, policies, wire, copies, webhooks, cold, memory; empty = all (cold and memory only when it is no quick run).</param>
public sealed record RunSettings(bool Quick, string Directory, string Results, string Commit, ulong Seed, int Wallets, IReadOnlyList<string> Parts)
{
    public const string Usage = "usage: phoenix-load [--quick] [--dir <data>] [--results <dir>] [--commit <hash>] [--seed <n>] [--wallets <n>] [roof|core|policies|wire|copies|webhooks|cold|memory|snapshot ...]";

    /// <summary>Seconds of one slice of a short measurement.</summary>
    public double Slice => Quick ? 1.5 : 4;

    public int Repeats => Quick ? 3 : 5;

    public bool Runs(string part) => Parts.Count == 0 || Parts.Contains(part);

    /// <summary>Null: the words are off.</summary>
    public static RunSettings? Parse(string[] args)
    {
        var settings = new RunSettings(false, Path.GetTempPath(), Path.Combine("bench", "results"), "unknown", 42, 1_000_000, []);
        var parts = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : null;
            switch (args[i])
            {
                case "--quick":
                    settings = settings with { Quick = true, Wallets = 300_000 };
                    continue;
                case "roof" or "core" or "policies" or "wire" or "copies" or "webhooks" or "cold" or "memory" or "snapshot":
                    parts.Add(args[i]);
                    continue;
                case "--dir" when value != null:
                    settings = settings with { Directory = value };
                    break;
                case "--results" when value != null:
                    settings = settings with { Results = value };
                    break;
                case "--commit" when value != null:
                    settings = settings with { Commit = value };
                    break;
                case "--seed" when ulong.TryParse(value, out var seed):
                    settings = settings with { Seed = seed };
                    break;
                case "--wallets" when int.TryParse(value, out var wallets) && wallets > 1:
                    settings = settings with { Wallets = wallets };
                    break;
                default:
                    return null;
            }

            i++;
        }

        return settings with { Parts = parts };
    }
}
