using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;
using Xunit;

namespace PhoenixCore.Wire.Tests;

public sealed class HistoryIsolationTests
{
    [Fact]
    public async Task Another_tenants_ids_are_answered_like_ids_that_never_were()
    {
        await using var server = await WireServer.StartAsync();
        await CreateTenantAsync(server.Shard, 2);
        var tenants = (await TenantRegistry.OpenAsync(server.Shard, server.TextKeys)).All.ToDictionary(tenant => (int)tenant.Number);
        var operations = new Operations(server.Shard, new AssetDirectory(server.Shard));
        var (mine, theirs) = (await FillAsync(operations, tenants[1]), await FillAsync(operations, tenants[2]));

        foreach (var (tenant, own, other) in new[] { (tenants[1], mine, theirs), (tenants[2], theirs, mine) })
        {
            Assert.Equal(await RefusalAsync(tenant, NeverWas(tenant)), await RefusalAsync(tenant, other));
            var history = operations.History;
            Assert.Equal(3, (await history.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Transactions) { Wallet = own.Wallet }, default)).Rows.Count);
            Assert.Equal(3, (await history.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Transactions), default)).Rows.Count);
            Assert.Equal(2, (await history.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Transactions) { Reference = "same word" }, default)).Rows.Count);
            Assert.Equal(100, (await history.Lots.FindAsync(tenant, own.Lot, default)).View.Initial);
            Assert.Equal(3UL, (ulong)history.ReadTrial(tenant).Assets.Single().Postings);
            Assert.True(history.ReadTrial(tenant).Assets.Single().IsBalanced);
        }

        async Task<string> RefusalAsync(TenantContext tenant, (string Wallet, string Lot, string Reservation, string Cursor) ids)
        {
            var history = operations.History;
            var codes = new List<string>();
            foreach (var list in Enum.GetValues<HistoryList>()) codes.Add(await CodeAsync(async () => await history.Lists.ListAsync(tenant, new HistoryQuestion(list) { Wallet = ids.Wallet }, default)));
            codes.Add(await CodeAsync(async () => await history.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Entries) { Lot = ids.Lot }, default)));
            codes.Add(await CodeAsync(async () => await history.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Entries) { Cursor = ids.Cursor }, default)));
            codes.Add(await CodeAsync(async () => await history.Lots.FindAsync(tenant, ids.Lot, default)));
            codes.Add(await CodeAsync(async () => await history.Balances.FindAsync(tenant, ids.Wallet, new BalanceMoment(0, 1), default)));
            codes.Add(tenant.Ids.TryParse(IdKind.Reservation, ids.Reservation, out var number) ? $"{await history.Reservations.FindAsync(tenant, number, default)}" : "");
            return string.Join(' ', codes);
        }
    }

    private static async Task<string> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<HistoryRefusedException>(call)).Result.ToString();

    private static (string, string, string, string) NeverWas(TenantContext tenant) =>
        (tenant.Ids.Format(IdKind.Wallet, 1 << 30), tenant.Ids.Format(IdKind.Lot, 1 << 30), tenant.Ids.Format(IdKind.Reservation, 1 << 30), tenant.Ids.Format(IdKind.Entry, 1 << 30) + ".00000000");

    private static async Task<(string Wallet, string Lot, string Reservation, string Cursor)> FillAsync(Operations operations, TenantContext tenant)
    {
        await DoAsync(new OperationRequest { Kind = CommandKind.CreateWallet, ExternalId = "w" });
        await DoAsync(new OperationRequest { Kind = CommandKind.CreateCredit, Wallet = "w", Amount = AmountInput.OfUnits(100), Asset = "USD", Reference = "same word" });
        var reserved = await DoAsync(new OperationRequest { Kind = CommandKind.CreateReservation, Wallet = "w", Amount = AmountInput.OfUnits(30), Asset = "USD" });
        var reservation = tenant.Ids.Format(IdKind.Reservation, Numbers.Of(reserved, 1));
        await DoAsync(new OperationRequest { Kind = CommandKind.ReleaseReservation, Reservation = reservation, Reference = "same word" });
        var page = await operations.History.Lists.ListAsync(tenant, new HistoryQuestion(HistoryList.Entries) { Limit = 1 }, default);
        using var lots = await operations.ExecuteAsync(tenant, new OperationRequest { Kind = CommandKind.ReadLots, Wallet = "w" }, default);
        using var wallet = await operations.ExecuteAsync(tenant, new OperationRequest { Kind = CommandKind.ReadWallet, Wallet = "w" }, default);
        var (lot, number) = (MemoryMarshal.Read<LotView>(lots.Payload).Number, MemoryMarshal.Read<WalletView>(wallet.Payload).Number);
        return (tenant.Ids.Format(IdKind.Wallet, number), tenant.Ids.Format(IdKind.Lot, lot), reservation, page.Cursor!);

        async Task<ulong> DoAsync(OperationRequest request)
        {
            using var reply = await operations.ExecuteAsync(tenant, request, default);
            Assert.Equal(LedgerResult.Accepted, reply.Result);
            return reply.Context.Sequence;
        }
    }

    private static async Task CreateTenantAsync(LedgerShard shard, uint number)
    {
        var call = shard.Rent();
        Fill();
        await shard.SendAsync(call, default);
        call.Return();

        unsafe void Fill()
        {
            var keys = (byte*)call.Keep(32);
            Random.Shared.NextBytes(new Span<byte>(keys, 32));
            (call.Command->Kind, call.Command->Tenant, call.Command->Flags) = (CommandKind.CreateTenant, number, CommandFlags.WithHouse);
            call.Command->Arguments = keys;
            call.Command->ArgumentCount = 2;
        }
    }
}
