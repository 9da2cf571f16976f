using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.State;

// The rows of the state, drawn by their offsets. First line (64 bytes) of a row: what every transfer touches.

[Flags]
internal enum AccountFlags : uint
{
    None = 0,
    Frozen = 1,
    Closed = 2,
    Pooled = 4,
    System = 8,

    /// <summary>Floor and ceiling stand in a bounds row.</summary>
    HasBounds = 16,

    /// <summary>Something of this account may expire: look at NextDue.</summary>
    MayExpire = 32,

    /// <summary>Something is reserved.</summary>
    Holds = 64,

    /// <summary>The wallet has policies.</summary>
    WalletPolicies = 128,

    /// <summary>Some lot has a policy or restrictions, or had one since the account was last empty.</summary>
    LotPolicies = 256,
    AnyPolicy = WalletPolicies | LotPolicies,
}

/// <summary>Three parts: 64 bytes for rare work, 64 for every transfer, and 128 for a lot of the account's own, so that an account with one lot is one place in memory.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct AccountRow
{
    public const int SizeBytes = 256;
    public const int HotOffset = 64;
    public const int OwnLotOffset = 128;

    /// <summary>Not looked at unless <see cref="AccountFlags.Holds"/>.</summary>
    [FieldOffset(0)] public Int128 Reserved;

    /// <summary>No later than the first expiry on this account; a hint that is not part of the state's meaning.</summary>
    [FieldOffset(16)] public long NextDue;
    [FieldOffset(24)] public ulong Number;
    [FieldOffset(32)] public int WalletHandle;
    [FieldOffset(36)] public int NextOfWallet;
    [FieldOffset(40)] public int LotCount;
    [FieldOffset(44)] public int Bounds;
    [FieldOffset(48)] public int FirstReservation;
    [FieldOffset(52)] public int LastReservation;
    [FieldOffset(56)] public int ReservationCount;

    [FieldOffset(64)] public ulong Wallet;
    [FieldOffset(72)] public int Asset;
    [FieldOffset(76)] public AccountFlags Flags;
    [FieldOffset(80)] public Int128 Available;
    [FieldOffset(96)] public Int128 Lifetime;
    [FieldOffset(112)] public int FirstLot;
    [FieldOffset(116)] public int LastLot;
    [FieldOffset(120)] public ulong LastEntry;

    // Reached through the lot's handle, never through this row: see LotPool.
    [FieldOffset(OwnLotOffset)] private LotRow _ownLot;
}

[Flags]
internal enum LotFlags : uint
{
    None = 0,
    Pooled = 1,
    Expired = 2,

    /// <summary>Made by a transfer or capture; only such lots take in more of equal terms.</summary>
    FromTransfer = 4,
}

[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct LotRow
{
    public const int SizeBytes = 128;
    private const int TermsBits = 28;
    private const uint TermsMask = (1u << TermsBits) - 1;

    [FieldOffset(0)] public Int128 Available;
    [FieldOffset(16)] public Int128 Reserved;
    [FieldOffset(32)] public Int128 Initial;
    [FieldOffset(48)] public ulong Number;
    [FieldOffset(56)] public int Next;
    [FieldOffset(60)] private uint _termsAndFlags;

    /// <summary>Stale in an account's first lot.</summary>
    [FieldOffset(64)] public int Previous;

    /// <summary>Only where terms expire.</summary>
    [FieldOffset(68)] public int Timer;
    [FieldOffset(72)] public int Account;
    [FieldOffset(80)] public long CreatedAt;

    /// <summary>First of the lot's own counters.</summary>
    [FieldOffset(108)] public int Counters;

    /// <summary>Units still to be wagered before the lot is free.</summary>
    [FieldOffset(112)] public Int128 Wagering;

    /// <summary>Handle of the interned terms; 0 = plain.</summary>
    public int Terms
    {
        readonly get => (int)(_termsAndFlags & TermsMask);
        set => _termsAndFlags = (_termsAndFlags & ~TermsMask) | (uint)value;
    }

    public LotFlags Flags
    {
        readonly get => (LotFlags)(_termsAndFlags >> TermsBits);
        set => _termsAndFlags = unchecked((uint)value << TermsBits) | (_termsAndFlags & TermsMask);
    }
}

/// <summary>Floor and ceiling of the few accounts that have their own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct BoundsRow
{
    [FieldOffset(0)] public Int128 Floor;
    [FieldOffset(16)] public Int128 Ceiling;
}

[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct WalletRow
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public ulong AliasLo;
    [FieldOffset(16)] public ulong AliasHi;
    [FieldOffset(24)] public uint Tenant;
    [FieldOffset(28)] public WalletStatus Status;
    [FieldOffset(29)] public byte Pooled;
    [FieldOffset(30)] public byte System;
    [FieldOffset(32)] public int FirstAccount;
    [FieldOffset(36)] public int DefaultAsset;
    [FieldOffset(40)] public int NextOfTenant;
    [FieldOffset(48)] public long CreatedAt;
    [FieldOffset(56)] public long UpdatedAt;

    /// <summary>Sequence of the fact that last set the metadata: the text itself lies in the journal.</summary>
    [FieldOffset(64)] public ulong TextSequence;

    /// <summary>Its policies; 0 = none.</summary>
    [FieldOffset(92)] public int Binding;
}

/// <summary>Interned terms of lots; handle 0 is "plain" and has no row.</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct TermsRow
{
    [FieldOffset(0)] public long ExpiresAt;
    [FieldOffset(8)] public ulong AttributesLo;
    [FieldOffset(16)] public ulong AttributesHi;
    [FieldOffset(24)] public ulong RestrictionsLo;
    [FieldOffset(32)] public ulong RestrictionsHi;

    /// <summary>Number of the lot whose fact carries the texts.</summary>
    [FieldOffset(40)] public ulong Source;
    [FieldOffset(48)] public int Lots;
    [FieldOffset(52)] public uint Tenant;

    /// <summary>Number of the policy; 0 = none.</summary>
    [FieldOffset(56)] public ulong Policy;

    /// <summary>Handle of the policy's version that is pinned.</summary>
    [FieldOffset(64)] public int Version;

    /// <summary>Blob of the attributes' values.</summary>
    [FieldOffset(68)] public int Attributes;

    /// <summary>Blob of the restrictions' program.</summary>
    [FieldOffset(72)] public int Restrictions;

    /// <summary>Lots of these terms have to be asked for.</summary>
    public readonly bool IsGoverned => (Version | Restrictions) != 0;
}

[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct ReservationRow
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Account;
    [FieldOffset(12)] public int SliceCount;
    /// <summary>Held now.</summary>
    [FieldOffset(16)] public Int128 Amount;
    [FieldOffset(32)] public long ExpiresAt;
    [FieldOffset(40)] public int Timer;
    [FieldOffset(44)] public int Next;
    [FieldOffset(48)] public int Previous;
    [FieldOffset(52)] public uint Tenant;

    /// <summary>Only where the reservation was changed: what it was made with, and what it has given so far.</summary>
    [FieldOffset(56)] public int Totals;

    [FieldOffset(64)] public SliceRow First;
    [FieldOffset(96)] public ulong Wallet;
    [FieldOffset(104)] public long CreatedAt;

    /// <summary>Blob: intent, context and what was counted; 0 = nothing to remember.</summary>
    [FieldOffset(60)] public int Memo;
}

/// <summary>Of a reservation that was changed while it was pending.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct TotalsRow
{
    /// <summary>What was held first: a policy may allow a percentage of it above what is held.</summary>
    [FieldOffset(0)] public Int128 First;
    [FieldOffset(16)] public Int128 Captured;
    [FieldOffset(32)] public Int128 Released;
}

/// <summary>What must never be forgotten of a thing that the state may have forgotten. Never removed.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
internal struct MemoRow
{
    /// <summary>Of a credit or transfer, or of a lot.</summary>
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public MemoKind Kind;

    /// <summary>How much of it was reversed.</summary>
    [FieldOffset(16)] public Int128 Reversed;

    /// <summary>Sequence of the last fact that changed its terms.</summary>
    [FieldOffset(32)] public ulong Changed;
}

internal enum MemoKind
{
    Reversal = 1,
    LotChange = 2,
}

/// <summary>A part of a reservation, pinned in one lot.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct SliceRow
{
    [FieldOffset(0)] public int Lot;
    [FieldOffset(4)] public int Next;
    [FieldOffset(16)] public Int128 Amount;
}

/// <summary>How a reservation ended, for the last 65,536 of them.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct FinishedRow
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public ReservationStatus Status;
    [FieldOffset(12)] public uint Tenant;
}

[StructLayout(LayoutKind.Explicit, Size = 96)]
internal struct AssetRow
{
    [FieldOffset(0)] public UInt128 Code;
    [FieldOffset(16)] public uint Tenant;
    [FieldOffset(20)] public int Scale;
    [FieldOffset(24)] public int Active;
    [FieldOffset(28)] public int NextOfTenant;
    [FieldOffset(32)] public ulong Number;
    [FieldOffset(40)] public long CreatedAt;
    [FieldOffset(48)] public int Liability;
    [FieldOffset(52)] public int Consumption;
    [FieldOffset(56)] public int Breakage;
    [FieldOffset(60)] public int Adjustment;

    /// <summary>Sum of what the available columns of accounts lie below zero, the system's left out.</summary>
    [FieldOffset(64)] public Int128 Overdrawn;

    /// <summary>Sequence of the fact that last set name and metadata.</summary>
    [FieldOffset(80)] public ulong TextSequence;

    /// <summary>Bounds were set in its units.</summary>
    [FieldOffset(88)] public int IsBounded;

    /// <summary>Its policies; 0 = none.</summary>
    [FieldOffset(92)] public int Binding;
}

[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct TenantRow
{
    [FieldOffset(0)] public ulong NextEvent;
    [FieldOffset(8)] public uint Number;
    [FieldOffset(12)] public uint Flags;
    [FieldOffset(16)] public UInt128 IdKey;
    [FieldOffset(32)] public UInt128 HashKey;

    /// <summary>Handles of the four system wallets, in the order liability, consumption, breakage, adjustment.</summary>
    [FieldOffset(48)] public int FirstSystemWallet;
    [FieldOffset(52)] public int FirstWallet;
    [FieldOffset(56)] public int LastWallet;
    [FieldOffset(60)] public int FirstAsset;
    [FieldOffset(64)] public int LastAsset;
    [FieldOffset(68)] public int Wallets;
    [FieldOffset(72)] public ulong CreatedSequence;
    [FieldOffset(112)] public int FirstPolicy;
    [FieldOffset(116)] public int LastPolicy;
    [FieldOffset(120)] public int Policies;
}

/// <summary>The few scalars of the state, in native memory like the rest so that undo and snapshots see them.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
internal struct ScalarsRow
{
    [FieldOffset(0)] public ulong Sequence;
    [FieldOffset(8)] public long Stamp;
    [FieldOffset(16)] public ulong FinishedCount;
}
