using System.Text.RegularExpressions;
using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Server.Auth;
using PhoenixCore.Shard.Time;
using Xunit;
using ApiKey = PhoenixCore.Contracts.V1.ApiKey;

namespace PhoenixCore.Wire.Tests;

/// <summary>Codes are a contract: each that API.md gives a gRPC status can be had over gRPC, with that status.</summary>
public sealed partial class ErrorCodeCallTests
{
    /// <summary>Codes that this class does not produce, with the test that does or why none can.</summary>
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["STORAGE_FULL"] = "tests/PhoenixCore.Faults.Tests/DiskFullTests.cs",
        ["NOT_LEADER"] = "tests/PhoenixCore.Faults.Tests/Copies/StreamTests.cs",
        ["NOT_REPLICATED"] = "tests/PhoenixCore.Faults.Tests/Copies: a question to a server that has no copies",
        ["STALE_REPLICA"] = "tests/PhoenixCore.Faults.Tests/Copies/StreamTests.cs",
        ["NOT_ENOUGH_REPLICAS"] = "tests/PhoenixCore.Faults.Tests/Copies/PromotionTests.cs",
        ["INTERNAL_ERROR"] = "tests/PhoenixCore.Grpc.Tests/UnaryTests.cs: the status of a handler that throws",
        ["UNAVAILABLE"] = "the shard looks the key up and decides again",
        ["HISTORY_ARCHIVED"] = "segments cannot be moved away yet",
        ["SEQUENCE_TOO_OLD"] = "segments cannot be moved away yet",
    };

    private readonly Dictionary<string, GrpcStatusCode> _had = [];

    [Fact]
    public async Task Every_documented_code_can_be_had_over_grpc()
    {
        var clock = new JumpingClock();
        await using var server = await WireServer.StartAsync(clock: clock);
        using var client = new LedgerClient(server.Address);
        await ThingsAsync(client);
        await MoneyAsync(client);
        await AdministrationAsync(server, client);
        clock.Ahead = 3_600_000_000_000;
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest { ExternalId = "late" });
        clock.Ahead = 0;
        await using var limited = await WireServer.StartAsync(limits: new RateLimits(0, KeyPerSecond: 1, BurstSeconds: 1, TimeProvider.System));
        using var hurried = new LedgerClient(limited.Address);
        for (var i = 0; i < 4; i++) await HaveAsync(hurried, "ListWallets", new ListWalletsRequest());

        var documented = Documented();
        Assert.Empty(documented.Keys.Except(_had.Keys).Except(Elsewhere.Keys));
        Assert.Empty(_had.Where(had => !documented.TryGetValue(had.Key, out var statuses) || !statuses.Contains(Words(had.Value))).Select(had => $"{had.Key} {had.Value}"));
    }

    private async Task ThingsAsync(LedgerClient client)
    {
        await client.CallAsync("CreateAsset", new CreateAssetRequest { Code = "PTS" }, Asset.Parser);
        await client.CallAsync("CreateAsset", new CreateAssetRequest { Code = "OLD" }, Asset.Parser);
        await client.CallAsync("SetAssetStatus", new SetAssetStatusRequest { Code = "OLD", Status = AssetStatus.Inactive }, Asset.Parser);
        foreach (var name in new[] { "w", "closed", "frozen", "bounded", "big" }) await client.CreateWalletAsync(name, "PTS");
        await client.CreditAsync("w", 10);
        await client.CallAsync("SetWalletStatus", new SetWalletStatusRequest { Wallet = "closed", Action = WalletAction.Close }, Wallet.Parser);
        await client.CallAsync("SetWalletStatus", new SetWalletStatusRequest { Wallet = "frozen", Action = WalletAction.Freeze }, Wallet.Parser);
        await client.CallAsync("SetBounds", new SetBoundsRequest { Wallet = "bounded", Asset = "PTS", Ceiling = new Amount { Units = 5 } }, Wallet.Parser);
        await client.CallAsync("CreateWallet", new CreateWalletRequest { ExternalId = "taken", IdempotencyKey = "used" }, Wallet.Parser);
        await HaveAsync(client, "GetOperation", new GetOperationRequest { IdempotencyKey = "none" });
        await client.RefusalAsync("GetOperation", new GetOperationRequest { IdempotencyKey = "shut", Close = true });

        await HaveAsync(client, "CreateAsset", new CreateAssetRequest { Code = "PTS" });
        await HaveAsync(client, "UpdateAsset", new UpdateAssetRequest { Code = "PTS", Scale = 3 });
        await HaveAsync(client, "GetAsset", new GetAssetRequest { Code = "NONE" });
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest { ExternalId = "taken" });
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest { ExternalId = "another", IdempotencyKey = "used" });
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest { ExternalId = "another", IdempotencyKey = "shut" });
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest { ExternalId = "new", Policies = { "pol_1" } });
        await HaveAsync(client, "CreateWallet", new CreateWalletRequest());
        await HaveAsync(client, "SetWalletStatus", new SetWalletStatusRequest { Wallet = "w", Action = WalletAction.Close });
        await HaveAsync(client, "GetWallet", new GetWalletRequest { Wallet = "none" });
        await HaveAsync(client, "GetTransaction", new GetTransactionRequest { Id = "none" });
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "w", Amount = Of(1) }, new CallOptions { Metadata = client.Metadata, Timeout = TimeSpan.FromTicks(1) });
    }

    private async Task MoneyAsync(LedgerClient client)
    {
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "w", Amount = Of(1, "OLD") });
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "w", Amount = Of(0) });
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "bounded", Amount = Of(6) });
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "closed", Amount = Of(1) });
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "system:liability", Amount = Of(1) });
        await HaveAsync(client, "CreateDebit", new CreateDebitRequest { Wallet = "w", Amount = Of(100) });
        await HaveAsync(client, "CreateDebit", new CreateDebitRequest { Wallet = "frozen", Amount = Of(1) });
        await HaveAsync(client, "CreateDebit", new CreateDebitRequest { Wallet = "w", Amount = Of(1), Selection = LotSelection.Specific, LotIds = { "lot_none" } });
        var lot = (await client.CallAsync("CreateCredit", new CreateCreditRequest { Wallet = "w", Amount = Of(1), Details = true }, Transaction.Parser)).Operations[0].Postings[0].CreditLotId;
        await client.CallAsync("CreateReservation", new CreateReservationRequest { Wallet = "w", Amount = Of(1), Selection = LotSelection.Specific, LotIds = { lot } }, Transaction.Parser);
        await HaveAsync(client, "CreateDebit", new CreateDebitRequest { Wallet = "w", Amount = Of(1), Selection = LotSelection.Specific, LotIds = { lot } });
        await HaveAsync(client, "CreateTransfer", new CreateTransferRequest { FromWallet = "w", ToWallet = "w", Amount = Of(1) });
        var most = new Amount { Units = unchecked((ulong)(UInt128.Parse("99999999999999999999999999999999999999") & ulong.MaxValue)), UnitsHigh = (long)(UInt128.Parse("99999999999999999999999999999999999999") >> 64), Asset = "PTS" };
        for (var i = 0; i < 2; i++) await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "big", Amount = most });

        var credit = (await client.CreditAsync("w", 1)).ResourceId;
        await client.CallAsync("ReverseCredit", new ReverseCreditRequest { CreditId = credit }, Transaction.Parser);
        await HaveAsync(client, "ReverseCredit", new ReverseCreditRequest { CreditId = credit });
        var (released, expiring) = ((await client.ReserveAsync("w", 1)).ResourceId, await client.CallAsync("CreateReservation", new CreateReservationRequest { Wallet = "w", Amount = Of(1), ExpiresAtUnixNs = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 1_000) * 1_000_000 }, Transaction.Parser));
        await client.CallAsync("ReleaseReservation", new ReleaseReservationRequest { ReservationId = released }, Transaction.Parser);
        await HaveAsync(client, "CommitReservation", new CommitReservationRequest { ReservationId = released });
        await HaveAsync(client, "CommitReservation", new CommitReservationRequest { ReservationId = "none" });
        await Task.Delay(1_200);
        await HaveAsync(client, "CommitReservation", new CommitReservationRequest { ReservationId = expiring.ResourceId });

        await client.CallAsync("CreateAsset", new CreateAssetRequest { Code = "MANY" }, Asset.Parser);
        var lots = new SubmitRequest();
        for (var i = 0; i < 1_100; i++) lots.Operations.Add(new SubmitOperation { Credit = new SubmitCredit { Wallet = "w", Units = 1, Asset = "MANY" } });
        await client.SubmitAsync(lots);
        await HaveAsync(client, "CreateDebit", new CreateDebitRequest { Wallet = "w", Amount = Of(1_100, "MANY") });
        await HaveAsync(client, "/phoenix.v1.Policies/GetPolicy", new GetPolicyRequest { PolicyId = "none" });
        var policy = await client.Channel.UnaryRawAsync("/phoenix.v1.Policies/PutPolicy", GrpcFrame.Encode(new PutPolicyRequest { SourceJson = """{"name":"small","rules":[{"type":"amount","max":"1"}]}""" }), reply => Policy.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        await client.CallAsync("CreateWallet", new CreateWalletRequest { ExternalId = "governed", Policies = { policy.Id } }, Wallet.Parser);
        await HaveAsync(client, "CreateCredit", new CreateCreditRequest { Wallet = "governed", Amount = Of(2) });
        await HaveAsync(client, "/phoenix.v1.Webhooks/GetWebhook", new GetWebhookRequest { Id = "none" });
        var webhook = await client.Channel.UnaryRawAsync("/phoenix.v1.Webhooks/CreateWebhook", GrpcFrame.Encode(new CreateWebhookRequest { Url = "http://127.0.0.1:9/", Events = { "wallet.closed" } }), reply => Webhook.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        await HaveAsync(client, "/phoenix.v1.Webhooks/RetryDelivery", new RetryDeliveryRequest { Id = webhook.Id, DeliveryId = "none" });
    }

    private async Task AdministrationAsync(WireServer server, LedgerClient client)
    {
        const string Admin = "/phoenix.v1.Admin/";
        await client.Channel.UnaryRawAsync(Admin + "CreateTenant", GrpcFrame.Encode(new CreateTenantRequest { Id = "mine" }), reply => reply.Length, new CallOptions { Metadata = client.Metadata });
        var key = await client.Channel.UnaryRawAsync(Admin + "CreateKey", GrpcFrame.Encode(new CreateKeyRequest { TenantId = "mine", Scopes = { "wallets:read" } }), reply => ApiKey.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        using var mine = new LedgerClient(server.Address, key.ApiKey_);
        using var nobody = new LedgerClient(server.Address, null);
        await HaveAsync(client, Admin + "CreateTenant", new CreateTenantRequest { Id = "mine" });
        await HaveAsync(client, Admin + "GetTenant", new GetTenantRequest { Id = "none" });
        await HaveAsync(client, Admin + "RevokeKey", new RevokeKeyRequest { TenantId = "mine", KeyId = "none" });
        await HaveAsync(mine, "CreateWallet", new CreateWalletRequest { ExternalId = "x" });
        await HaveAsync(nobody, "ListWallets", new ListWalletsRequest());
        await HaveAsync(client, Admin + "EraseTenant", new EraseTenantRequest { Id = "mine", Reason = "asked for" });
        await client.Channel.UnaryRawAsync(Admin + "SuspendTenant", GrpcFrame.Encode(new SetTenantStatusRequest { Id = "mine" }), reply => reply.Length, new CallOptions { Metadata = client.Metadata });
        await HaveAsync(mine, "ListWallets", new ListWalletsRequest());
        await client.Channel.UnaryRawAsync(Admin + "RevokeKey", GrpcFrame.Encode(new RevokeKeyRequest { TenantId = "mine", KeyId = key.Id }), reply => reply.Length, new CallOptions { Metadata = client.Metadata });
        await HaveAsync(client, Admin + "RotateKey", new RotateKeyRequest { TenantId = "mine", KeyId = key.Id });
        var erased = await client.Channel.UnaryRawAsync(Admin + "EraseTenant", GrpcFrame.Encode(new EraseTenantRequest { Id = "mine", Reason = "asked for" }), reply => Tenant.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        Assert.Equal(TenantStatus.Erased, erased.Status);
        await HaveAsync(client, Admin + "EraseTenant", new EraseTenantRequest { Id = "mine", Reason = "once more" });
    }

    private async Task HaveAsync(LedgerClient client, string method, IMessage request, CallOptions? options = null)
    {
        try
        {
            await client.Channel.UnaryRawAsync(method.StartsWith('/') ? method : LedgerClient.Path(method), GrpcFrame.Encode(request), reply => reply.Length, options ?? new CallOptions { Metadata = client.Metadata });
        }
        catch (GrpcStatusException e)
        {
            if (e.Reason is { } reason) _had[reason] = e.Code;
            else if (e.Code == GrpcStatusCode.DeadlineExceeded) _had["DEADLINE_EXCEEDED"] = e.Code; // the client's own clock was first
        }
    }

    private static Amount Of(ulong units, string asset = "PTS") => new() { Units = units, Asset = asset };

    /// <summary>gRPC statuses of every code in the table of API.md that has one.</summary>
    private static Dictionary<string, HashSet<string>> Documented()
    {
        var table = new Dictionary<string, HashSet<string>>();
        foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Root(), "src/docs/API.md"))))
        {
            if (!table.TryGetValue(row.Groups[1].Value, out var statuses)) table[row.Groups[1].Value] = statuses = [];
            statuses.Add(row.Groups[2].Value);
        }

        Assert.NotEmpty(table);
        return table;
    }

    private static string Root()
    {
        var at = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(at, "PhoenixCore.sln"))) at = Path.GetDirectoryName(at)!;
        return at;
    }

    private static string Words(GrpcStatusCode code) => Capital().Replace(code.ToString(), "_$0").TrimStart('_').ToUpperInvariant();

    [GeneratedRegex(@"^\| `([A-Z_]+)` \| [0-9, ]+ \| ([A-Z_]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();

    private sealed class JumpingClock : IClock
    {
        private readonly SystemClock _system = new();

        /// <summary>Nanoseconds.</summary>
        public long Ahead { get; set; }

        public long WallNanoseconds => _system.WallNanoseconds + Ahead;

        public long BootNanoseconds => _system.BootNanoseconds;
    }
}
