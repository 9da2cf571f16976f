using System.CommandLine;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>Every command of phx with its options.</summary>
internal static class CommandTree
{
    public static RootCommand Build(ToolConsole console) =>
        new("phx: looks at a PhoenixCore data directory at rest, measures this machine's disk, and administers tenants and keys of a running server.")
        {
            new Command("journal", "The facts of a journal.") { DumpSyntax.Build(console), VerifySyntax.Build(console) },
            BalanceSyntax.Build(console),
            BenchSyntax.Build(console),
            SnapshotSyntax.Build(console),
            SnapshotSyntax.Replay(console),
            TenantSyntax.Build(console),
            KeySyntax.Build(console),
        };
}
