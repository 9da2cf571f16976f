namespace PhoenixCore.Model;

/// <summary>A lot by its place: the account, and the lot's index from 0 among all lots ever made on that account.</summary>
public sealed record LotName(string Wallet, string Asset, int IndexOnAccount);
