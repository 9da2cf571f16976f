using PhoenixCore.Tools;
using PhoenixCore.Tools.Terminal;

using var console = ToolConsole.OfProcess();
return PhxTool.Run(args, console);
