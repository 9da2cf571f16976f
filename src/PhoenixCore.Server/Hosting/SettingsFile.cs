using System.Text.Encodings.Web;
using System.Text.Json;
using PhoenixCore.Journal;

namespace PhoenixCore.Server.Hosting;

/// <summary>Leaves in the data directory what the last start ran with and where each value came from, for <c>phx config show</c>. Nothing reads it back here.</summary>
internal static class SettingsFile
{
    public const string Name = "last-start.json";
    private static readonly JsonSerializerOptions Style = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A start without a reader of settings (in another program) leaves nothing.</summary>
    public static void Write(IJournalStorage storage, IReadOnlyList<GivenSetting> settings, string version)
    {
        if (settings.Count == 0) return;
        try
        {
            DurableFile.WriteText(storage, Name, JsonSerializer.Serialize(new { StartedAt = DateTimeOffset.UtcNow, Version = version, Settings = settings }, Style));
        }
        catch (JournalIoException)
        {
            // A full disk: the server starts all the same, and the file tells of the start before.
        }
    }
}
