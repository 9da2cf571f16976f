using System.Text.Json;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Tests;

/// <summary>What the tool wrote and ended with.</summary>
internal sealed record ToolRun(int Code, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public JsonElement[] Objects => [.. Lines.Select(line => JsonDocument.Parse(line).RootElement)];

    public JsonElement Object => Assert.Single(Objects);

    public static ToolRun Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var console = new ToolConsole(output, error);
        var code = PhxTool.Run(arguments, console);
        return new ToolRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The same, with a clean ending demanded.</summary>
    public static ToolRun Ok(params string[] arguments)
    {
        var run = Of(arguments);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.Code);
        return run;
    }
}
