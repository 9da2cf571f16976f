using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Journal;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Auth.Tokens;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Tenants;

namespace PhoenixCore.Server.Replicas;

/// <summary>The small files beside the journal that a copy needs to read it and to let callers in: keys, secrets, webhooks. One thread at a time.</summary>
/// <remarks>A key's file is durable before the first record that needs it is sequenced, and sent before that record: a copy always has both.</remarks>
internal sealed partial class SideFiles(string directory)
{
    private const string Webhooks = "webhooks";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, byte[]> _sent = new(StringComparer.Ordinal);
    private long _writesSeen = -1;
    private long _lookedAt;

    /// <summary>What has changed since the last call, in an order in which it can be used.</summary>
    public IReadOnlyList<ReplicaSideFile> Changes()
    {
        var writes = DurableFile.Writes;
        if (writes == _writesSeen && Environment.TickCount64 - _lookedAt < (long)Interval.TotalMilliseconds) return [];
        (_writesSeen, _lookedAt) = (writes, Environment.TickCount64);
        var changes = new List<ReplicaSideFile>();
        var there = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in Names())
        {
            if (TryRead(name) is not { } content) continue;
            there.Add(name);
            var hash = SHA256.HashData(content);
            if (_sent.TryGetValue(name, out var sent) && sent.AsSpan().SequenceEqual(hash)) continue;
            _sent[name] = hash;
            changes.Add(new ReplicaSideFile { Name = name, Content = ByteString.CopyFrom(content) });
        }

        foreach (var name in _sent.Keys.Except(there).ToArray())
        {
            _sent.Remove(name);
            changes.Add(new ReplicaSideFile { Name = name, IsGone = true });
        }

        return changes;
    }

    /// <summary>Takes a leader's file over; durable on return.</summary>
    /// <returns>Its name; null = it is none of those, or is here as it was sent.</returns>
    public static string? Take(string directory, ReplicaSideFile file)
    {
        if (!Known().IsMatch(file.Name)) return null;
        var path = Path.Combine(directory, file.Name);
        var storage = new PosixStorage(Path.GetDirectoryName(path)!);
        var name = Path.GetFileName(path);
        if (file.IsGone != storage.Exists(name) && (file.IsGone || File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content.Span))) return null;
        if (!file.IsGone) DurableFile.WriteBytes(storage, name, file.Content.Span);
        else if (storage.Exists(name)) Remove(storage, name, file.Name);
        return file.Name;
    }

    /// <summary>What an erased tenant's key was must not be found on the disk either.</summary>
    private static unsafe void Remove(PosixStorage storage, string name, string path)
    {
        if (path.StartsWith(TextKeyStore.Directory, StringComparison.Ordinal))
        {
            using var file = storage.Open(name, JournalFileMode.ReadWrite);
            var zeros = new byte[file.Length];
            fixed (byte* start = zeros) file.Write(0, start, zeros.Length);
            file.Sync();
        }

        storage.Delete(name);
        storage.SyncDirectory();
    }

    [GeneratedRegex(@"^(secrets\.key|keys\.json|token-key\.pem|text-keys/[0-9]+\.(key|erased)|webhooks/([0-9]{12}\.(endpoint|state)\.json|newest))$")]
    private static partial Regex Known();

    private IEnumerable<string> Names()
    {
        yield return "secrets.key";
        foreach (var name in In(TextKeyStore.Directory)) yield return name;
        yield return ApiKeyStore.FileName;
        yield return TokenIssuer.FileName;
        foreach (var name in In(Webhooks)) yield return name;
    }

    private IEnumerable<string> In(string folder)
    {
        var path = Path.Combine(directory, folder);
        return Directory.Exists(path) ? Directory.GetFiles(path).Select(file => $"{folder}/{Path.GetFileName(file)}").Where(name => Known().IsMatch(name)).Order(StringComparer.Ordinal) : [];
    }

    /// <summary>Null = it is gone, or has just been replaced: the next look finds it.</summary>
    private byte[]? TryRead(string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(directory, name));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
