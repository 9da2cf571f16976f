using System.Globalization;
using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using PhoenixCore.Shard;

// load <directory> <pwrite|mapped> <seed> <round> <clients> <operations of each>: opens the shard, says "opening" and "ready", runs the load, says "done".
// sync <directory>: writes one page through the journal's own file and syncs it; says "synced" or "refused <errno>".
// flood <directory>: see Flood.
// Exit codes as the server's: 70 storage failed, 71 invariant broken, 72 journal damaged.
try
{
    switch (args[0])
    {
        case "load":
            return await RunLoadAsync();
        case "sync":
            return TrySync();
        case "flood":
            Console.WriteLine(await Flood.RunAsync(args[1], End));
            return 0;
        default:
            return 64;
    }
}
catch (JournalDamagedException e)
{
    Console.Error.WriteLine($"journal damaged: case {(char)e.Case}: {e.Message}");
    return 72;
}
catch (JournalIoException e)
{
    Console.Error.WriteLine($"storage failed: {e.Message}");
    return ShardFault.StorageFailed;
}

async Task<int> RunLoadAsync()
{
    var numbers = args[3..].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
    var (seed, round, clients, operations) = (numbers[0], numbers[1], numbers[2], numbers[3]);
    using var lines = Console.OpenStandardOutput();
    lines.Write("opening\n"u8);
    using (var shard = LoadShard.Open(args[1], LoadShard.Options(Enum.Parse<WriterKind>(args[2], ignoreCase: true)), End, Console.Error.WriteLine))
    {
        lines.Write("ready\n"u8);
        await new Load(shard, lines, seed, round).RunAsync(clients, operations);
        lines.Write("done\n"u8);
    }

    return 0;
}

unsafe int TrySync()
{
    var page = stackalloc byte[4_096];
    using var file = new PosixStorage(args[1]).Open("page", JournalFileMode.Create);
    try
    {
        file.Write(0, page, 4_096);
        file.SyncData();
        Console.WriteLine("synced");
    }
    catch (JournalIoException e)
    {
        Console.WriteLine($"refused {e.Errno}");
    }

    return 0;
}

static void End(ShardFault fault)
{
    Console.Error.WriteLine($"{(fault.ExitCode == ShardFault.StorageFailed ? "storage failed" : "invariant broken")}: {fault.Reason.Message}");
    ProcessExit.Now(fault.ExitCode);
}
