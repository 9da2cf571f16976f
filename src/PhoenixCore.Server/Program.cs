using PhoenixCore.Server.Hosting;

CollectorBudget.Ensure();
return await ServerProcess.RunAsync(args);
