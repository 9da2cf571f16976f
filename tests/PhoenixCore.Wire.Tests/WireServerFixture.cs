using PhoenixCore.Contracts.V1;
using Xunit;

namespace PhoenixCore.Wire.Tests;

/// <summary>One server and one client for a class of tests.</summary>
public sealed class WireServerFixture : IAsyncLifetime
{
    private int _names;

    public WireServer Server { get; private set; } = null!;

    public LedgerClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await WireServer.StartAsync();
        Client = new LedgerClient(Server.Address);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }

    public string NewName() => $"name-{Interlocked.Increment(ref _names)}";

    /// <summary>A new wallet that holds so much.</summary>
    public async Task<Wallet> FundedAsync(ulong units)
    {
        var wallet = await Client.CreateWalletAsync(NewName());
        if (units > 0) await Client.CreditAsync(wallet.Id, units);
        return wallet;
    }

    public async Task<(ulong Available, ulong Reserved)> BalanceAsync(string wallet)
    {
        var balance = Assert.Single((await Client.GetWalletAsync(wallet)).Balances);
        Assert.Equal(balance.Total.Units, unchecked(balance.Available.Units + balance.Reserved.Units));
        return (balance.Available.Units, balance.Reserved.Units);
    }
}
