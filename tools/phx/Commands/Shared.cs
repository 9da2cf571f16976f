using System.CommandLine;

namespace PhoenixCore.Tools.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Shared
{
    public static Argument<string> Directory() => new("dir") { Description = "The server's data directory, or a shard's own (<data>/shards/0)." };

    public static Option<bool> Json(string what) => new("--json") { Description = what };

    private const string TableOutput = "table";

    public static Option<string> Output()
    {
        var output = new Option<string>("--output") { Description = "How to answer: table, or json or ndjson: one object on a line.", DefaultValueFactory = _ => TableOutput };
        output.AcceptOnlyFromAmong(TableOutput, "json", "ndjson");
        return output;
    }

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Says what would be done, and does nothing." };

    /// <summary>Either way of asking for objects.</summary>
    public static bool IsJson(ParseResult parsed, Option<bool> json, Option<string> output) => parsed.GetValue(json) || parsed.GetValue(output) != TableOutput;

    /// <summary>Refuses values outside of a range as wrong usage.</summary>
    public static Option<T> Within<T>(this Option<T> option, T least, T most)
        where T : struct, IComparable<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.Tokens.Count == 0) return;
            var value = result.GetValueOrDefault<T>();
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) result.AddError($"{option.Name} takes {least} to {most}.");
        });
        return option;
    }
}
