using System.CommandLine;
using PhoenixCore.Journal;
using PhoenixCore.Tools.Bench;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Commands;

/// <summary>The options of <c>phx bench</c>.</summary>
internal static class BenchSyntax
{
    private const int BatchMax = 8_190; // the contract's largest message

    public static Command Build(ToolConsole console)
    {
        var directory = new Option<string>("--dir") { Description = "Where to write: the disk that is meant. A directory phx-bench-... is made there and removed afterwards.", DefaultValueFactory = _ => "." };
        var seconds = new Option<double>("--seconds") { Description = "How long to send.", DefaultValueFactory = _ => 5 }.Within(0.1, 3_600);
        var writer = new Option<string>("--writer") { Description = "How groups reach the file.", DefaultValueFactory = _ => "pwrite" };
        writer.AcceptOnlyFromAmong("pwrite", "mapped");
        var senders = new Option<int>("--senders") { Description = "Batches in flight.", DefaultValueFactory = _ => 4 }.Within(1, 1_024);
        var batch = new Option<int>("--batch") { Description = "Transfers in a batch.", DefaultValueFactory = _ => 256 }.Within(1, BatchMax);
        var wallets = new Option<int>("--wallets") { Description = "Wallets to move money between.", DefaultValueFactory = _ => 10_000 }.Within(2, 10_000_000);
        var command = new Command("bench", "Measures durable transfers on this machine's disk, in this process, and what one durable write costs by itself; checks the books at the end.")
        {
            directory, seconds, writer, senders, batch, wallets,
        };
        command.SetAction(parsed => BenchCommand.Run(
            new BenchOptions(
                parsed.GetRequiredValue(directory),
                parsed.GetValue(seconds),
                parsed.GetValue(writer) == "mapped" ? WriterKind.Mapped : WriterKind.Pwrite,
                parsed.GetValue(senders),
                parsed.GetValue(batch),
                parsed.GetValue(wallets)),
            console));
        return command;
    }
}
