using PhoenixCore.Bench.Load;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Bench.Load.Wire;

if (args is ["same-bytes", var grpcPort, var restPort, var grpcReply, var restReply])
{
    await SameBytes.RunAsync(int.Parse(grpcPort), int.Parse(restPort), File.ReadAllBytes(grpcReply), File.ReadAllBytes(restReply));
    return 0;
}

var settings = RunSettings.Parse(args);
if (settings is null)
{
    Console.Error.WriteLine(RunSettings.Usage);
    return 64;
}

var table = new ResultTable();
Console.WriteLine($"commit {settings.Commit}, seed {settings.Seed}, {Environment.ProcessorCount} cores, data in {settings.Directory}{(settings.Quick ? ", quick" : "")}");
if (settings.Runs("roof") || settings.Runs("core")) new CoreFigures(settings, table).Run(roofOnly: !settings.Runs("core"));
if (settings.Runs("policies")) new PolicyFigures(settings, table).Run();
if (settings.Parts.Contains("memory") || (settings.Parts.Count == 0 && !settings.Quick)) MemoryFigures.Run(table);
if (settings.Runs("wire")) await new WireFigures(settings, table).RunAsync();
if (settings.Runs("wire")) await new GovernedFlowFigures(settings, table).RunAsync();
if (settings.Runs("copies")) await new CopyFigures(settings, table).RunAsync();
if (settings.Runs("webhooks")) await new WebhookFigures(settings, table).RunAsync();
if (settings.Parts.Contains("cold") || (settings.Parts.Count == 0 && !settings.Quick)) await new ColdKeyFigures(settings, table).RunAsync();
if (settings.Parts.Contains("snapshot") || (settings.Parts.Count == 0 && !settings.Quick)) new SnapshotFigures(settings, table).Run();
table.Write(settings.Results, settings.Commit, settings.Seed, settings.Quick);
return 0;
