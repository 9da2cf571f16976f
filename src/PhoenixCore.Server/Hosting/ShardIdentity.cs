using PhoenixCore.Journal;

namespace PhoenixCore.Server.Hosting;

/// <summary>The shard's identity in a small durable file: a journal of another shard is refused.</summary>
internal static class ShardIdentity
{
    private const string FileName = "shard-id";

    public static Guid ReadOrMake(IJournalStorage storage)
    {
        if (DurableFile.ReadText(storage, FileName) is { } text)
            return Guid.TryParse(text.AsSpan().Trim(), out var known) ? known : throw new InvalidDataException($"{FileName} in {storage.Description} holds no identity");
        var made = Guid.NewGuid();
        DurableFile.WriteText(storage, FileName, made.ToString("D") + "\n");
        return made;
    }
}
