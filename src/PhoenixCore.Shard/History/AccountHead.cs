namespace PhoenixCore.Shard.History;

/// <summary>Where an account's chain of entries begins, as the live state says.</summary>
/// <param name="LastEntry">Sequence and ordinal; 0 = none.</param>
public readonly record struct AccountHead(AccountName Account, ulong LastEntry);
