using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Shard.History.Totals;

namespace PhoenixCore.Server.Edge.History;

/// <summary>Keeps the sums of the trial balance over restarts. They are the journal's; a file that is not there, or not whole, costs a new addition and nothing else.</summary>
internal sealed class TrialFile(IJournalStorage storage, TrialBalance trial)
{
    private const string Name = "trial-balance.json";

    /// <summary>Facts that a crash may make to be added again.</summary>
    private const ulong FactsBetweenStores = 100_000;

    private readonly Lock _lock = new();
    private ulong _stored;

    public void Load()
    {
        if (DurableFile.ReadText(storage, Name) is not { } text || text.IndexOf('\n', StringComparison.Ordinal) is var line && line < 0) return;
        var body = text[(line + 1)..];
        if (text[..line] == DigestOf(body) && JsonSerializer.Deserialize<TrialMark>(body) is { } mark && trial.TryResume(mark)) _stored = mark.Through;
    }

    /// <summary>When enough has been added since.</summary>
    public void StoreLater()
    {
        if (trial.Through >= _stored + FactsBetweenStores) Store();
    }

    public void Store()
    {
        lock (_lock)
        {
            if (trial.Through == _stored) return;
            var mark = trial.Mark();
            var body = JsonSerializer.Serialize(mark);
            try
            {
                DurableFile.WriteText(storage, Name, DigestOf(body) + "\n" + body);
                _stored = mark.Through;
            }
            catch (JournalIoException)
            {
                // A full disk: it is tried again, or added up again.
            }
        }
    }

    private static string DigestOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
}
