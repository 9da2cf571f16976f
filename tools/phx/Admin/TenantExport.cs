using System.Security.Cryptography;
using System.Text.Json;
using PhoenixCore.Tools.Terminal;

namespace PhoenixCore.Tools.Admin;

/// <summary>Fetches a tenant's export and checks its last line, which counts the others and has their SHA-256.</summary>
internal static class TenantExport
{
    private const int LastLineMax = 4_096;

    public static int Run(AdminClient client, string tenant, string? reason, string path, ToolConsole console)
    {
        if (File.Exists(path)) throw new ToolException(ExitCode.Usage, $"--out: {path} is there already.");
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
        client.Download($"/tenants/{AdminClient.Escape(tenant)}/export{(reason is null ? "" : "?reason=" + AdminClient.Escape(reason))}", file);
        file.Flush(flushToDisk: true);
        console.Out.WriteLine(Check(file) ?? throw new ToolException(ExitCode.Unavailable, $"{path} is not whole: its last line is missing, or does not fit the others."));
        return ExitCode.Ok;
    }

    /// <returns>The last line; null when the file is not what it says.</returns>
    private static string? Check(FileStream file)
    {
        var tail = new byte[(int)Math.Min(LastLineMax, file.Length)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        if (tail.Length == 0 || tail[^1] != '\n') return null;
        var start = tail.AsSpan(0, tail.Length - 1).LastIndexOf((byte)'\n') + 1;
        using var last = JsonDocument.Parse(tail.AsMemory(start, tail.Length - 1 - start));
        if (last.RootElement.GetProperty("type").GetString() != "end") return null;
        return last.RootElement.GetProperty("sha256").GetString() == DigestOf(file, file.Length - (tail.Length - start)) ? last.RootElement.GetRawText() : null;
    }

    private static string DigestOf(FileStream file, long bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[65_536];
        for (file.Position = 0; bytes > 0;)
        {
            var read = file.Read(buffer, 0, (int)Math.Min(buffer.Length, bytes));
            if (read == 0) break;
            hash.AppendData(buffer, 0, read);
            bytes -= read;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
