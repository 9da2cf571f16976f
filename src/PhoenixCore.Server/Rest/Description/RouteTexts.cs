namespace PhoenixCore.Server.Rest.Description;

/// <summary>The words for every route. A route without a line here fails the test that walks the table of routes.</summary>
internal static class RouteTexts
{
    private const string Paged = "limit:integer cursor:string ";
    private const string Booked = Paged + "asset:string from:time to:time reference:text min_amount:decimal max_amount:decimal ";
    private const string Typed = Booked + "type:string ";
    private const string Sided = Typed + "direction:(debit|credit) account:(available|reserved) ";
    private const string HeldBy = Paged + "status:(active|pending|committed|released|expired) asset:string from:time to:time reference:text ";
    private const string Moment = "asset:string at:time sequence:string ";
    private const string Past = "WALLET_NOT_FOUND HISTORY_ARCHIVED ";
    private const string Parties = "WALLET_NOT_FOUND WALLET_CLOSED WALLET_FROZEN SYSTEM_WALLET ASSET_NOT_FOUND ";
    private const string Spends = Parties + "INVALID_AMOUNT INSUFFICIENT_BALANCE LOT_NOT_FOUND LOT_NOT_AVAILABLE TOO_MANY_LOTS BALANCE_LIMIT_EXCEEDED ";
    private const string Receives = "BALANCE_WOULD_OVERFLOW ";
    private const string Held = "RESERVATION_NOT_FOUND RESERVATION_NOT_ACTIVE RESERVATION_EXPIRED ";
    private const string Ends = Held + Parties + "INVALID_AMOUNT BALANCE_LIMIT_EXCEEDED SAME_WALLET TOO_MANY_LOTS " + Receives;
    private const string Reverses = Parties + Receives + "TRANSACTION_NOT_FOUND ALREADY_REVERSED INVALID_AMOUNT INSUFFICIENT_BALANCE BALANCE_LIMIT_EXCEEDED TOO_MANY_LOTS ";

    public static readonly RouteText[] All =
    [
        .. Wallets, .. Histories, .. Money, .. Reservations, .. Changes, .. Things, .. Governing, .. Followed, .. Administration,
    ];

    private static RouteText[] Wallets =>
    [
        Command("createWallet", "Creates a wallet.", "NewWallet", 201, "Wallet", "DUPLICATE_EXTERNAL_ID INVALID_POLICY ASSET_NOT_FOUND ASSET_INACTIVE", "POST /wallets"),
        Read("listWallets", "Wallets, oldest first.", "[Wallet]", Paged + "status:(active|frozen|closed) external_id:text holder_id:text include_system:boolean", "", "GET /wallets"),
        Read("getWallet", "A wallet, by id or external id.", "Wallet", "", "WALLET_NOT_FOUND", "GET /wallets/{id}"),
        Read("getWalletByExternalId", "A wallet by external id only.", "Wallet", "", "WALLET_NOT_FOUND", "GET /wallets/external/{external_id}", "GET /wallets/by-external-id/{external_id}"),
        Command("updateWallet", "Changes name, policies and metadata, of which members are merged; null takes one away.", "WalletUpdate", 200, "Wallet", "WALLET_NOT_FOUND WALLET_CLOSED SYSTEM_WALLET INVALID_POLICY", "PATCH /wallets/{id}"),
        Command("replaceWallet", "Changes name, policies and metadata; metadata that are given stand for all that there were.", "WalletUpdate", 200, "Wallet", "WALLET_NOT_FOUND WALLET_CLOSED SYSTEM_WALLET INVALID_POLICY", "PUT /wallets/{id}"),
        Command("freezeWallet", "From now on nothing leaves the wallet.", "Reason", 200, "Wallet", "WALLET_NOT_FOUND WALLET_CLOSED SYSTEM_WALLET", "POST /wallets/{id}/freeze"),
        Command("unfreezeWallet", "Ends a freeze.", "Reason", 200, "Wallet", "WALLET_NOT_FOUND WALLET_CLOSED SYSTEM_WALLET", "POST /wallets/{id}/unfreeze"),
        Command("closeWallet", "Closes an empty wallet for ever.", "Reason", 200, "Wallet", "WALLET_NOT_FOUND WALLET_CLOSED WALLET_NOT_EMPTY SYSTEM_WALLET", "POST /wallets/{id}/close"),
        Command("setBounds", "Sets the least and the most that a wallet may hold of an asset.", "NewBounds", 200, "Bounds", Parties + "INVALID_AMOUNT BALANCE_LIMIT_EXCEEDED", "PUT /wallets/{id}/bounds/{asset}"),
        Read("getBalances", "Every balance of a wallet, now or as of a moment.", "Balances", Moment, Past + "ASSET_NOT_FOUND", "GET /wallets/{id}/balances", "GET /wallets/{id}/balance"),
        Read("getBalance", "One balance, now or as of a moment.", "AnyBalance", "at:time sequence:string", Past + "ASSET_NOT_FOUND", "GET /wallets/{id}/balances/{asset}", "GET /wallets/{id}/balance/{asset}"),
        Read("listLots", "Lots of a wallet that hold something, oldest first; with status depleted or expired those that ended, newest first.", "[Lot]", Paged + "asset:string status:(active|depleted|expired) has_balance:boolean expiring_before:time attribute:string", Past + "ASSET_NOT_FOUND", "GET /wallets/{id}/lots"),
    ];

    private static RouteText[] Histories =>
    [
        Read("listWalletTransactions", "Transactions of a wallet with its own entries, newest first.", "[Transaction]", Typed, Past + "ASSET_NOT_FOUND", "GET /wallets/{id}/transactions"),
        Read("listWalletEntries", "Entries of a wallet, newest first.", "[Entry]", Sided + "lot_id:id", Past + "LOT_NOT_FOUND ASSET_NOT_FOUND", "GET /wallets/{id}/entries"),
        Read("listWalletReservations", "Reservations of a wallet, newest first.", "[Reservation]", HeldBy, Past + "ASSET_NOT_FOUND", "GET /wallets/{id}/reservations"),
        Read("listTransactions", "Transactions, newest first.", "[Transaction]", Typed + "wallet_id:text", Past + "ASSET_NOT_FOUND", "GET /ledger/transactions"),
        Read("listEntries", "Entries, newest first.", "[Entry]", Sided + "wallet_id:text lot_id:id", Past + "LOT_NOT_FOUND ASSET_NOT_FOUND", "GET /ledger/entries"),
        Read("listLotEntries", "Entries of a lot, newest first.", "[Entry]", Sided + "wallet_id:text", Past + "LOT_NOT_FOUND ASSET_NOT_FOUND", "GET /lots/{id}/entries"),
        Read("getTransaction", "A transaction with its entries.", "Transaction", "", "TRANSACTION_NOT_FOUND HISTORY_ARCHIVED", "GET /ledger/transactions/{id}"),
        Read("getTrialBalance", "The sums of all debits and credits, added up from the entries.", "TrialBalance", "asset:string", "ASSET_NOT_FOUND HISTORY_ARCHIVED", "GET /ledger/trial-balance"),
        Read("getLot", "A lot, also one that is used up.", "Lot", "", "LOT_NOT_FOUND HISTORY_ARCHIVED", "GET /lots/{id}"),
    ];

    private static RouteText[] Money =>
    [
        Command("createCredit", "Puts value into a wallet, as a new lot.", "NewCredit", 201, "Credit", Parties + Receives + "INVALID_AMOUNT ASSET_INACTIVE BALANCE_LIMIT_EXCEEDED", "POST /credits"),
        Read("listCredits", "Credits, newest first.", "[Credit]", Booked + "wallet_id:text", Past + "ASSET_NOT_FOUND", "GET /credits"),
        Read("getCredit", "A credit.", "Credit", "", "CREDIT_NOT_FOUND", "GET /credits/{id}"),
        Command("createTransfer", "Moves value: between two wallets, out of a reservation, or in several legs of which all happen or none.", "NewTransfer", 201, "AnyTransfer", Spends + Receives + Held + "SAME_WALLET", "POST /transfers"),
        Read("listTransfers", "Transfers, newest first.", "[Transfer]", Booked + "wallet_id:text", Past + "ASSET_NOT_FOUND", "GET /transfers"),
        Read("getTransfer", "A transfer.", "AnyTransfer", "", "TRANSFER_NOT_FOUND", "GET /transfers/{id}"),
        Command("createDebit", "Takes value out of the ledger.", "NewDebit", 201, "Debit", Spends, "POST /debits"),
        Read("listDebits", "Debits, newest first.", "[Debit]", Booked + "wallet_id:text", Past + "ASSET_NOT_FOUND", "GET /debits"),
        Read("getDebit", "A debit.", "Debit", "", "DEBIT_NOT_FOUND", "GET /debits/{id}"),
        Command("createBatch", "Up to 1,024 operations, all or none.", "NewBatch", 201, "Batch", Spends + Receives + Held + "SAME_WALLET ASSET_INACTIVE DUPLICATE_EXTERNAL_ID DUPLICATE_ASSET WALLET_NOT_EMPTY INVALID_POLICY", "POST /batches"),
        Read("getOperation", "What became of an idempotency key.", "OperationStatus", "close:boolean", "OPERATION_NOT_FOUND", "GET /operations/by-key/{key}"),
        new(["POST /operations/status"], "askOperation", "What became of an idempotency key; with close the answer is final.") { Body = "KeyQuestion", Answer = "OperationStatus", Codes = "OPERATION_NOT_FOUND" },
    ];

    private static RouteText[] Reservations =>
    [
        Command("createReservation", "Sets value aside until it is committed, released, or its time is over (default 15 minutes, at most 30 days).", "NewReservation", 201, "Reservation", Spends, "POST /reservations"),
        Read("listReservations", "Reservations, newest first.", "[Reservation]", HeldBy + "wallet_id:text", Past + "ASSET_NOT_FOUND", "GET /reservations"),
        Read("getReservation", "A reservation, also how it ended.", "Reservation", "", "RESERVATION_NOT_FOUND HISTORY_ARCHIVED", "GET /reservations/{id}"),
        Command("commitReservation", "Spends what is held, or a part; the rest goes back, or stays held with final false.", "Commit", 200, "AnyReservation", Ends, "POST /reservations/{id}/commit", "POST /reservations/{id}/capture"),
        Command("releaseReservation", "Gives back what is held, or a part.", "Release", 200, "AnyReservation", Held + "INVALID_AMOUNT", "POST /reservations/{id}/release", "POST /reservations/{id}/cancel", "DELETE /reservations/{id}"),
        Command("transferReservation", "Commits to another wallet and answers the transfer.", "ReservationTransfer", 201, "Transfer", Ends, "POST /reservations/{id}/transfer"),
    ];

    private static RouteText[] Changes =>
    [
        Command("incrementReservation", "Sets more aside.", "Increment", 200, "ChangedReservation", Held + Spends, "POST /reservations/{id}/increment"),
        Command("extendReservation", "Moves the time when it ends, earlier or later, at most 30 days after it was made.", "Extension", 200, "ChangedReservation", Held, "POST /reservations/{id}/extend"),
        Command("changeLot", "Moves a lot's expiry, merges its attributes.", "LotChange", 200, "ChangedLot", "LOT_NOT_FOUND LOT_NOT_AVAILABLE", "PATCH /lots/{id}"),
        Command("expireLot", "Expires a lot now: what is available of it goes to breakage.", "Reason", 200, "ChangedLot", "LOT_NOT_FOUND LOT_NOT_AVAILABLE", "POST /lots/{id}/expire"),
        Command("reverseCredit", "Takes a credit back, or a part, as far as it was not spent.", "NewReversal", 201, "Reversal", Reverses, "POST /credits/{id}/reverse"),
        Command("reverseTransfer", "Undoes a transfer, or a part: value goes back to the lots it came from.", "NewReversal", 201, "Reversal", Reverses, "POST /transfers/{id}/reverse"),
    ];

    private static RouteText[] Things =>
    [
        Command("createAsset", "Creates an asset.", "NewAsset", 201, "Asset", "DUPLICATE_ASSET", "POST /assets"),
        Read("listAssets", "Assets, oldest first.", "[Asset]", Paged, "", "GET /assets"),
        Read("getAsset", "An asset.", "Asset", "", "ASSET_NOT_FOUND", "GET /assets/{code}"),
        Command("updateAsset", "Changes the name, merges metadata, and sets the scale until a lot or a bound is counted in it.", "AssetUpdate", 200, "Asset", "ASSET_NOT_FOUND SCALE_IMMUTABLE", "PATCH /assets/{code}"),
        Command("deactivateAsset", "No more credits of this asset; what exists can move.", "Reason", 200, "Asset", "ASSET_NOT_FOUND", "POST /assets/{code}/deactivate"),
        Command("activateAsset", "Credits of this asset again.", "Reason", 200, "Asset", "ASSET_NOT_FOUND", "POST /assets/{code}/activate"),
    ];

    private static RouteText[] Governing =>
    [
        Command("createPolicy", "Creates a policy, version 1. Rules: POLICIES.md.", "NewPolicy", 201, "Policy", "INVALID_POLICY", "POST /policies"),
        Read("listPolicies", "Policies in their latest version, oldest first.", "[Policy]", Paged, "", "GET /policies"),
        Read("getPolicy", "A policy, the latest version or one that is named.", "Policy", "version:integer", "POLICY_NOT_FOUND", "GET /policies/{id}"),
        Command("putPolicy", "Adds a version; lots keep the one of their creation.", "NewPolicy", 200, "Policy", "POLICY_NOT_FOUND INVALID_POLICY", "PUT /policies/{id}"),
        Read("listPolicyVersions", "Versions of a policy, newest first.", "[Policy]", Paged, "POLICY_NOT_FOUND", "GET /policies/{id}/versions"),
        Command("deprecatePolicy", "Enforced where it is bound, bound nowhere anew.", "Reason", 200, "PolicyState", "POLICY_NOT_FOUND INVALID_POLICY", "POST /policies/{id}/deprecate"),
        Command("activatePolicy", "Can be bound again.", "Reason", 200, "PolicyState", "POLICY_NOT_FOUND INVALID_POLICY", "POST /policies/{id}/activate"),
        Command("deactivatePolicy", "Denies everything where it is bound.", "Reason", 200, "PolicyState", "POLICY_NOT_FOUND INVALID_POLICY", "POST /policies/{id}/deactivate"),
        Change("evaluatePolicy", "What the policies of a wallet would say to an operation: the verdict of each layer and lot. Changes nothing.", "NewEvaluation", 200, "Evaluation", Parties + "POLICY_NOT_FOUND INVALID_AMOUNT", "POST /policies/{id}/evaluate"),
        Command("bindAsset", "Replaces the asset's policies.", "Binding", 200, "AssetBinding", "ASSET_NOT_FOUND INVALID_POLICY", "PUT /assets/{code}/policies"),
    ];

    private static RouteText[] Followed =>
    [
        Read("listEvents", "Events: from a sequence oldest first, else newest first.", "[Event]", Paged + "types:string wallet_id:text from_sequence:string", "WALLET_NOT_FOUND SEQUENCE_TOO_OLD", "GET /events"),
        Read("streamEvents", "Server-sent events: event is the type, id the sequence, data an Event; a heartbeat every 15 seconds. Last-Event-ID goes on after that event.", "text/event-stream", "types:string wallet_id:text from_sequence:string", "WALLET_NOT_FOUND SEQUENCE_TOO_OLD", "GET /events/stream"),
        Change("createWebhook", "Sends events to an address from now on. The secret is in this answer only.", "NewWebhook", 201, "Webhook", "WALLET_NOT_FOUND IDEMPOTENCY_CONFLICT", "POST /webhooks"),
        Read("listWebhooks", "Webhooks, oldest first.", "[Webhook]", Paged, "", "GET /webhooks"),
        Read("getWebhook", "A webhook.", "Webhook", "", "WEBHOOK_NOT_FOUND", "GET /webhooks/{id}"),
        Change("changeWebhook", "Changes the members that are given.", "WebhookChange", 200, "Webhook", "WEBHOOK_NOT_FOUND WALLET_NOT_FOUND", "PATCH /webhooks/{id}", "PUT /webhooks/{id}"),
        Change("deleteWebhook", "Ends a webhook.", null, 204, null, "WEBHOOK_NOT_FOUND", "DELETE /webhooks/{id}"),
        Change("testWebhook", "Sends one made-up event and answers what came back.", null, 200, "Attempt", "WEBHOOK_NOT_FOUND", "POST /webhooks/{id}/test"),
        Change("rotateWebhookSecret", "Makes a new secret; the old one signs too for a day.", null, 200, "Webhook", "WEBHOOK_NOT_FOUND", "POST /webhooks/{id}/rotate-secret"),
        Change("replayWebhook", "Sends a range of events again, or all that was given up.", "Replay", 202, "Queued", "WEBHOOK_NOT_FOUND SEQUENCE_TOO_OLD", "POST /webhooks/{id}/replay"),
        Read("listDeliveries", "Deliveries that are pending or failed, newest first.", "[Delivery]", Paged + "status:(pending|failed)", "WEBHOOK_NOT_FOUND", "GET /webhooks/{id}/deliveries"),
        Change("retryDelivery", "Tries a delivery again now.", null, 202, "Delivery", "WEBHOOK_NOT_FOUND DELIVERY_NOT_FOUND", "POST /webhooks/{id}/deliveries/{delivery}/retry"),
    ];

    private static RouteText[] Administration =>
    [
        Change("createTenant", "Creates a tenant.", "NewTenant", 201, "Tenant", "DUPLICATE_TENANT IDEMPOTENCY_CONFLICT", "POST /tenants"),
        Read("listTenants", "Tenants, oldest first.", "[Tenant]", Paged, "TENANT_NOT_FOUND", "GET /tenants"),
        Read("getTenant", "A tenant.", "Tenant", "", "TENANT_NOT_FOUND", "GET /tenants/{tenant}"),
        Read("exportTenant", "All transactions with their entries, assets and wallets of a tenant, one JSON object a line; the last line counts them and has the SHA-256 of the others.", "application/x-ndjson", "reason:text", "TENANT_NOT_FOUND", "GET /tenants/{tenant}/export"),
        Change("suspendTenant", "Refuses everything of a tenant.", "AdminReason", 200, "Tenant", "TENANT_NOT_FOUND TENANT_ERASED IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/suspend"),
        Change("resumeTenant", "Ends a suspension.", "AdminReason", 200, "Tenant", "TENANT_NOT_FOUND TENANT_ERASED IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/resume"),
        Change("eraseTenant", "Makes the texts of a suspended tenant unreadable for ever, revokes its keys and removes its webhooks; amounts and records stay.", "Erasure", 200, "Tenant",
            "TENANT_NOT_FOUND TENANT_NOT_SUSPENDED TENANT_ERASED IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/erase"),
        Change("createKey", "Makes an API key. It is in this answer only.", "NewKey", 201, "ApiKey", "TENANT_NOT_FOUND TENANT_ERASED IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/keys"),
        Read("listKeys", "Keys of a tenant.", "[ApiKey]", Paged, "TENANT_NOT_FOUND", "GET /tenants/{tenant}/keys"),
        Change("rotateKey", "Makes a key like this one, which goes on for the overlap.", "Rotation", 201, "ApiKey", "TENANT_NOT_FOUND TENANT_ERASED KEY_NOT_FOUND KEY_NOT_ACTIVE IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/keys/{key}/rotate"),
        Change("revokeKey", "Ends a key at once.", "AdminReason", 200, "ApiKey", "TENANT_NOT_FOUND KEY_NOT_FOUND IDEMPOTENCY_CONFLICT", "POST /tenants/{tenant}/keys/{key}/revoke", "DELETE /tenants/{tenant}/keys/{key}"),
        Change("createSnapshot", "Writes the state at the present sequence to a file; answers when it is durable.", null, 201, "Snapshot", "", "POST /snapshots"),
        Read("listSnapshots", "Snapshots, newest first.", "[Snapshot]", Paged, "", "GET /snapshots"),
        Read("getReplication", "How this copy of the shard stands, and on the leader the others too.", "Replication", "", "NOT_REPLICATED", "GET /replication"),
        Change("promoteReplica", "This copy leads from now on, if enough copies promise, or if it is accepted that it will be the only one.", "Promotion", 200, "Replication", "NOT_REPLICATED NOT_ENOUGH_REPLICAS PROMOTION_REFUSED", "POST /replication/promote"),
    ];

    private static RouteText Command(string operation, string summary, string body, int status, string answer, string codes, params string[] routes) =>
        new(routes, operation, summary) { Body = body, Status = status, Answer = answer, Codes = codes, IsCommand = true };

    private static RouteText Change(string operation, string summary, string? body, int status, string? answer, string codes, params string[] routes) =>
        new(routes, operation, summary) { Body = body, Status = status, Answer = answer, Codes = codes };

    private static RouteText Read(string operation, string summary, string answer, string query, string codes, params string[] routes) =>
        new(routes, operation, summary) { Answer = answer, Query = query, Codes = codes };
}
