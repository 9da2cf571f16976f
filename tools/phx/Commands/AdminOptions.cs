using System.CommandLine;

namespace PhoenixCore.Tools.Commands;

/// <summary>Options of the commands that ask a running server.</summary>
internal static class AdminOptions
{
    public static Option<string> Url() => new("--url") { Description = "REST address of the server.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };

    public static Option<string?> Reason() => new("--reason") { Description = "Why, for the journal." };
}
