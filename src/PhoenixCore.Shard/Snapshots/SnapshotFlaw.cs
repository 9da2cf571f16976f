namespace PhoenixCore.Shard.Snapshots;

/// <summary>Why a snapshot is not used, a row of ADR 0017's table; the value is the letter.</summary>
public enum SnapshotFlaw
{
    /// <summary>Bytes are not what was written, or cannot be read.</summary>
    Damaged = 'c',

    /// <summary>Another format or layout: written by another version or with other sizes.</summary>
    OtherLayout = 'd',

    /// <summary>Of another shard.</summary>
    OtherShard = 'e',
}
