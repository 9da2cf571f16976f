using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

[Flags]
public enum PostingFlags : ushort
{
    None = 0,

    /// <summary>The debit leaves the reserved column (else available).</summary>
    DebitReserved = 1,

    /// <summary>The credit enters the reserved column (else available).</summary>
    CreditReserved = 2,

    /// <summary>The credited account is made by this posting; its number is that of the lot.</summary>
    CreditAccountCreated = 4,

    /// <summary>The credited lot is made by this posting; unless the part says otherwise it inherits the debited lot's terms.</summary>
    CreditLotCreated = 8,

    /// <summary>The credited account belongs to a pooled wallet (matters when it is created).</summary>
    CreditPooled = 16,

    /// <summary>Nothing is left in the debited lot: it is forgotten by the live state.</summary>
    DebitLotDepleted = 32,
}

/// <summary>One movement of one asset: a debit and an equal credit, each with its column's balance after it and the account's entry before it.</summary>
/// <remarks><code>
///   0 DebitWallet  8 CreditWallet  16 DebitLot  24 CreditLot                      (numbers)
///  32 DebitAccount 36 CreditAccount 40 DebitLotHandle 44 CreditLotHandle          (handles: hints for speed)
///  48 Amount (16)  64 DebitAfter (16)  80 CreditAfter (16)
///  96 DebitPrevious 104 CreditPrevious                                            (sequence and entry ordinal; 0 = first)
/// 112 Flags 114 zero 116 Asset
/// </code></remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct Posting
{
    public const int SizeBytes = 120;

    [FieldOffset(0)] public ulong DebitWallet;
    [FieldOffset(8)] public ulong CreditWallet;
    [FieldOffset(16)] public ulong DebitLot;
    [FieldOffset(24)] public ulong CreditLot;
    [FieldOffset(32)] public int DebitAccount;
    [FieldOffset(36)] public int CreditAccount;
    [FieldOffset(40)] public int DebitLotHandle;
    [FieldOffset(44)] public int CreditLotHandle;
    [FieldOffset(48)] public Int128 Amount;
    [FieldOffset(64)] public Int128 DebitAfter;
    [FieldOffset(80)] public Int128 CreditAfter;
    [FieldOffset(96)] public ulong DebitPrevious;
    [FieldOffset(104)] public ulong CreditPrevious;
    [FieldOffset(112)] public PostingFlags Flags;
    [FieldOffset(114)] public ushort Zero;
    [FieldOffset(116)] public int Asset;

    public readonly bool Has(PostingFlags flag) => (Flags & flag) != 0;
}
