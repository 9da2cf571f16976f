using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Server.Logs;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Hosting;

/// <summary>The server as a process: flags in, lines and an exit code out.</summary>
public static class ServerProcess
{
    public const int BadConfiguration = 64;
    public const int JournalDamaged = 72;
    public const int DirectoryLocked = 73;
    public const int Deposed = 74;
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>Runs until SIGINT or SIGTERM.</summary>
    /// <returns>0 after a clean stop; 64 bad configuration; 70 storage failed; 71 invariant broken; 72 journal damaged; 73 data directory in use; 74 another copy leads now.</returns>
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

        ServerSettings settings;
        try
        {
            settings = SettingsReader.Read(arguments, Environment.GetEnvironmentVariables());
        }
        catch (SettingsException e)
        {
            return Fail(new Announcer(null), LogEvents.ConfigurationRefused, BadConfiguration, $"configuration: {e.Message}");
        }

        var lines = settings.LogFormat == LogFormat.Json ? JsonLines.OfProcess() : null;
        return await RunAsync(settings, lines, new Announcer(lines));
    }

    private static async Task<int> RunAsync(ServerSettings settings, JsonLines? lines, Announcer announcer)
    {
        try
        {
            await ServeAsync(settings, lines, announcer);
            announcer.SayToMachines(LogEvents.Stopped, "stopped");
            return 0;
        }
        catch (SettingsException e)
        {
            return Fail(announcer, LogEvents.ConfigurationRefused, BadConfiguration, $"configuration: {e.Message}");
        }
        catch (JournalLockedException e)
        {
            return Fail(announcer, LogEvents.DirectoryLocked, DirectoryLocked, e.Message);
        }
        catch (JournalDamagedException e)
        {
            return Fail(announcer, LogEvents.JournalDamaged, JournalDamaged, $"journal damaged: case {(char)e.Case}, segment {e.Segment}, offset {e.Offset}, sequence {e.Sequence}: {e.Explanation}");
        }
        catch (InvalidDataException e)
        {
            return Fail(announcer, LogEvents.JournalDamaged, JournalDamaged, e.Message);
        }
        catch (JournalIoException e)
        {
            return Fail(announcer, LogEvents.StorageFailed, ProcessExit.StorageFailed, e.Message);
        }
        catch (UnauthorizedAccessException e)
        {
            return Fail(announcer, LogEvents.ConfigurationRefused, BadConfiguration, e.Message);
        }
    }

    private static async Task ServeAsync(ServerSettings settings, JsonLines? lines, Announcer announcer)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var manager = ServiceManager.Of(Environment.GetEnvironmentVariables());
        await using var server = await PhoenixServer.StartAsync(settings, fault => EndProcess(announcer, fault), lines: lines, onListening: Listening);
        manager.Ready(() => server.IsAlive);
        Introduce(server, settings, announcer);
        await stop.Task;
        manager.Stopping();
        announcer.Say(LogEvents.Stopping, "stopping");

        void Listening(PhoenixServer listening)
        {
            announcer.Say(LogEvents.Starting, $"starting: {listening.RestAddress}startupz", ("rest", listening.RestAddress), ("grpc", listening.GrpcAddress));
            manager.Starting(() => listening.OpenedShare);
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static void Introduce(PhoenixServer server, ServerSettings settings, Announcer announcer)
    {
        var recovery = server.Started.Recovery;
        announcer.Say(LogEvents.Recovered, $"recovered: case {recovery.Letter}, sequence {recovery.LastSequence}, {recovery.VisitedRecords} facts in {recovery.ReplayMilliseconds:F0} ms",
            ("shard", 0), ("epoch", recovery.Epoch), ("case", recovery.Letter.ToString()), ("sequence", recovery.LastSequence), ("facts", recovery.VisitedRecords), ("milliseconds", recovery.ReplayMilliseconds));
        if (server.Started.Snapshot is { } snapshot)
            announcer.Say(LogEvents.RecoveredFromSnapshot, $"snapshot: {snapshot.Name}, sequence {snapshot.Sequence}, {snapshot.Bytes} bytes; replay began behind it", ("shard", 0), ("snapshot", snapshot.Name), ("sequence", snapshot.Sequence), ("bytes", snapshot.Bytes));
        foreach (var note in recovery.Notes) announcer.Say(LogEvents.RecoveryNoted, $"note: {note}", ("shard", 0));
        announcer.SayToPeople($"rest: {server.RestAddress}");
        announcer.SayToPeople($"grpc: {server.GrpcAddress}");
        if (server.Started.MintedKey is { } minted) announcer.ShowKey(minted);
        var key = server.Started.MintedKey ?? (settings.ApiKey != null ? "$PHOENIX_API_KEY" : "$API_KEY");
        announcer.SayToPeople($"try: curl {(settings.TlsCertificate != null ? "-k " : "")}-H \"Authorization: Bearer {key}\" {Reachable(server.RestAddress)}wallets/house_wallet");
        announcer.Say(LogEvents.Ready, "ready", ("rest", server.RestAddress), ("grpc", server.GrpcAddress));
    }

    /// <summary>An address that binds every interface is no address to call.</summary>
    private static Uri Reachable(Uri address) => IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
        ? new UriBuilder(address) { Host = "localhost" }.Uri
        : address;

    private static int Fail(Announcer announcer, EventId id, int code, string line)
    {
        announcer.Fail(id, line, code);
        return code;
    }

    private static void EndProcess(Announcer announcer, ShardFault fault)
    {
        var (id, what) = fault.ExitCode switch
        {
            ShardFault.StorageFailed => (LogEvents.StorageFailed, "storage failed"),
            Deposed => (LogEvents.Deposed, "deposed"),
            _ => (LogEvents.InvariantBroken, "invariant broken"),
        };
        var telling = new Thread(() => announcer.Fail(id, $"{what}: {fault.Reason.Message}", fault.ExitCode)) { IsBackground = true };
        telling.Start();
        telling.Join(LastWords); // a pipe that nobody reads must not keep the process alive
        ProcessExit.Now(fault.ExitCode);
    }
}
