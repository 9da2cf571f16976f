using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Hosting;

/// <summary>The server as a process: flags in, lines and an exit code out.</summary>
public static class ServerProcess
{
    public const int BadConfiguration = 64;
    public const int JournalDamaged = 72;
    public const int DirectoryLocked = 73;

    /// <summary>Runs until SIGINT or SIGTERM.</summary>
    /// <returns>0 after a clean stop; 64 bad configuration; 70 storage failed; 71 invariant broken; 72 journal damaged; 73 data directory in use.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Contains("--help"))
        {
            Console.Write(SettingsTable.Help());
            return 0;
        }

        if (arguments.Contains("--version"))
        {
            Console.WriteLine(typeof(ServerProcess).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return 0;
        }

        try
        {
            var settings = SettingsReader.Read(arguments, Environment.GetEnvironmentVariables());
            await ServeAsync(settings);
            return 0;
        }
        catch (SettingsException e)
        {
            return Fail(BadConfiguration, $"configuration: {e.Message}");
        }
        catch (JournalLockedException e)
        {
            return Fail(DirectoryLocked, e.Message);
        }
        catch (JournalDamagedException e)
        {
            return Fail(JournalDamaged, $"journal damaged: case {(char)e.Case}, segment {e.Segment}, offset {e.Offset}, sequence {e.Sequence}: {e.Explanation}");
        }
        catch (InvalidDataException e)
        {
            return Fail(JournalDamaged, e.Message);
        }
        catch (JournalIoException e)
        {
            return Fail(ProcessExit.StorageFailed, e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Fail(BadConfiguration, e.Message);
        }
    }

    private static async Task ServeAsync(ServerSettings settings)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var server = await PhoenixServer.StartAsync(settings, EndProcess, onListening: listening => Console.WriteLine($"starting: {listening.RestAddress}startupz"));
        Introduce(server, settings);
        await stop.Task;
        Console.WriteLine("stopping");

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static void Introduce(PhoenixServer server, ServerSettings settings)
    {
        var recovery = server.Shard.Recovery;
        Console.WriteLine($"recovered: case {recovery.Letter}, sequence {recovery.LastSequence}, {recovery.VisitedRecords} facts in {recovery.ReplayMilliseconds:F0} ms");
        if (server.Shard.RecoveredFrom is { } snapshot) Console.WriteLine($"snapshot: {snapshot.Name}, sequence {snapshot.Sequence}, {snapshot.Bytes} bytes; replay began behind it");
        foreach (var note in recovery.Notes) Console.WriteLine($"note: {note}");
        Console.WriteLine($"rest: {server.RestAddress}");
        Console.WriteLine($"grpc: {server.GrpcAddress}");
        if (server.MintedKey is { } minted) Console.WriteLine($"api-key: {minted}");
        var key = server.MintedKey ?? (settings.ApiKey != null ? "$PHOENIX_API_KEY" : "$API_KEY");
        Console.WriteLine($"try: curl {(settings.TlsCertificate != null ? "-k " : "")}-H \"Authorization: Bearer {key}\" {Reachable(server.RestAddress)}wallets/house_wallet");
        Console.WriteLine("ready");
    }

    /// <summary>An address that binds every interface is no address to call.</summary>
    private static Uri Reachable(Uri address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(address) { Host = "localhost" }.Uri
        : address;

    private static int Fail(int code, string line)
    {
        Console.Error.WriteLine(OneLine(line));
        return code;
    }

    private static void EndProcess(ShardFault fault)
    {
        Console.Error.WriteLine(OneLine($"{(fault.ExitCode == ShardFault.StorageFailed ? "storage failed" : "invariant broken")}: {fault.Reason.Message}"));
        ProcessExit.Now(fault.ExitCode);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
