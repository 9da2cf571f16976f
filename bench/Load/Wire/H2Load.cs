using System.Diagnostics;
using System.Globalization;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>The foreign load generator (Debian's nghttp2-client): a .NET client would be the limit itself.</summary>
public static class H2Load
{
    public static bool IsInstalled => File.Exists("/usr/bin/h2load");

    /// <summary>Requests per second of one slice; every request must have been answered 2xx.</summary>
    /// <param name="streams">In flight in all, over 4 connections (HTTP/1.1: as many connections).</param>
    public static double Run(string url, string bodyFile, int streams, double seconds, bool http1, params string[] headers)
    {
        var connections = http1 ? streams : 4;
        var arguments = $"-t1 -c{connections} -m{(http1 ? 1 : streams / 4)} -D{(int)Math.Ceiling(seconds)} -d {bodyFile} {(http1 ? "--h1 " : "")}"
            + string.Join(' ', headers.Select(header => $"-H \"{header}\"")) + " " + url;
        var start = new ProcessStartInfo("/usr/bin/h2load", arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("cannot start h2load");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var rate = Number(output, "finished in ", "s, ", " req/s");
        var failed = output.Split('\n').FirstOrDefault(line => line.StartsWith("status codes:", StringComparison.Ordinal)) ?? "";
        if (!failed.Contains(" 0 4xx") || !failed.Contains(" 0 5xx")) throw new InvalidOperationException("not all were answered well: " + failed);
        return rate;
    }

    private static double Number(string text, string after, string then, string before)
    {
        var from = text.IndexOf(after, StringComparison.Ordinal);
        if (from < 0) throw new InvalidOperationException(text);
        from = text.IndexOf(then, from, StringComparison.Ordinal) + then.Length;
        return double.Parse(text[from..text.IndexOf(before, from, StringComparison.Ordinal)], CultureInfo.InvariantCulture);
    }
}
