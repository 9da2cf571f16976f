using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Reads;

// What reads answer: plain rows copied out of the state by the sequencer, rendered by the edge. Times are unix nanoseconds, amounts smallest units.

[StructLayout(LayoutKind.Sequential)]
public struct WalletView
{
    public ulong Number;

    /// <summary>Sequence of the fact that carries name and metadata; external id and holder stand in the one that made it.</summary>
    public ulong TextSequence;
    public long CreatedAt;
    public long UpdatedAt;
    public UInt128 DefaultAsset;
    public WalletStatus Status;
    public bool Pooled;
    public bool System;

    /// <summary><see cref="BalanceView"/> rows that follow (ReadWallet only).</summary>
    public int Balances;
    public PolicyList Policies;
}

[StructLayout(LayoutKind.Sequential)]
public struct BalanceView
{
    public UInt128 Asset;
    public Int128 Available;
    public Int128 Reserved;
    public Int128 Lifetime;
    public Int128 Floor;
    public Int128 Ceiling;
    public ulong AccountNumber;
    public ulong LastEntry;
    public int Scale;
    public int Lots;
}

[StructLayout(LayoutKind.Sequential)]
public struct LotView
{
    public ulong Number;
    public ulong Wallet;

    /// <summary>Number of the lot whose fact carries the attributes; 0 = plain terms.</summary>
    public ulong TermsSource;
    public UInt128 Asset;
    public Int128 Available;
    public Int128 Reserved;
    public Int128 Initial;
    public long ExpiresAt;
    public long CreatedAt;
    public int Scale;
    public bool Expired;
    public bool Pooled;
    public bool FromTransfer;

    /// <summary>Number of its policy, pinned at the version; 0 = none.</summary>
    public ulong Policy;
    public int PolicyVersion;

    /// <summary>Units still to be wagered.</summary>
    public Int128 Wagering;

    /// <summary>A hint for the question that goes on behind this lot.</summary>
    public int Handle;
}

[StructLayout(LayoutKind.Sequential)]
public struct ReservationView
{
    public ulong Number;
    public ulong Wallet;
    public UInt128 Asset;

    /// <summary>Held now.</summary>
    public Int128 Amount;

    /// <summary>What captures and partial releases took out of it so far.</summary>
    public Int128 Captured;
    public Int128 Released;
    public long ExpiresAt;
    public long CreatedAt;
    public int Scale;

    /// <summary>Anything but Pending: only number and status are known here, the rest stands in the journal.</summary>
    public ReservationStatus Status;

    /// <summary><see cref="HeldLotView"/> rows that follow.</summary>
    public int Slices;
}

/// <summary>The fact that last changed a lot's terms; 0 = none ever did.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct LotChangeView
{
    public ulong Sequence;
}

[StructLayout(LayoutKind.Sequential)]
public struct HeldLotView
{
    public Int128 Amount;
    public ulong Lot;
}

[StructLayout(LayoutKind.Sequential)]
public struct AssetView
{
    public UInt128 Code;

    /// <summary>Cursor for the next page.</summary>
    public int Handle;
    public int Scale;
    public long CreatedAt;

    /// <summary>Sequence of the fact that carries name and metadata.</summary>
    public ulong TextSequence;
    public bool Active;

    /// <summary>Its scale can never change any more.</summary>
    public bool IsScaleFixed;

    /// <summary>Sequence of the fact that made it.</summary>
    public ulong Made;
    public PolicyList Policies;
}

[StructLayout(LayoutKind.Sequential)]
public struct TenantView
{
    public UInt128 IdKey;
    public UInt128 HashKey;
    public ulong NextEvent;
    public ulong CreatedSequence;
    public uint Number;
    public int Wallets;

    /// <summary>As in <see cref="Facts.TenantCreatedBody"/>, <see cref="Facts.AdminActedBody.Suspended"/> and <see cref="Facts.AdminActedBody.Erased"/>.</summary>
    public uint Flags;
}
