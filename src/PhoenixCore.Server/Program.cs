using PhoenixCore.Server.Hosting;

return await ServerProcess.RunAsync(args);
