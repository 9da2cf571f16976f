using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Server.Events;

/// <summary>One event of a tenant's stream and where its facts stand.</summary>
/// <param name="Number">Its place in the tenant's stream; from 1, without gaps.</param>
/// <param name="Part">Index of the part within the fact.</param>
/// <param name="Posting">Index of the posting it is about; −1 = the part.</param>
/// <param name="Wallet">Number of the wallet it is about; 0 = none.</param>
/// <param name="OtherWallet">The destination of a transfer or capture; 0 = none.</param>
public readonly record struct LedgerEvent(EventKind Kind, ulong Number, int Part, int Posting, ulong Wallet, ulong OtherWallet, FactContext Context);
