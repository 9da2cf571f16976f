namespace PhoenixCore.Tools.Tests;

/// <summary>What the live shard said about a wallet's one asset once a fact had been applied.</summary>
internal sealed record Recorded(string Wallet, ulong Sequence, Int128 Available, Int128 Reserved);
