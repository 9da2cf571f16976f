using System.CommandLine;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>Every command of phx with its options.</summary>
internal static class CommandTree
{
    public static RootCommand Build(ToolConsole console) =>
        new("phx: looks at a PhoenixCore data directory, backs it up, measures this machine's disk, and administers tenants and keys of a running server.")
        {
            new Command("journal", "The facts of a journal.") { DumpSyntax.Build(console), VerifySyntax.Build(console), InspectSyntax.List(console), InspectSyntax.File(console), InspectSyntax.Diff(console), SnapshotSyntax.Replay(console) },
            BackupSyntax.Build(console),
            BalanceSyntax.Build(console),
            BenchSyntax.Build(console),
            SnapshotSyntax.Build(console),
            SnapshotSyntax.Replay(console),
            AuditSyntax.Build(console),
            ConfigSyntax.Build(console),
            ExportSyntax.Build(console),
            FollowerSyntax.Build(console),
            StatusSyntax.Status(console),
            StatusSyntax.Doctor(console),
            TenantSyntax.Build(console),
            KeySyntax.Build(console),
        };
}
