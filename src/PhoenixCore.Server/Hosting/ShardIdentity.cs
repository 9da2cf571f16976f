using PhoenixCore.Journal;

namespace PhoenixCore.Server.Hosting;

/// <summary>The shard's identity in a small durable file: a journal of another shard is refused.</summary>
internal static class ShardIdentity
{
    private const string FileName = "shard-id";

    public static Guid ReadOrMake(IJournalStorage storage) => Read(storage) ?? Write(storage, Guid.NewGuid());

    /// <summary>Null = the directory is new.</summary>
    public static Guid? Read(IJournalStorage storage)
    {
        if (DurableFile.ReadText(storage, FileName) is not { } text) return null;
        return Guid.TryParse(text.AsSpan().Trim(), out var known) ? known : throw new InvalidDataException($"{FileName} in {storage.Description} holds no identity");
    }

    /// <summary>A new directory becomes a copy of a shard; durable on return.</summary>
    public static Guid Write(IJournalStorage storage, Guid shard)
    {
        DurableFile.WriteText(storage, FileName, shard.ToString("D") + "\n");
        return shard;
    }
}
