using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Facts;

// The fixed bodies of the parts, one struct per kind. They are drawn by their offsets and live together because each is a few lines
// and none is ever used without its kind.

/// <summary>System wallets get the ordinals 1–4, <c>house_wallet</c> (when flagged) 5.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct TenantCreatedBody
{
    public const uint WithHouse = 1;
    public const uint AutoProvisionIso = 2;

    /// <summary>Names, keys and fingerprints are hashed, and texts enciphered, under a key outside the journal from the first fact on.</summary>
    public const uint OwnTextKey = 4;

    [FieldOffset(0)] public uint Number;
    [FieldOffset(4)] public uint Flags;

    /// <summary>Key of the tenant's public ids.</summary>
    [FieldOffset(8)] public UInt128 IdKey;

    /// <summary>Key of the hashes of the wallets that come with the tenant; without <see cref="OwnTextKey"/>, of all external ids and idempotency keys.</summary>
    [FieldOffset(24)] public UInt128 HashKey;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct AssetCreatedBody
{
    [FieldOffset(0)] public UInt128 Code;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Scale;

    /// <summary>Number of the first of the four system accounts (and of its lot); the others follow.</summary>
    [FieldOffset(24)] public ulong FirstAccount;
}

[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct AssetStatusSetBody
{
    [FieldOffset(0)] public int Handle;
    [FieldOffset(4)] public int Active;
}

[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct WalletCreatedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public int Pooled;
    [FieldOffset(16)] public ulong AliasLo;
    [FieldOffset(24)] public ulong AliasHi;

    /// <summary>Handle of the default asset; 0 = none.</summary>
    [FieldOffset(32)] public int DefaultAsset;
}

[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct WalletStatusSetBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public WalletStatus Status;
    [FieldOffset(13)] public WalletAction Action;
}

[StructLayout(LayoutKind.Explicit, Size = 72)]
public struct BoundsSetBody
{
    public const int AccountCreated = 1;
    public const int Pooled = 2;

    [FieldOffset(0)] public ulong Wallet;

    /// <summary>Number of the account, and of the pooled lot, when they are created here.</summary>
    [FieldOffset(8)] public ulong AccountNumber;
    [FieldOffset(16)] public int Account;
    [FieldOffset(20)] public int Flags;
    [FieldOffset(24)] public int Asset;
    [FieldOffset(28)] public int LotHandle;
    [FieldOffset(32)] public Int128 Floor;
    [FieldOffset(48)] public Int128 Ceiling;
    [FieldOffset(64)] public int Bounds;
}

/// <summary>Terms of the lot that the posting makes; all zero = plain.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct CreditedBody
{
    [FieldOffset(0)] public long ExpiresAt;
    [FieldOffset(8)] public ulong AttributesLo;
    [FieldOffset(16)] public ulong AttributesHi;
    [FieldOffset(24)] public ulong RestrictionsLo;
    [FieldOffset(32)] public ulong RestrictionsHi;
}

[StructLayout(LayoutKind.Explicit, Size = 56)]
public struct ReservedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public ulong Wallet;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Account;
    [FieldOffset(24)] public long ExpiresAt;
    [FieldOffset(32)] public Int128 Amount;
}

/// <summary>Ends a reservation: committed, released or expired. Destination 0 = consumption.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
public struct ReservationEndedBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public ulong Destination;
    [FieldOffset(16)] public int Handle;
    [FieldOffset(20)] public int Account;
    [FieldOffset(24)] public Int128 Captured;
    [FieldOffset(40)] public Int128 Returned;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct LotExpiredBody
{
    [FieldOffset(0)] public ulong Number;
    [FieldOffset(8)] public int Handle;
    [FieldOffset(12)] public int Account;

    /// <summary>Without a posting (all of the lot is reserved) nothing else names its wallet and asset.</summary>
    [FieldOffset(16)] public ulong Wallet;
    [FieldOffset(24)] public int Asset;
}

[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct RefusedBody
{
    [FieldOffset(0)] public LedgerResult Result;
    [FieldOffset(2)] public CommandKind Kind;

    /// <summary>The operation of a batch that was refused; −1 = the command itself.</summary>
    [FieldOffset(4)] public int Index;
}

/// <summary>An operator's action on the fact's tenant; the texts carry <see cref="ExtraTag.Actor"/>, <see cref="ExtraTag.Reason"/> and, of a key, its id as <see cref="ExtraTag.Name"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct AdminActedBody
{
    /// <summary>Bit of the flags of a tenant's row and view; no body has it.</summary>
    public const uint Suspended = 1u << 31;

    /// <inheritdoc cref="Suspended"/>
    public const uint Erased = 1u << 30;

    [FieldOffset(0)] public AdminAction Action;
    [FieldOffset(4)] public uint Reserved;
}

/// <summary>Who wrote the epoch: the format of facts that this build writes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct EpochStartedBody
{
    public const int FactFormat = 1;

    [FieldOffset(0)] public int Format;
}

/// <summary>The copies of the shard that have a vote from this fact on.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8 + (MembersMax * 16))]
public unsafe struct MembersChangedBody
{
    /// <summary>Copies that can have a vote.</summary>
    public const int MembersMax = 7;

    /// <summary>Bit of the flags: an operator has accepted that there is one copy alone.</summary>
    public const uint SingleCopyAccepted = 1;

    [FieldOffset(0)] public int Count;
    [FieldOffset(4)] public uint Flags;

    /// <summary>Incarnations: 16 bytes for each of the first <see cref="Count"/>, zeros behind.</summary>
    [FieldOffset(8)] public fixed byte Members[MembersMax * 16];
}
