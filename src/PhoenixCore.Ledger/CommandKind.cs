namespace PhoenixCore.Ledger;

/// <summary>What a command asks for. Numbers are stored in facts (of refusals): added, never reused.</summary>
public enum CommandKind : byte
{
    None = 0,
    CreateTenant = 1,
    CreateAsset = 2,
    SetAssetStatus = 3,
    CreateWallet = 4,
    SetWalletStatus = 5,
    SetBounds = 6,
    CreateCredit = 7,
    CreateTransfer = 8,
    CreateDebit = 9,
    CreateReservation = 10,
    CommitReservation = 11,
    ReleaseReservation = 12,

    /// <summary>A transfer of several legs: arguments are commands of kind CreateTransfer.</summary>
    TransferLegs = 13,

    /// <summary>Up to 1,024 operations, all or nothing: arguments are commands.</summary>
    AtomicBatch = 14,

    KeyStatus = 15,

    /// <summary>Reads; they go through the ring so that they see exactly what was decided before them.</summary>
    ReadWallet = 16,
    ReadReservation = 17,
    ReadAsset = 18,
    ListWallets = 19,
    ListAssets = 20,
    ReadLots = 21,
    ReadTenant = 22,

    /// <summary>Does nothing; answered when all that came before it is durable.</summary>
    Barrier = 23,

    /// <summary>The first fact of every epoch.</summary>
    StartEpoch = 24,

    IncrementReservation = 25,
    ExtendReservation = 26,
    UpdateLot = 27,
    ExpireLot = 28,
    ReverseCredit = 29,
    ReverseTransfer = 30,

    /// <summary>A read: which fact last changed a lot's terms, also of one that is gone.</summary>
    ReadLotChange = 31,

    /// <summary>Writes down an operator's action on the tenant. Subject: the <see cref="AdminAction"/>.</summary>
    RecordAdminAction = 32,

    PutPolicy = 40,
    SetPolicyStatus = 41,
    BindWallet = 42,
    BindAsset = 43,

    /// <summary>Name, metadata and policies of a wallet. Subject: the fact whose texts the new ones were made from.</summary>
    UpdateWallet = 44,

    /// <summary>Name, metadata and scale of an asset. Subject: as above; Amount: the scale.</summary>
    UpdateAsset = 45,

    /// <summary>What policies would say to an operation; a read.</summary>
    EvaluatePolicy = 60,
    ReadPolicy = 61,
    ListPolicies = 62,
    ListPolicyVersions = 63,

    /// <summary>A read of the shard's own, of all tenants: accounts from the handle <c>Subject</c> on, at most <c>Amount</c>, each looked through.</summary>
    AuditAccounts = 64,

    /// <summary>Writes down which copies of the shard have a vote from now on. Arguments: a <see cref="Facts.MembersChangedBody"/>.</summary>
    ChangeMembers = 65,
}
