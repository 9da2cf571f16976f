using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Data;

/// <summary>What lies in a server's data directory beside its shard: whose shard it is, hashes of keys, the key that signs tokens, settings of the last start; and two kinds of key that open what is sealed.</summary>
internal static class SmallFiles
{
    /// <summary>Seals webhooks' secrets and the keys of tenants' texts: whoever has it and a backup can read them, so it is kept apart.</summary>
    public const string SealingKey = "secrets.key";

    /// <summary>The keys of tenants' texts. Erasing a tenant deletes its key, so a copy is kept apart, and not for ever.</summary>
    private const string TextKeys = "text-keys";
    private const string LockFile = "lock";
    private static readonly string[] Unfinished = [".tmp", ".new"];

    /// <summary>Each with the folder that it lies in, below the data directory; a shard's own directory has none of them.</summary>
    /// <param name="withKeys">The sealing key and the keys of texts too. A server does not start without them.</param>
    public static IEnumerable<(IJournalStorage Storage, string Folder, string Name)> Of(DataDirectory data, bool withKeys)
    {
        if (!data.IsInside) yield break;
        var keys = Path.Combine(data.Root, TextKeys);
        if (withKeys && Directory.Exists(keys))
        {
            var storage = new PosixStorage(keys);
            foreach (var name in Finished(storage)) yield return (storage, TextKeys, name);
        }

        var root = new PosixStorage(data.Root);
        foreach (var name in Finished(root).Where(name => name != LockFile && (withKeys || name != SealingKey))) yield return (root, "", name);
    }

    private static IEnumerable<string> Finished(PosixStorage storage) =>
        storage.List().Where(name => !Array.Exists(Unfinished, ending => name.EndsWith(ending, StringComparison.Ordinal))).Order(StringComparer.Ordinal);
}
