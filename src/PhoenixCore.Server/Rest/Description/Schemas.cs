using System.Text.Json.Nodes;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Events;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>Every body of the API in the concepts dialect, by name. The notation is <see cref="SchemaText"/>'s.</summary>
internal static class Schemas
{
    private const string Sum = "~amount scale:integer asset_code:string ";
    private const string Words = "reference-:text? intent-:text? metadata-:object ";
    private const string Selection = "lot_selection-:LotSelection ";
    private const string Spending = "amount:AmountIn asset_code-:text " + Selection;
    private const string Arriving = "destination_lot-:DestinationLot ";
    private const string Made = "metadata:object transaction_id:id created_at:time";
    private const string Amounts = "asset_code:string ~available ~reserved ~total available_decimal:decimal reserved_decimal:decimal total_decimal:decimal scale:integer ";
    private const string EntryMembers = "id:id transaction_id:id wallet_id:id lot_id:id " + Sum + "direction:(DEBIT|CREDIT) account:(available|reserved) ~balance_after created_at:time ";
    private const string TransactionTypes = "(CREDIT|TRANSFER|CONSUME|RESERVATION_HOLD|RESERVATION_COMMIT|RESERVATION_RELEASE|RESERVATION_EXPIRE|RESERVATION_EXTEND|LOT_EXPIRE|LOT_UPDATE|REVERSAL|ASSET|WALLET|TENANT|OTHER)";

    /// <summary>Answers: these members and no others.</summary>
    private static readonly (string Name, string Members)[] Answers =
    [
        ("Wallet", "id:id tenant_id:string external_id:string name:string? holder_id:string? currency:string? status-:(active|frozen|closed) pooled:boolean is_system-:boolean policies-:[id] metadata:object created_at:time updated_at:time"),
        ("Balance", Amounts + "floor:units? floor_minor-:units ceiling:units? ceiling_minor-:units"),
        ("PastBalance", Amounts + "as_of-:Moment"),
        ("Balances", "wallet_id:id as_of-:Moment balances:[AnyBalance]"),
        ("Bounds", "wallet_id:id asset_code:string floor:units? floor_minor-:units ceiling:units? ceiling_minor-:units scale:integer updated_at:time"),
        ("Moment", "sequence:integer time:time?"),
        ("CreditedLot", "id:id " + Sum + "policy_id-:id? policy_version-:integer expires_at:time? attributes:object restrictions:[any] created_at:time"),
        ("Credit", "id:id wallet_id:id " + Sum + "reference:string? status:(completed) lot:CreditedLot " + Made),
        ("LotMovement", "from_lot_id:id to_lot_id-:id ~amount"),
        ("Transfer", "id:id from_wallet_id:id to_wallet_id:id " + Sum + "lot_movements:[LotMovement] reference:string? status:(completed) reservation_id-:id " + Made),
        ("Leg", "id:id from_wallet_id:id to_wallet_id:id " + Sum + "lot_movements:[LotMovement]"),
        ("LegsTransfer", "id:id reference:string? status:(completed) legs:[Leg] " + Made),
        ("Debit", "id:id wallet_id:id " + Sum + "reference:string? status:(completed) lot_movements:[LotMovement] " + Made),
        ("HeldLot", "lot_id:id ~amount"),
        ("Reservation", "id:id wallet_id:id " + Sum + "status:(PENDING|COMMITTED|RELEASED|EXPIRED) expires_at:time reference:string? metadata:object intent:string? held_lots:[HeldLot] created_at:time ~held_amount- ~committed_amount- ~released_amount- transfer_id-:id transaction_id-:id updated_at:time"),
        ("ChangedReservation", "id:id wallet_id:id " + Sum + "status:(PENDING|COMMITTED|RELEASED|EXPIRED) expires_at:time ~held_amount ~committed_amount ~released_amount reference:string? metadata:object intent:string? transfer_id-:id transaction_id:id updated_at:time"),
        ("Reversal", "id:id type:(REVERSAL) reverses:id from_wallet_id:id to_wallet_id:id " + Sum + "~reversed_amount lot_movements:[LotMovement] ~forfeited_amount status:(completed) reason:string? reference:string? " + Made),
        ("ChangedLot", "id:id wallet_id-:id asset_code-:string scale-:integer status:(active|expired) expires_at-:time? attributes-:object restrictions-:[any] ~forfeited_amount- reason:string? transaction_id:id updated_at:time"),
        ("LotSource", "type:(credit|transfer|reversal) id:id reference:string?"),
        ("Lot", "id:id wallet_id:id asset_code:string ~amount ~available ~reserved ~initial_amount ~current_amount ~available_amount ~reserved_amount scale:integer status:(active|depleted|expired) expires_at:time? attributes:object restrictions:[any] policy_id-:id? policy_version-:integer? ~wagering_remaining- source-:LotSource created_at:time updated_at-:time"),
        ("Policy", "id:id tenant_id:string version:integer latest_version-:integer status-:(ACTIVE|DEPRECATED|INACTIVE) name:string? operations:[string] intents:[string] rules:[any] consumption:object? expiry:object? overcapture:object? metadata:object created_at:time updated_at:time version_created_at-:time"),
        ("PolicyState", "id:id tenant_id:string status:(ACTIVE|DEPRECATED|INACTIVE) updated_at:time"),
        ("Verdict", "layer:string counterparty-:boolean lot_id-:id ~amount- allowed:boolean policy_id-:id version-:integer rule-:string"),
        ("Evaluation", "policy_id:id allowed:boolean code:string? asset:string scale:integer verdicts:[Verdict]"),
        ("AssetBinding", "code:string policies:[id] updated_at:time"),
        ("Asset", "code:string tenant_id:string name:string scale:integer status:(ACTIVE|INACTIVE) metadata:object created_at:time policies-:[id]"),
        ("TransactionEntry", EntryMembers),
        ("Entry", EntryMembers + "sequence:integer type:" + TransactionTypes + " reference:string?"),
        ("Transaction", "id:id tenant_id:string sequence:integer type:" + TransactionTypes + " operation_id-:id operation_ids-:[id?] reverses-:id reference:string? metadata:object intent:string? created_at:time entries:[TransactionEntry]"),
        ("Batch", "transaction_id:id status:(completed) created_at:time results:[BatchResult]"),
        ("OperationStatus", "idempotency_key:string status:(applied|refused|closed) code-:string transaction_id-:id result-:AppliedResult"),
        ("TrialLine", "account:(system:liability|system:consumption|system:breakage|system:adjustment|wallets:available|wallets:reserved) ~debits ~credits ~balance"),
        ("AssetTrial", "asset_code:string scale:integer postings:integer ~total_debits ~total_credits balanced:boolean lines:[TrialLine]"),
        ("TrialBalance", "as_of:Moment complete:boolean balanced:boolean assets:[AssetTrial]"),
        ("Event", "id:id type:EventType sequence:string tenant_id:string wallet_id:id? transaction_id:id created_at:time timestamp:time data:object"),
        ("Webhook", "id:id url:uri events:[string] wallet_id:id? ordering:(none|wallet) status:(active|disabled) disabled_reason:string? secret-:string standard_secret-:string next_sequence:string pending:integer failed:integer failure_count:integer last_success_at:time? metadata:object created_at:time updated_at:time?"),
        ("Delivery", "id:id event_id:id sequence:string status:(pending|failed) attempts:integer replay:boolean last_error:string? last_attempt_at:time? next_attempt_at:time?"),
        ("Attempt", "delivered:boolean status_code:integer error:string? answer:string? milliseconds:integer"),
        ("Queued", "queued:integer"),
        ("Tenant", "id:string status:(ACTIVE|SUSPENDED|ERASED) created_at:time"),
        ("ApiKey", "id:string tenant_id:string name:string? prefix:string status:(active|expired|revoked) scopes:[string] created_at:time? expires_at:time? revoked_at:time? last_used_at:time? api_key-:string"),
        ("Snapshot", "id:string sequence:string epoch:string as_of:time chain:string digest:string sha256:string bytes:integer"),
        ("Replication", "role:(leader|follower|learner|gathering) incarnation:string timeline:string durability:(local|quorum|all) epoch:integer leader:string durable:integer committed:integer applied:integer staleness_ms-:integer single_copy_accepted:boolean voters:[string] quorum-:integer enough-:boolean followers-:[ReplicaStanding]"),
        ("ReplicaStanding", "incarnation:string address:string voter:boolean connected:boolean durable:integer lag_records:integer"),
        ("Token", "access_token:string token_type:(Bearer) expires_in:integer scope:string"),
        ("TokenError", "error:string error_description-:string"),
        ("Health", "status:(healthy|ready|starting)"),
        ("Startup", "status:(starting|started) phase:(waiting|snapshot|journal|starting|open) percent:number elapsed_seconds:number remaining_seconds-:number"),
        ("Pagination", "has_more:boolean next_cursor:string?"),
        ("WrongField", "field:string message:string"),
        ("ErrorBody", "code:string message:string details-:[WrongField]"),
        ("Error", "error:ErrorBody"),
    ];

    /// <summary>Requests in which members of no meaning are ignored.</summary>
    private static readonly (string Name, string Members)[] Requests =
    [
        ("NewWallet", "external_id-:text holder_id-:text currency-:text name-:text? pooled-:boolean policies-:[id] metadata-:object"),
        ("WalletUpdate", "name-:text? metadata-:object policies-:[id] reason-:text?"),
        ("AssetUpdate", "name-:text? metadata-:object scale-:integer reason-:text?"),
        ("Reason", "reason-:text?"),
        ("NewBounds", "floor-:BoundIn ceiling-:BoundIn"),
        ("LotTerms", "lot_id-:id policy_id-:id expires_at-:time expires_in-:integer attributes-:object restrictions-:[any]"),
        ("DestinationLot", "inherit-:boolean policy_id-:id expires_at-:time expires_in-:integer attributes-:object restrictions-:[any]"),
        ("NewCredit", "wallet_id:text amount:AmountIn asset_code-:text policy_id-:id lot-:LotTerms " + Words),
        ("LotSelection", "strategy-:(fifo|lifo|expiring_first|specific) lot_ids-:[id]"),
        ("PlainTransfer", "from_wallet_id:text to_wallet_id:text " + Spending + Arriving + Words),
        ("TransferOfReservation", "reservation_id:id to_wallet_id:text amount-:AmountIn final-:boolean " + Arriving + Words),
        ("NewLeg", "from_wallet_id:text to_wallet_id:text " + Spending + Arriving),
        ("TransferOfLegs", "legs:[NewLeg] " + Words),
        ("NewDebit", "wallet_id:text " + Spending + Words),
        ("NewReservation", "wallet_id:text " + Spending + "expires_at-:time expires_in-:integer " + Words),
        ("Commit", "amount-:AmountIn to_wallet_id-:text final-:boolean " + Arriving + Words),
        ("Release", "amount-:AmountIn reason-:text? " + Words),
        ("ReservationTransfer", "to_wallet_id:text amount-:AmountIn final-:boolean " + Arriving + Words),
        ("Increment", "amount:AmountIn " + Selection + Words),
        ("Extension", "expires_at-:time expires_in-:integer reason-:text? " + Words),
        ("LotChange", "expires_at-:time expires_in-:integer attributes-:object reason-:text?"),
        ("NewPolicy", "name:text operations-:[string] intents-:[string] rules-:[any] consumption-:object expiry-:object overcapture-:object metadata-:object"),
        ("Binding", "policies:[id]"),
        ("NewEvaluation", "wallet_id:text amount:AmountIn asset_code-:text operation-:string to_wallet_id-:text intent-:text context-:object " + Selection + Words),
        ("NewReversal", "amount-:AmountIn reason-:text? " + Words),
        ("NewAsset", "code:text scale:integer name-:text? metadata-:object"),
        ("BatchOperation", "type:(wallet|asset|credit|debit|transfer|reservation|increment|commit|capture|release|cancel|freeze|unfreeze|close)"),
        ("NewBatch", "operations:[BatchOperation]"),
        ("KeyQuestion", "idempotency_key:text close-:boolean"),
        ("TokenRequest", "grant_type:(client_credentials) client_id-:string client_secret-:string scope-:string"),
    ];

    /// <summary>Requests in which any other member is an error.</summary>
    private static readonly (string Name, string Members)[] StrictRequests =
    [
        ("NewWebhook", "url:uri events:[string] secret-:string wallet_id-:text? ordering-:(none|wallet) metadata-:object"),
        ("WebhookChange", "url-:uri events-:[string] wallet_id-:text? ordering-:(none|wallet) status-:(active|disabled) metadata-:object"),
        ("Replay", "from_sequence-:string to_sequence-:string failed-:boolean"),
        ("NewTenant", "id:text reason-:text?"),
        ("AdminReason", "reason-:text?"),
        ("Erasure", "reason:text"),
        ("NewKey", "scopes:[Scope] name-:text? expires_at-:time? expires_in-:integer? reason-:text?"),
        ("Promotion", "accept_single_copy-:boolean peers-:[string]"),
        ("Rotation", "overlap_seconds-:integer? reason-:text?"),
    ];

    /// <summary>Schemas that are one of several.</summary>
    private static readonly (string Name, string[] Of)[] Choices =
    [
        ("NewTransfer", ["PlainTransfer", "TransferOfReservation", "TransferOfLegs"]),
        ("AnyTransfer", ["Transfer", "LegsTransfer"]),
        ("AnyBalance", ["Balance", "PastBalance"]),
        ("BatchResult", ["Wallet", "Asset", "Credit", "Debit", "Transfer", "Reservation", "ChangedReservation"]),
        ("AnyReservation", ["Reservation", "ChangedReservation"]),
        ("AppliedResult", ["Wallet", "Bounds", "Asset", "Credit", "Debit", "Transfer", "Reservation", "ChangedReservation", "ChangedLot", "Reversal", "Policy", "PolicyState", "AssetBinding", "Batch"]),
    ];

    public static JsonObject All()
    {
        var all = new JsonObject();
        foreach (var (name, members) in Answers) all[name] = SchemaText.Object(members, isClosed: true);
        foreach (var (name, members) in Requests) all[name] = SchemaText.Object(members, isClosed: false);
        foreach (var (name, members) in StrictRequests) all[name] = SchemaText.Object(members, isClosed: true);
        foreach (var (name, of) in Choices) all[name] = new JsonObject { ["anyOf"] = new JsonArray([.. of.Select(SchemaText.Type)]) };
        ((JsonObject)all["AppliedResult"]!)["anyOf"]!.AsArray().Add(new JsonObject { ["type"] = "null" }); // what made no resource
        all["AmountIn"] = AmountIn(@"^[0-9]+(\.[0-9]+)?$", minimum: 1, "an integer or a string of digits: smallest units; a string with a point: whole units; at most 38 digits");
        all["BoundIn"] = AmountIn(@"^-?[0-9]+(\.[0-9]+)?$", minimum: null, "as an amount, and zero");
        all["EventType"] = OneOf(EventNames.Known);
        all["Scope"] = OneOf(ScopeNames.All);
        return all;
    }

    private static JsonObject AmountIn(string pattern, int? minimum, string text)
    {
        var number = new JsonObject { ["type"] = "integer" };
        if (minimum is { } least) number["minimum"] = least;
        return new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = pattern }, number), ["description"] = text };
    }

    private static JsonObject OneOf(IEnumerable<string> words) =>
        new() { ["type"] = "string", ["enum"] = new JsonArray([.. words.Order(StringComparer.Ordinal).Select(word => JsonValue.Create(word))]) };
}
