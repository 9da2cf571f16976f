using System.Globalization;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>A snapshot as operators see it; the sequence is the shard's own.</summary>
internal static class SnapshotJson
{
    public static void Write(JsonBody to, SnapshotInfo snapshot)
    {
        to.Json.WriteStartObject();
        to.Json.WriteString("id"u8, snapshot.Name);
        to.Json.WriteString("sequence"u8, snapshot.Sequence.ToString(CultureInfo.InvariantCulture));
        to.Json.WriteString("epoch"u8, snapshot.Epoch.ToString(CultureInfo.InvariantCulture));
        to.Time("as_of"u8, snapshot.StampedAt);
        to.Json.WriteString("chain"u8, snapshot.Position.Chain.ToString());
        to.Json.WriteString("digest"u8, snapshot.Digest.ToString("x32", CultureInfo.InvariantCulture));
        to.Json.WriteString("sha256"u8, snapshot.Hash);
        to.Json.WriteNumber("bytes"u8, snapshot.Bytes);
        to.Json.WriteEndObject();
    }
}
