using System.Text;
using Spectre.Console;

namespace PhoenixCore.Tools.Terminal;

/// <summary>Where a command writes: results to Out, messages and progress to Error.</summary>
public sealed class ToolConsole(TextWriter output, TextWriter error, bool outIsTerminal = false, bool errorIsTerminal = false) : IDisposable
{
    private const int BufferChars = 1 << 16;
    private const int WideColumns = 220; // a table in a file or a pipe must not be folded

    public TextWriter Out { get; } = output;

    public TextWriter Error { get; } = error;

    public bool OutIsTerminal { get; } = outIsTerminal;

    public bool ErrorIsTerminal { get; } = errorIsTerminal;

    /// <summary>The process's own streams; output is buffered until disposed.</summary>
    public static ToolConsole OfProcess()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), BufferChars);
        return new ToolConsole(output, Console.Error, !Console.IsOutputRedirected, !Console.IsErrorRedirected);
    }

    /// <summary>Draws tables on Out.</summary>
    public IAnsiConsole Tables() => Styled(Out, OutIsTerminal);

    /// <summary>Draws progress on Error.</summary>
    public IAnsiConsole Progress() => Styled(Error, ErrorIsTerminal);

    public void Dispose() => Out.Flush();

    private static IAnsiConsole Styled(TextWriter writer, bool terminal)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = terminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = terminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!terminal) console.Profile.Width = WideColumns;
        return console;
    }
}
