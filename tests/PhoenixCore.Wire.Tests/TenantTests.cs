using Google.Protobuf;
using Google.Protobuf.Reflection;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Grpc;
using Xunit;
using ApiKey = PhoenixCore.Contracts.V1.ApiKey;
using Method = Google.Protobuf.Reflection.MethodDescriptor;

namespace PhoenixCore.Wire.Tests;

/// <summary>Tenants and scopes over gRPC; every service and method is found from the descriptors, so a new one cannot be forgotten.</summary>
public sealed class TenantTests(WireServerFixture fixture) : IClassFixture<WireServerFixture>
{
    private static readonly ServiceDescriptor[] Services = [.. typeof(LedgerReflection).Assembly.GetTypes().Where(type => type.Namespace == typeof(LedgerReflection).Namespace)
        .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>().SelectMany(file => file.Services).Where(service => service.Name != "Replication")]; // copies speak there, with a secret of their own

    private static IEnumerable<Method> Unary => Services.SelectMany(service => service.Methods).Where(method => !method.IsClientStreaming);

    [Fact]
    public async Task By_every_method_another_tenants_things_are_answered_like_things_that_do_not_exist()
    {
        using var mine = await TenantAsync(fixture.NewName());
        var foreign = await ThingsAsync(fixture.Client, "foreign", "FORE");
        var own = await ThingsAsync(mine, "own", "OWN");
        var absent = foreign.ToDictionary(entry => entry.Key, entry => entry.Value.Contains('_', StringComparison.Ordinal) ? entry.Value[..4] + "0000000000000000000000000a" : "absent");
        absent["asset"] = absent["code"] = "NONE";
        var wrong = new List<string>();
        foreach (var method in Unary)
        {
            // Lists of one's own, and what makes things out of nothing, take no ids; reading the key of another finds nothing.
            if (method.Name is "CreateAsset" or "ListAssets" or "ListWallets" or "CreateWallet" or "ListPolicies" or "ListWebhooks") continue;
            var asked = await AnswerAsync(mine, method, Fill(method, foreign));
            var none = await AnswerAsync(mine, method, Fill(method, absent));
            var expected = method.Service.Name == "Admin" ? GrpcStatusCode.PermissionDenied : GrpcStatusCode.NotFound;
            if (asked.Code != expected || asked != none) wrong.Add($"{method.FullName}: {asked} for a foreign id, {none} for one that does not exist");
            if (method.Name is "DeleteWebhook" or "RetryDelivery") continue; // the one would take the webhook from those that follow, the other has nothing that failed
            if (method.Service.Name != "Admin" && (await AnswerAsync(mine, method, Fill(method, own))).Code == GrpcStatusCode.NotFound) wrong.Add($"{method.FullName} does not find the caller's own: the test asks wrongly");
        }

        Assert.Empty(wrong);
        var listed = await mine.CallAsync("ListWallets", new ListWalletsRequest(), ListWalletsReply.Parser);
        Assert.Equal(["house_wallet", "own", "own other"], listed.Wallets.Select(wallet => wallet.ExternalId).Order(StringComparer.Ordinal));
        Assert.Equal(["OWN"], (await mine.CallAsync("ListAssets", new ListAssetsRequest(), ListAssetsReply.Parser)).Assets.Select(asset => asset.Code));
        Assert.Equal(970UL, (await fixture.Client.GetWalletAsync(foreign["wallet"])).Balances.Single().Available.Units);
    }

    [Fact]
    public async Task Submit_finds_nothing_of_another_tenant_either()
    {
        using var mine = await TenantAsync(fixture.NewName());
        var foreign = await ThingsAsync(fixture.Client, "submit", "SUBM");
        var own = await ThingsAsync(mine, "own", "OWN");
        var amount = 1UL;
        SubmitOperation[] operations =
        [
            new() { Transfer = new SubmitTransfer { FromWallet = foreign["wallet"], ToWallet = own["wallet"], Units = amount } },
            new() { Transfer = new SubmitTransfer { FromWallet = own["wallet"], ToWallet = foreign["wallet"], Units = amount } },
            new() { Transfer = new SubmitTransfer { FromWallet = own["wallet"], ToWallet = own["other"], Units = amount, Asset = "SUBM" } },
            new() { Reserve = new SubmitReserve { Wallet = foreign["wallet"], Units = amount } },
            new() { Commit = new SubmitCommit { Reservation = foreign["reservation"] } },
            new() { Release = new SubmitRelease { Reservation = foreign["reservation"] } },
            new() { Credit = new SubmitCredit { Wallet = foreign["wallet"], Units = amount } },
            new() { Debit = new SubmitDebit { Wallet = foreign["wallet"], Units = amount } },
        ];
        var reply = await mine.SubmitAsync(new SubmitRequest { Operations = { operations } });
        Assert.Equal(
            [ResultCode.WalletNotFound, ResultCode.WalletNotFound, ResultCode.AssetNotFound, ResultCode.WalletNotFound, ResultCode.ReservationNotFound, ResultCode.ReservationNotFound, ResultCode.WalletNotFound, ResultCode.WalletNotFound],
            reply.Results.Select(result => result.Code));
    }

    [Fact]
    public async Task Every_method_lets_in_exactly_the_scopes_of_its_line_in_the_table()
    {
        var table = GrpcScopes.Of(Services);
        Assert.Equal(Services.Sum(service => service.Methods.Count), table.Count);
        foreach (var name in ScopeNames.All)
        {
            ScopeNames.TryParse(name, out var scope);
            using var client = await KeyAsync("default", name);
            foreach (var method in Unary)
            {
                var (code, reason) = await AnswerAsync(client, method, Array.Empty<byte>());
                var isLetIn = (code, reason) != (GrpcStatusCode.PermissionDenied, "FORBIDDEN");
                Assert.True(isLetIn == ((table[PathOf(method)].Any & scope) != 0), $"{method.FullName} with {name}: {code} {reason}");
            }

            var refusal = await SubmitRefusalAsync(client, 1);
            Assert.Equal(name == "wallets:write" ? null : "FORBIDDEN", refusal?.Reason);
        }
    }

    [Fact]
    public async Task A_suspended_tenants_calls_and_open_streams_are_refused()
    {
        var name = fixture.NewName();
        using var mine = await TenantAsync(name);
        await using var stream = mine.Submit();
        await stream.WriteAsync(Credits(1));
        Assert.True(await stream.MoveNextAsync());
        await AdminAsync("SuspendTenant", new SetTenantStatusRequest { Id = name, Reason = "unpaid" }, Tenant.Parser);
        Assert.Equal((GrpcStatusCode.PermissionDenied, "TENANT_SUSPENDED"), await mine.RefusalAsync("ListWallets", new ListWalletsRequest()));
        await stream.WriteAsync(Credits(1));
        var refused = await Assert.ThrowsAsync<GrpcStatusException>(async () => await stream.MoveNextAsync());
        Assert.Equal("TENANT_SUSPENDED", refused.Reason);
        Assert.Equal(TenantStatus.Active, (await AdminAsync("ResumeTenant", new SetTenantStatusRequest { Id = name }, Tenant.Parser)).Status);
        Assert.Equal("house_wallet", (await mine.GetWalletAsync("house_wallet")).ExternalId);
        Assert.Equal(0, fixture.Server.Tenants.Find(name)!.Load.UnderWay);
    }

    [Fact]
    public async Task Tenants_and_keys_are_administered_over_the_wire()
    {
        var name = fixture.NewName();
        var made = await AdminAsync("CreateTenant", new CreateTenantRequest { Id = name, IdempotencyKey = name }, Tenant.Parser);
        Assert.Equal(made, await AdminAsync("CreateTenant", new CreateTenantRequest { Id = name, IdempotencyKey = name }, Tenant.Parser));
        Assert.Contains(made, (await AdminAsync("ListTenants", new ListTenantsRequest { PageSize = 100 }, ListTenantsReply.Parser)).Tenants);
        var key = await AdminAsync("CreateKey", new CreateKeyRequest { TenantId = name, Scopes = { "wallets:read" }, ExpiresInSeconds = 60, IdempotencyKey = "k" + name }, ApiKey.Parser);
        Assert.Equal("", (await AdminAsync("CreateKey", new CreateKeyRequest { TenantId = name, Scopes = { "wallets:read" }, ExpiresInSeconds = 60, IdempotencyKey = "k" + name }, ApiKey.Parser)).ApiKey_);
        var rotated = await AdminAsync("RotateKey", new RotateKeyRequest { TenantId = name, KeyId = key.Id, OverlapSeconds = 0 }, ApiKey.Parser);
        using var before = new LedgerClient(fixture.Server.Address, key.ApiKey_);
        using var after = new LedgerClient(fixture.Server.Address, rotated.ApiKey_);
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await before.RefusalAsync("ListWallets", new ListWalletsRequest())).Status);
        Assert.Equal(GrpcStatusCode.OK, (await after.RefusalAsync("ListWallets", new ListWalletsRequest())).Status);
        Assert.Equal(KeyStatus.Revoked, (await AdminAsync("RevokeKey", new RevokeKeyRequest { TenantId = name, KeyId = rotated.Id }, ApiKey.Parser)).Status);
        Assert.Equal(GrpcStatusCode.Unauthenticated, (await after.RefusalAsync("ListWallets", new ListWalletsRequest())).Status);
        Assert.Equal([KeyStatus.Expired, KeyStatus.Revoked], (await AdminAsync("ListKeys", new ListKeysRequest { TenantId = name }, ListKeysReply.Parser)).Keys.Select(one => one.Status));
    }

    [Fact]
    public async Task A_rate_is_kept_by_the_number_of_operations_and_says_when_to_come_again()
    {
        await using var server = await WireServer.StartAsync(limits: new RateLimits(0, KeyPerSecond: 100, BurstSeconds: 10, TimeProvider.System));
        using var client = new LedgerClient(server.Address);
        Assert.Null(await SubmitRefusalAsync(client, 3_000));
        var refused = await SubmitRefusalAsync(client, 1);
        Assert.Equal((GrpcStatusCode.ResourceExhausted, "RATE_LIMITED"), (refused!.Code, refused.Reason));
        var raw = await RawCall.SendAsync(server.Address, LedgerClient.Path("ListWallets"), new byte[5], "10S");
        Assert.Equal(("8", "RATE_LIMITED"), (raw.Status, raw.Reason));
        Assert.InRange(raw.RetryIn!.Value, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(31));
        Assert.Equal(0, server.Tenant.Load.UnderWay);
    }

    [Fact]
    public async Task A_tenant_with_all_its_places_taken_waits_and_others_do_not()
    {
        var name = fixture.NewName();
        using var mine = await TenantAsync(name);
        var load = fixture.Server.Tenants.Find(name)!.Load;
        Assert.True(load.TryEnter(5_000, 4_096));
        var waiting = mine.SubmitAsync(Credits(10));
        Assert.Equal((GrpcStatusCode.ResourceExhausted, "RATE_LIMITED"), await mine.RefusalAsync("ListWallets", new ListWalletsRequest()));
        Assert.Equal(10, (await fixture.Client.SubmitAsync(Credits(10))).Results.Count);
        Assert.False(waiting.IsCompleted);
        load.Leave(5_000);
        Assert.Equal(10, (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Results.Count);
        Assert.Equal(0, load.UnderWay);
    }

    /// <summary>Nobody listens there.</summary>
    private const string Receiver = "http://127.0.0.1:9/";

    private static string PathOf(Method method) => $"/{method.Service.FullName}/{method.Name}";

    private static SubmitRequest Credits(int operations)
    {
        var request = new SubmitRequest();
        for (var i = 0; i < operations; i++) request.Operations.Add(new SubmitOperation { Credit = new SubmitCredit { Wallet = "house_wallet", Units = 1, Asset = "USD" } });
        return request;
    }

    /// <summary>Null when the message was answered.</summary>
    private static async Task<GrpcStatusException?> SubmitRefusalAsync(LedgerClient client, int operations)
    {
        try
        {
            await client.SubmitAsync(Credits(operations));
            return null;
        }
        catch (GrpcStatusException e)
        {
            return e;
        }
    }

    private async Task<TReply> AdminAsync<TReply>(string method, IMessage request, MessageParser<TReply> parser)
        where TReply : IMessage<TReply> =>
        await fixture.Client.Channel.UnaryRawAsync("/phoenix.v1.Admin/" + method, GrpcFrame.Encode(request), reply => parser.ParseFrom(reply.Span), new CallOptions { Metadata = fixture.Client.Metadata });

    private async Task<LedgerClient> TenantAsync(string name)
    {
        await AdminAsync("CreateTenant", new CreateTenantRequest { Id = name }, Tenant.Parser);
        return await KeyAsync(name, "wallets:read", "wallets:write");
    }

    private async Task<LedgerClient> KeyAsync(string tenant, params string[] scopes) =>
        new(fixture.Server.Address, (await AdminAsync("CreateKey", new CreateKeyRequest { TenantId = tenant, Scopes = { scopes } }, ApiKey.Parser)).ApiKey_);

    private static async Task<(GrpcStatusCode Code, string? Reason)> AnswerAsync(LedgerClient client, Method method, byte[] message)
    {
        var frame = new byte[5 + message.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        var options = new CallOptions { Metadata = client.Metadata };
        try
        {
            if (!method.IsServerStreaming)
            {
                await client.Channel.UnaryRawAsync(PathOf(method), frame, reply => reply.Length, options);
                return (GrpcStatusCode.OK, null);
            }

            Assert.Equal("Subscribe", method.Name); // it says at once where it begins
            await using var call = client.Channel.ServerStreaming(PathOf(method), SubscribeRequest.Parser.ParseFrom(message), SubscribeReply.Parser, options);
            Assert.True(await call.MoveNextAsync());
            return (GrpcStatusCode.OK, null);
        }
        catch (GrpcStatusException e)
        {
            return (e.Code, e.Reason);
        }
    }

    /// <summary>A request with the ids in every field that takes one, and a sensible value in the others.</summary>
    private static byte[] Fill(Method method, Dictionary<string, string> ids)
    {
        var message = method.InputType.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in method.InputType.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated && field.Name == "events") ((System.Collections.IList)field.Accessor.GetValue(message)).Add("*");
            if (field.IsRepeated || (field.FieldType == FieldType.Enum && method.Name is ("ListTransactions" or "ListCredits" or "ListTransfers" or "ListDebits"))) continue; // sides are for entries alone
            if (field.Name == "sequence" && method.Name == "GetBalances") field.Accessor.SetValue(message, 1UL);
            else if (field.FieldType == FieldType.Enum) field.Accessor.SetValue(message, Enum.ToObject(field.EnumType.ClrType, 1));
            else if (field.Name == "amount" && method.Name != "CommitReservation") field.Accessor.SetValue(message, new Amount { Units = 1, Asset = ids["asset"] });
            else if (field.Name == "expires_at_unix_ns" && (method.Name is "ExtendReservation" or "UpdateLot")) field.Accessor.SetValue(message, DateTimeOffset.UtcNow.AddMinutes(10).ToUnixTimeMilliseconds() * 1_000_000);
            else if (field.FieldType == FieldType.String) field.Accessor.SetValue(message, ValueOf(method, field.Name, ids));
        }

        return message.ToByteArray();
    }

    private static string ValueOf(Method method, string field, Dictionary<string, string> ids) => (method.Name, field) switch
    {
        ("GetOperation", "idempotency_key") => ids["key"],
        (_, "idempotency_key") => Guid.NewGuid().ToString(),
        ("GetTransaction", "id") => ids["transaction"],
        (_, "wallet" or "from_wallet") => ids["wallet"],
        (_, "to_wallet") => ids["other"],
        (_, "reservation_id") => ids["reservation"],
        ("UpdateLot" or "ExpireLot", "lot_id") => ids["lot"],
        (_, "credit_id") => ids["credit"],
        (_, "transfer_id") => ids["transfer"],
        ("PutPolicy" or "SetPolicyStatus" or "GetPolicy" or "ListPolicyVersions", "policy_id") => ids["policy"],
        (_, "source_json") => """{"name":"next"}""",
        (_, "asset" or "code") => ids["asset"],
        (_, "id" or "tenant_id") when method.Service.Name == "Admin" => ids["wallet"] == "absent" ? "nobody" : "default",
        (_, "id") when method.Service.Name == "Webhooks" => ids["webhook"],
        (_, "url") => Receiver,
        (_, "delivery_id") => "dlv_0000000000000000000000000a",
        (_, "key_id") => "0123456789ab",
        ("ListTransactions" or "ListCredits" or "ListTransfers" or "ListDebits", "lot_id") => "", // entries alone are asked for by lot
        (_, "lot_id") => ids["lot"],
        ("UpdateLot", "attributes_json") => """{"a":"b"}""",
        _ => "",
    };

    private static async Task<Dictionary<string, string>> ThingsAsync(LedgerClient client, string name, string asset)
    {
        await client.CallAsync("CreateAsset", new CreateAssetRequest { Code = asset, Scale = 2 }, Asset.Parser);
        var wallet = (await client.CreateWalletAsync(name, asset)).Id;
        var other = (await client.CreateWalletAsync(name + " other", asset)).Id;
        var credit = await client.CallAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet, Amount = new Amount { Units = 1_000, Asset = asset }, Details = true, IdempotencyKey = Guid.NewGuid().ToString() }, Transaction.Parser);
        var transfer = await client.TransferAsync(wallet, other, 20, $"key {name}");
        var reservation = (await client.ReserveAsync(wallet, 10)).ResourceId;
        var policy = await client.Channel.UnaryRawAsync(
            "/phoenix.v1.Policies/PutPolicy", GrpcFrame.Encode(new PutPolicyRequest { SourceJson = """{"name":"all"}""" }), reply => Policy.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        var webhook = await client.Channel.UnaryRawAsync(
            "/phoenix.v1.Webhooks/CreateWebhook", GrpcFrame.Encode(new CreateWebhookRequest { Url = Receiver, Events = { "wallet.closed" } }), reply => Webhook.Parser.ParseFrom(reply.Span), new CallOptions { Metadata = client.Metadata });
        return new()
        {
            ["webhook"] = webhook.Id,
            ["wallet"] = wallet,
            ["other"] = other,
            ["asset"] = asset,
            ["code"] = asset,
            ["transaction"] = transfer.Id,
            ["reservation"] = reservation,
            ["key"] = $"key {name}",
            ["lot"] = credit.Operations[0].Postings[0].CreditLotId,
            ["credit"] = credit.ResourceId,
            ["transfer"] = transfer.ResourceId,
            ["policy"] = policy.Id,
        };
    }
}
