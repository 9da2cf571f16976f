using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Hosting;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>Where the keys of texts lie, and tenants that are older than them.</summary>
public sealed class TextKeyTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("phoenix-text-keys-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_key_is_the_same_until_it_is_destroyed_and_its_bytes_are_overwritten()
    {
        var store = NewStore();
        Assert.Null(store.Find(7));
        using var made = store.Make(7);
        using var again = NewStore().Make(7);
        Assert.Equal((made.Names, made.Fingerprints), (again.Names, again.Fingerprints));
        using var other = store.Make(8);
        Assert.NotEqual(made.Names, other.Names);

        var file = Path.Combine(_directory, "keys", "7.key");
        File.WriteAllText(file + ".new", File.ReadAllText(file)); // as a crash while writing leaves it
        using var held = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        for (var time = 0; time < 2; time++) store.Destroy(7);
        Assert.Equal(["7.erased", "8.key"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName).Order());
        var bytes = new byte[held.Length];
        held.ReadExactly(bytes);
        Assert.True(bytes.Length > TextCipher.KeyBytes);
        Assert.All(bytes, one => Assert.Equal(0, one));
        Assert.Null(store.Find(7));
        Assert.True(store.IsDestroyed(7));
        store.MakeFirst(7); // a tenant of another history
        Assert.Equal((true, false), (store.Find(7) != null, store.IsDestroyed(7)));
    }

    /// <summary>Its facts were written before texts were enciphered; everything is found as before, and what it writes now is enciphered.</summary>
    [Fact]
    public async Task A_tenant_older_than_text_keys_reads_on_and_enciphers_from_now_on()
    {
        await using var server = await TestServer.StartAsync();
        await server.StopAsync();
        WriteOldJournal(server.DataDirectory);
        await server.RestartAsync();
        var client = server.Client;
        Assert.Equal("old-wallet", (await client.GetAsync("/wallets/old-wallet"))["external_id"]);
        Assert.Equal("409 DUPLICATE_EXTERNAL_ID", (await client.PostAsync("/wallets", """{"external_id":"old-wallet"}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/credits", """{"wallet_id":"old-wallet","amount":5,"asset":"EUR","reference":"old-reference","metadata":{"k":"new-text"}}""")).Outcome);
        Assert.Equal("201", (await client.PostAsync("/wallets", """{"external_id":"new-wallet"}""")).Outcome);

        for (var start = 0; start < 3; start++)
        {
            var found = (await client.GetAsync("/credits?reference=old-reference")).Json.GetProperty("data");
            Assert.Equal(["0.05", "7.00"], found.EnumerateArray().Select(credit => credit.GetProperty("amount").ToString()));
            Assert.Equal("new-text", found[0].GetProperty("metadata").GetProperty("k").GetString());
            Assert.Equal("new-wallet", (await client.GetAsync("/wallets/new-wallet"))["external_id"]);
            await server.RestartAsync(); // seals the segment, so that both references are looked up in indexes
            client = server.Client;
        }

        await server.StopAsync();
        var journal = Directory.GetFiles(Path.Combine(server.DataDirectory, "shards"), "*", SearchOption.AllDirectories).SelectMany(File.ReadAllBytes).ToArray();
        Assert.True(journal.AsSpan().IndexOf("old-reference"u8) >= 0);
        foreach (var text in new[] { "new-wallet", "new-text" }) Assert.True(journal.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) < 0, text);
    }

    private TextKeyStore NewStore() => new(new PosixStorage(Path.Combine(_directory, "keys")), SecretBox.Open(new PosixStorage(_directory)));

    /// <summary>The default tenant, a wallet and a credit of 700 with a reference, all in clear.</summary>
    private static unsafe void WriteOldJournal(string data)
    {
        var hashKey = new UInt128(0x0123_4567_89AB_CDEF, 0xFEDC_BA98_7654_3210);
        var directory = Path.Combine(data, "shards", "0");
        Directory.Delete(directory, recursive: true);
        Directory.Delete(Path.Combine(data, TextKeyStore.Directory), recursive: true);
        var options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.Parse(File.ReadAllText(Path.Combine(data, "shard-id"))), SegmentBytesMin = 2 << 20, SegmentBytesMax = 4 << 20 },
            Ledger = new LedgerOptions { WalletsExpected = 1_024, HotKeys = 1_024, HugePages = false },
        };
        using var shard = LedgerShard.Open(new PosixStorage(directory), options, new SystemClock(), fault => throw fault.Reason);
        Run(shard, call =>
        {
            (call.Command->Kind, call.Command->Flags, call.Command->ArgumentCount) = (CommandKind.CreateTenant, CommandFlags.WithHouse, 2);
            var keys = (UInt128*)call.Keep(2 * sizeof(UInt128));
            RandomNumberGenerator.Fill(new Span<byte>(keys, sizeof(UInt128)));
            keys[1] = hashKey;
            call.Command->Arguments = keys;
            Write(call, ExtraTag.Name, "default");
        });
        Run(shard, call =>
        {
            call.Command->Kind = CommandKind.CreateWallet;
            (call.Command->WalletAliasLo, call.Command->WalletAliasHi) = SipHash.Hash128(hashKey, "old-wallet"u8);
            Write(call, ExtraTag.ExternalId, "old-wallet");
        });
        Run(shard, call =>
        {
            (call.Command->Kind, call.Command->Flags, call.Command->Amount, call.Command->AssetCode) = (CommandKind.CreateCredit, CommandFlags.WalletByAlias | CommandFlags.HasAmount, 700, AssetCode.Pack("EUR"u8));
            (call.Command->WalletAliasLo, call.Command->WalletAliasHi) = SipHash.Hash128(hashKey, "old-wallet"u8);
            Write(call, ExtraTag.Reference, "old-reference");
        });
    }

    private static unsafe void Write(ShardCall call, ExtraTag tag, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        call.Command->ExtrasBytes = Extras.ItemHeaderBytes + bytes.Length;
        Extras.Write(new Span<byte>(call.Command->Inline, Command.InlineBytesMax), tag, bytes);
    }

    private static unsafe void Run(LedgerShard shard, Action<ShardCall> fill)
    {
        var call = shard.Rent();
        fill(call);
        call.Command->Tenant = TenantRegistry.DefaultNumber;
        shard.SendAsync(call, CancellationToken.None).AsTask().Wait();
        Assert.Equal(LedgerResult.Accepted, call.Reply->Result);
        call.Return();
    }
}
