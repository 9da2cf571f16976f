using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

/// <summary>The words of the law that commands and rules share.</summary>
public static unsafe class PolicyNames
{
    /// <summary>What a denial by the policy's own lists or status reports in the place of a rule.</summary>
    public static ReadOnlySpan<byte> OperationsList => "operations"u8;

    public static ReadOnlySpan<byte> IntentsList => "intents"u8;

    public static ReadOnlySpan<byte> StatusInactive => "status"u8;

    internal static ReadOnlySpan<byte> Wager => "wager"u8;

    internal static ReadOnlySpan<byte> Cashout => "cashout"u8;

    internal static ReadOnlySpan<byte> Withdrawal => "withdrawal"u8;

    internal static ReadOnlySpan<byte> Game => "game"u8;

    public static ReadOnlySpan<byte> Of(PolicyOperation operation) => operation switch
    {
        PolicyOperation.Credit => "credit"u8,
        PolicyOperation.Consume => "consume"u8,
        PolicyOperation.TransferOut => "transfer_out"u8,
        PolicyOperation.TransferIn => "transfer_in"u8,
        PolicyOperation.Reserve => "reserve"u8,
        PolicyOperation.Commit => "commit"u8,
        PolicyOperation.None => default,
    };

    /// <summary>None for a word that is no operation.</summary>
    public static PolicyOperation OperationOf(string name) => name switch
    {
        "credit" => PolicyOperation.Credit,
        "consume" => PolicyOperation.Consume,
        "transfer" or "transfer_out" => PolicyOperation.TransferOut,
        "transfer_in" => PolicyOperation.TransferIn,
        "reserve" => PolicyOperation.Reserve,
        "commit" => PolicyOperation.Commit,
        _ => PolicyOperation.None,
    };

    /// <summary>A command's intent when it names none.</summary>
    internal static ReadOnlySpan<byte> DefaultIntent(CommandKind kind) => kind switch
    {
        CommandKind.CreateCredit => "deposit"u8,
        CommandKind.CreateTransfer => "transfer"u8,
        CommandKind.CreateDebit => "consume"u8,
        _ => "reserve"u8,
    };

    /// <summary>1–32 of a–z, 0–9 and underscore.</summary>
    public static bool IsIntent(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > PolicyLimits.IntentBytesMax) return false;
        foreach (var c in text)
        {
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_')) return false;
        }

        return true;
    }

    internal static KnownField KnownFieldOf(string name) => name switch
    {
        "operation" => KnownField.Operation,
        "intent" => KnownField.Intent,
        "asset" => KnownField.Asset,
        "wallet.id" => KnownField.WalletId,
        "wallet.external_id" => KnownField.WalletExternalId,
        "counterparty.id" => KnownField.CounterpartyId,
        "counterparty.external_id" => KnownField.CounterpartyExternalId,
        "lot.age" => KnownField.LotAge,
        "lot.source" => KnownField.LotSource,
        _ => KnownField.None,
    };

    /// <summary>Only for literals, whose bytes never move.</summary>
    internal static byte* AddressOf(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));
}
