using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PhoenixCore.Ledger;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Tools.Bench;

/// <summary>A tenant with funded wallets to move money between.</summary>
internal sealed class BenchLedger
{
    private const uint Tenant = 1;
    private const int SetupBatch = 1_024;
    private static readonly UInt128 Asset = AssetCode.Pack("BENCH"u8);
    private static readonly Int128 Funds = 1_000_000_000_000;
    private readonly ulong[] _wallets;

    private BenchLedger(ulong[] wallets) => _wallets = wallets;

    public static async Task<BenchLedger> CreateAsync(LedgerShard shard, int wallets)
    {
        await SendAsync(shard, FillTenant).ConfigureAwait(false);
        await SendAsync(shard, FillAsset).ConfigureAwait(false);
        var numbers = new ulong[wallets];
        using var batch = new ShardBatch(shard, SetupBatch);
        for (var from = 0; from < wallets; from += SetupBatch)
        {
            var part = numbers.AsMemory(from, Math.Min(SetupBatch, wallets - from));
            FillWallets(batch, from, part.Length);
            await shard.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);
            TakeNumbers(batch, part.Span);
            batch.Clear();
            FillCredits(batch, part.Span);
            await shard.SendAsync(batch, CancellationToken.None).ConfigureAwait(false);
            Invariant.That(Accepted(batch) == batch.Count);
            batch.Clear();
        }

        return new BenchLedger(numbers);
    }

    /// <summary>Fills the batch with transfers between random wallets.</summary>
    public unsafe void FillTransfers(ShardBatch batch, int count, Random random)
    {
        for (var i = 0; i < count; i++)
        {
            var from = random.Next(_wallets.Length);
            var to = (from + 1 + random.Next(_wallets.Length - 1)) % _wallets.Length;
            var command = Add(batch, CommandKind.CreateTransfer);
            command->Wallet = _wallets[from];
            command->Other = _wallets[to];
            command->Amount = 1 + random.Next(100);
            command->AssetCode = Asset;
        }
    }

    /// <summary>How many of a batch's commands were accepted.</summary>
    public static unsafe int Accepted(ShardBatch batch)
    {
        var accepted = 0;
        for (var i = 0; i < batch.Count; i++) accepted += batch.Reply(i)->Result == LedgerResult.Accepted ? 1 : 0;
        return accepted;
    }

    private static unsafe Command* Add(ShardBatch batch, CommandKind kind)
    {
        var command = batch.Add();
        command->Kind = kind;
        command->Tenant = Tenant;
        return command;
    }

    private static unsafe void FillWallets(ShardBatch batch, int from, int count)
    {
        for (var i = 0; i < count; i++) Add(batch, CommandKind.CreateWallet)->WalletAliasLo = (ulong)(from + i + 1);
    }

    /// <summary>A wallet's number is made of the sequence that created it.</summary>
    private static unsafe void TakeNumbers(ShardBatch batch, Span<ulong> numbers)
    {
        Invariant.That(Accepted(batch) == batch.Count);
        for (var i = 0; i < numbers.Length; i++) numbers[i] = Numbers.Of(batch.Reply(i)->Sequence, 1);
    }

    private static unsafe void FillCredits(ShardBatch batch, ReadOnlySpan<ulong> wallets)
    {
        foreach (var wallet in wallets)
        {
            var command = Add(batch, CommandKind.CreateCredit);
            command->Wallet = wallet;
            command->Amount = Funds;
            command->AssetCode = Asset;
        }
    }

    private static unsafe void FillTenant(ShardCall call)
    {
        var keys = (UInt128*)call.Keep(2 * sizeof(UInt128));
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(new Span<UInt128>(keys, 2)));
        call.Command->Kind = CommandKind.CreateTenant;
        call.Command->Tenant = Tenant;
        call.Command->Arguments = keys;
    }

    private static unsafe void FillAsset(ShardCall call)
    {
        call.Command->Kind = CommandKind.CreateAsset;
        call.Command->Tenant = Tenant;
        call.Command->AssetCode = Asset;
        call.Command->Subject = 2;
    }

    private static async Task SendAsync(LedgerShard shard, Action<ShardCall> fill)
    {
        var call = shard.Rent();
        fill(call);
        await shard.SendAsync(call, CancellationToken.None).ConfigureAwait(false);
        Invariant.That(ResultOf(call) == LedgerResult.Accepted);
        call.Return();
    }

    private static unsafe LedgerResult ResultOf(ShardCall call) => call.Reply->Result;
}
