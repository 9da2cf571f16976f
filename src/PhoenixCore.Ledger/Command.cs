using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger;

/// <summary>One request, parsed and normalised; what a ring slot holds. 256 bytes, unmanaged.</summary>
/// <remarks>
/// Times are unix nanoseconds, 0 = not given. Amounts are smallest units of the asset. Numbers are those of wallets and reservations, never handles.
/// Long parts lie behind pointers that the producer keeps alive until the answer.
/// <code>
///   0 Kind|Strategy|Flags|Tenant   8 Key (16)   24 Fingerprint   32 Deadline   40 Wallet   48 Other   56 Subject
///  64 Amount (16)   80 AssetCode (16)   96 ExpiresAt   104 WalletAlias (16)   120 OtherAlias (16)
/// 136 Extras*   144 ExtrasBytes|ArgumentCount   152 Arguments*   160 Reply*   168 KeysCheckedTo   176 Inline (80)
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public unsafe struct Command
{
    public const int SizeBytes = 256;
    public const int InlineBytesMax = 80;

    [FieldOffset(0)] public CommandKind Kind;
    [FieldOffset(1)] public SelectionStrategy Strategy;
    [FieldOffset(2)] public CommandFlags Flags;
    [FieldOffset(4)] public uint Tenant;

    /// <summary>128-bit keyed hash of the idempotency key; meaningful with <see cref="CommandFlags.HasKey"/>.</summary>
    [FieldOffset(8)] public ulong KeyLo;
    [FieldOffset(16)] public ulong KeyHi;

    /// <summary>Hash of the normalised command as the caller supplied it.</summary>
    [FieldOffset(24)] public ulong Fingerprint;

    /// <summary>Not sequenced by then: never. Outside the fingerprint.</summary>
    [FieldOffset(32)] public long Deadline;

    /// <summary>Number of the wallet acted on (the source of a transfer, the lot's wallet; of a reversal: the wallet that gives back); list reads: the cursor; commands on reservations: 1 + the status that the history says it ended with (1: it never was), 0 = nobody looked.</summary>
    [FieldOffset(40)] public ulong Wallet;

    /// <summary>Number of the destination wallet; a reversal: of the wallet that it goes back to; UpdateLot, ExpireLot: handle of the lot's asset.</summary>
    [FieldOffset(48)] public ulong Other;

    /// <summary>Reservation number; number of the lot that a credit adds to or that is changed; number of the credit or transfer to reverse; SetWalletStatus: the <see cref="WalletAction"/>; CreateAsset: the scale; list reads: rows wanted.</summary>
    [FieldOffset(56)] public ulong Subject;

    /// <summary>Units; SetBounds: the floor.</summary>
    [FieldOffset(64)] public Int128 Amount;

    /// <summary>The asset's code as bytes, zero-padded; 0 = not given.</summary>
    [FieldOffset(80)] public UInt128 AssetCode;

    [FieldOffset(96)] public long ExpiresAt;
    [FieldOffset(104)] public ulong WalletAliasLo;
    [FieldOffset(112)] public ulong WalletAliasHi;

    /// <summary>Hash of the other wallet's external id. CreateCredit, SetBounds: one more than the scale that turned decimals into units; 0 = there were none.</summary>
    [FieldOffset(120)] public ulong OtherAliasLo;
    [FieldOffset(128)] public ulong OtherAliasHi;

    /// <summary>Caller's texts as tag-length-value (see <see cref="Facts.Extras"/>), copied into the fact; null: they lie in <see cref="Inline"/>.</summary>
    [FieldOffset(136)] public byte* Extras;
    [FieldOffset(144)] public int ExtrasBytes;

    /// <summary>Lot numbers (u64) for Specific; commands for legs and batches; <see cref="OriginalSlice"/>s for reversals (none: there is no such original).</summary>
    [FieldOffset(148)] public int ArgumentCount;
    [FieldOffset(152)] public void* Arguments;

    /// <summary>Where the outcome goes; owned by whoever waits.</summary>
    [FieldOffset(160)] public void* Reply;

    /// <summary>Cold key indexes were searched up to this sequence before the command was claimed.</summary>
    [FieldOffset(168)] public ulong KeysCheckedTo;

    /// <summary>SetBounds only: the ceiling, in the place of the texts that it does not have.</summary>
    [FieldOffset(176)] public Int128 Ceiling;

    [FieldOffset(176)] public fixed byte Inline[InlineBytesMax];

    public readonly bool Has(CommandFlags flag) => (Flags & flag) != 0;
}
