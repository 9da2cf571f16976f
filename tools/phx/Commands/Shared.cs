using System.CommandLine;

namespace PhoenixCore.Tools.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Shared
{
    public static Argument<string> Directory() => new("dir") { Description = "The server's data directory, or a shard's own (<data>/shards/0)." };

    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public const string JsonOutput = "json";

    public static Option<string> Output()
    {
        var output = new Option<string>("--output") { Description = "How to answer: table or json.", DefaultValueFactory = _ => "table" };
        output.AcceptOnlyFromAmong("table", JsonOutput);
        return output;
    }

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
