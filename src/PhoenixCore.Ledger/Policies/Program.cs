using System.Runtime.InteropServices;

namespace PhoenixCore.Ledger.Policies;

// A compiled version: header, rules, then what they point to (offsets count from the program's first byte). Little-endian, 16-byte aligned.

[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct ProgramHeader
{
    public const int SizeBytes = 96;
    public const byte NoStrategy = 255;

    [FieldOffset(0)] public byte Layout;

    /// <summary>Bit of each operation; 0 = all.</summary>
    [FieldOffset(1)] public byte Operations;
    [FieldOffset(2)] public byte Strategy;
    [FieldOffset(4)] public ushort Priority;
    [FieldOffset(6)] public ushort Rules;
    [FieldOffset(8)] public Slot Intents;

    /// <summary>Index of the wagering rule; −1 = none.</summary>
    [FieldOffset(16)] public int Wagering;
    [FieldOffset(20)] public int Bytes;
    [FieldOffset(24)] public ExpiryWords Expiry;

    /// <summary>In millionths; −1 = none.</summary>
    [FieldOffset(48)] public long OvercaptureMillionths;
    [FieldOffset(56)] public AmountForm OvercaptureForm;
    [FieldOffset(64)] public Int128 OvercaptureAmount;
}

/// <summary>So many things at an offset.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Slot
{
    public int Offset;
    public int Count;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ExpiryWords
{
    public long Ttl;
    public long At;
    public long MaxTtl;
}

internal enum AmountForm : byte
{
    None = 0,
    Units = 1,

    /// <summary>A decimal of so many digits after the point; 2 = none, 3 = one, …</summary>
    Decimal = 2,
}

internal enum RuleKind : byte
{
    None = 0,
    Category = 1,
    Operation = 2,
    Intent = 3,
    Attribute = 4,
    Context = 5,
    Amount = 6,
    Limit = 7,
    Balance = 8,
    Expiry = 9,
    Counterparty = 10,
    Schedule = 11,
    Wagering = 12,
}

[Flags]
internal enum RuleFlags : byte
{
    None = 0,

    /// <summary>A limit of operations, not of amounts.</summary>
    Counts = 1,
    PerLot = 2,

    /// <summary>Its "when" looks at the operation.</summary>
    WhenOperation = 4,
}

/// <summary>First and Second are, by kind: allowed and denied; the condition; the zone and nothing; the contributions and nothing.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct RuleRow
{
    public const int SizeBytes = 128;

    [FieldOffset(0)] public RuleKind Kind;
    [FieldOffset(1)] public RuleFlags Flags;
    [FieldOffset(2)] public LimitWindow Window;
    [FieldOffset(3)] public byte Days;
    [FieldOffset(4)] public ushort From;
    [FieldOffset(6)] public ushort To;
    [FieldOffset(8)] public Slot Id;
    [FieldOffset(16)] public Slot When;
    [FieldOffset(24)] public Slot First;
    [FieldOffset(32)] public Slot Second;
    [FieldOffset(40)] public Slot Field;

    /// <summary>Names the counter beside policy, owner and asset: hash of id, metric, window and scope.</summary>
    [FieldOffset(48)] public ulong Counter;
    [FieldOffset(56)] public long Duration;
    [FieldOffset(64)] public Int128 Min;
    [FieldOffset(80)] public Int128 Max;
    [FieldOffset(96)] public AmountForm MinForm;
    [FieldOffset(97)] public AmountForm MaxForm;
    [FieldOffset(104)] public ExpiryWords Expiry;

    // Wagering alone: what is required stands in Min or, as ten-thousandths of the initial amount, in Duration.
    [FieldOffset(104)] public ulong ReleasePolicy;
}

[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct ConditionRow
{
    [FieldOffset(0)] public ConditionOperator Operator;
    [FieldOffset(1)] public KnownField Known;
    [FieldOffset(8)] public Slot Field;
    [FieldOffset(16)] public Slot Values;
}

/// <summary>A value in a program; a text lies at its slot.</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
internal struct ValueRow
{
    [FieldOffset(0)] public PolicyValueKind Kind;
    [FieldOffset(1)] public byte Decimals;
    [FieldOffset(8)] public Slot Text;
    [FieldOffset(16)] public Int128 Number;
}

/// <summary>Percent of one game, in millionths.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ContributionRow
{
    public Slot Game;
    public long Millionths;
}

[StructLayout(LayoutKind.Sequential)]
internal struct ZoneRow
{
    public long AtSeconds;
    public long OffsetSeconds;
}

/// <summary>Fields that the ledger answers itself, whatever a context says.</summary>
internal enum KnownField : byte
{
    None = 0,
    Operation = 1,
    Intent = 2,
    Asset = 3,
    WalletId = 4,
    WalletExternalId = 5,
    CounterpartyId = 6,
    CounterpartyExternalId = 7,
    LotAge = 8,
    LotSource = 9,
}
