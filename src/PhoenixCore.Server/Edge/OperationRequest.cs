using PhoenixCore.Ledger;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge;

/// <summary>A request in the words of the API, whatever transport and dialect it came by; <see cref="Operations"/> turns it into a command.</summary>
/// <remarks>Wallets are named by id or external id. Times are unix nanoseconds, 0 = not given. Limits of length are the mapper's to check (see <see cref="RequestLimits"/>).</remarks>
public sealed class OperationRequest
{
    public CommandKind Kind { get; set; }

    /// <summary>Idempotency key; null = none.</summary>
    public string? Key { get; set; }

    public long Deadline { get; set; }

    /// <summary>The wallet acted on; a transfer's source.</summary>
    public string? Wallet { get; set; }

    /// <summary>A transfer's or capture's destination.</summary>
    public string? Destination { get; set; }

    public string? Reservation { get; set; }

    public AmountInput Amount { get; set; }

    public string? Asset { get; set; }

    public SelectionStrategy Strategy { get; set; }

    /// <summary>Lot ids for <see cref="SelectionStrategy.Specific"/>.</summary>
    public IReadOnlyList<string>? Lots { get; set; }

    public long ExpiresAt { get; set; }

    /// <summary>The caller gave a duration (nanoseconds) that <see cref="ExpiresAt"/> was made from: the fingerprint takes this instead, or no retry would match.</summary>
    public long ExpiresIn { get; set; }

    public int Scale { get; set; }

    public bool Pooled { get; set; }

    /// <summary>SetAssetStatus: activate or deactivate.</summary>
    public bool Activate { get; set; }

    /// <summary>KeyStatus: set a tombstone when the key is unknown.</summary>
    public bool CloseKey { get; set; }

    public WalletAction Action { get; set; }

    public AmountInput Floor { get; set; }

    public bool FloorIsNegative { get; set; }

    public AmountInput Ceiling { get; set; }

    /// <summary>Lists: rows wanted; 0 = as many as fit.</summary>
    public int Rows { get; set; }

    /// <summary>Lists: only what follows this number (wallets, lots) or handle (assets); 0 = from the first.</summary>
    public ulong Cursor { get; set; }

    /// <summary>Lists of wallets: the system's too.</summary>
    public bool IncludeSystem { get; set; }

    /// <summary>Reads: room for more rows than the first kilobyte holds. Lists have it anyway.</summary>
    public bool IsLong { get; set; }

    public string? ExternalId { get; set; }

    public string? Name { get; set; }

    public string? HolderId { get; set; }

    public string? Reference { get; set; }

    public string? Intent { get; set; }

    public string? Reason { get; set; }

    /// <summary>Canonical JSON object (UTF-8).</summary>
    public byte[]? Metadata { get; set; }

    /// <summary>Canonical JSON object (UTF-8).</summary>
    public byte[]? Attributes { get; set; }

    /// <summary>Canonical JSON array (UTF-8).</summary>
    public byte[]? Restrictions { get; set; }

    /// <summary>Id of the lot that a credit adds to, or that is changed; null = not given.</summary>
    public string? Lot { get; set; }

    /// <summary>CommitReservation: what is not captured stays held.</summary>
    public bool KeepRest { get; set; }

    /// <summary>CreateTransfer, CommitReservation: all arrives in one new lot with exactly the terms given here, be they none.</summary>
    public bool OwnTerms { get; set; }

    /// <summary>Id of the credit or transfer to reverse.</summary>
    public string? Original { get; set; }

    /// <summary>Found in the journal: whose the lot is.</summary>
    internal LotHome? Home { get; set; }

    /// <summary>Found in the journal: what is to be reversed.</summary>
    internal Original? Undone { get; set; }

    /// <summary>Canonical JSON object (UTF-8): what rules may look at, before the metadata.</summary>
    public byte[]? Context { get; set; }

    /// <summary>A leg's rules see the words of the leg that holds them for all; null = its own.</summary>
    public OperationRequest? ContextOf { get; set; }

    /// <summary>Amounts in restrictions that are texts of digits count smallest units.</summary>
    public bool BareDigitsAreUnits { get; set; } = true;

    /// <summary>The policy of a credit's lot, that of the lot with <see cref="OwnTerms"/>, or the one that is put or changed; null = none.</summary>
    public string? Policy { get; set; }

    /// <summary>Policies of a wallet or an asset, in their order.</summary>
    public IReadOnlyList<string>? Policies { get; set; }

    /// <summary>UpdateWallet, UpdateAsset: the name is given; null takes it away.</summary>
    public bool NameIsGiven { get; set; }

    /// <summary>UpdateWallet, UpdateAsset: metadata are replaced and not merged.</summary>
    public bool Replaces { get; set; }

    /// <summary>UpdateAsset: a scale is given.</summary>
    public bool ScaleIsGiven { get; set; }

    /// <summary>Found in the journal: how the reservation ended, None when it never was; null = nobody looked.</summary>
    internal ReservationStatus? Ended { get; set; }

    /// <summary>Found in the ledger: what an update is made from, and what it makes; not in the fingerprint.</summary>
    internal TextUpdate? Update { get; set; }

    public PolicyStatus PolicyStatus { get; set; }

    /// <summary>EvaluatePolicy: what is asked about.</summary>
    public PolicyOperation PolicyOperation { get; set; }

    /// <summary>Canonical JSON object (UTF-8): a policy's version as its author wrote it.</summary>
    public byte[]? PolicySource { get; set; }

    /// <summary>The same, compiled.</summary>
    public byte[]? PolicyProgram { get; set; }

    /// <summary>Made of context, metadata, attributes and restrictions before the command is: the forms that the ledger evaluates.</summary>
    internal byte[]? ContextValues { get; set; }
    internal byte[]? AttributeValues { get; set; }
    internal byte[]? RestrictionProgram { get; set; }

    /// <summary>Legs of a transfer or operations of an atomic batch.</summary>
    public IReadOnlyList<OperationRequest>? Parts { get; set; }
}
