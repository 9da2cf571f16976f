using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Faults.Driver;

/// <summary>A shard on real files with the load's wallets in it, spoken to in operations.</summary>
public sealed class LoadShard : IDisposable
{
    public const int Wallets = 8;
    /// <summary>KiB of journal after which a driver takes a snapshot; none when it is not set.</summary>
    public const string SnapshotVariable = "PHOENIX_TEST_SNAPSHOT_KIB";
    private const int SegmentBytes = 2 << 20;

    private LoadShard(LedgerShard shard) => Shard = shard;

    public LedgerShard Shard { get; }

    /// <summary>Small tables and segments, so that keys grow cold and segments are rolled and indexed within a short test.</summary>
    public static ShardOptions Options(WriterKind writer, int slots = 1 << 13, int segmentBytes = SegmentBytes) => new()
    {
        Journal = new JournalOptions { ShardId = Guid.Empty, Writer = writer, SegmentBytesMin = segmentBytes, SegmentBytesMax = segmentBytes },
        Ledger = new LedgerOptions { HugePages = false, WalletsExpected = 1_024, HotKeys = 1 << 10 },
        SnapshotEveryBytes = long.TryParse(Environment.GetEnvironmentVariable(SnapshotVariable), out var kib) ? kib << 10 : 0,
        RingSlots = slots,
        CompletionSlots = Math.Max(slots, 1 << 10),
    };

    public static LoadShard Open(string directory, ShardOptions options, Action<ShardFault> onFault, Action<string>? log = null, IClock? clock = null)
    {
        var shard = LedgerShard.Open(new PosixStorage(directory), options, clock ?? new SystemClock(), onFault, log is null ? null : note => log(note.Text));
        var opened = new LoadShard(shard);
        try
        {
            opened.MakeWallets();
            return opened;
        }
        catch
        {
            shard.Dispose();
            throw;
        }
    }

    public unsafe Task<Answer> SendAsync(in Operation operation)
    {
        var call = Shard.Rent();
        operation.Fill(call.Command);
        return AnswerAsync(call);
    }

    /// <summary>What the ledger says became of an operation's key; asking changes nothing.</summary>
    public unsafe Task<Answer> AskAsync(in Operation operation)
    {
        var call = Shard.Rent();
        operation.Fill(call.Command);
        call.Command->Kind = CommandKind.KeyStatus;
        return AnswerAsync(call);
    }

    /// <summary>A wallet's columns, and the last sequence that they show.</summary>
    public async Task<(Int128 Available, Int128 Reserved, ulong VisibleAfter)> ReadAsync(int wallet)
    {
        var call = Shard.Rent();
        FillRead(call, wallet);
        await Shard.ExecuteAsync(call, CancellationToken.None);
        return Columns(call);
    }

    /// <summary>As <see cref="ReadAsync"/>, for a thread that has nothing else to do.</summary>
    public (Int128 Available, Int128 Reserved) Read(int wallet)
    {
        var (available, reserved, _) = ReadAsync(wallet).GetAwaiter().GetResult();
        return (available, reserved);
    }

    /// <summary>As <see cref="SendAsync"/>, for a thread that has nothing else to do.</summary>
    public Answer Send(in Operation operation) => SendAsync(operation).GetAwaiter().GetResult();

    public void Dispose() => Shard.Dispose();

    /// <summary>CLOCK_MONOTONIC in nanoseconds: what a stopwatch reads on Linux.</summary>
    public static long Now() => Stopwatch.GetTimestamp();

    public static ulong HashOf(ReadOnlySpan<byte> fact) => SipHash.Hash128(Operation.Tenant, fact).Lo;

    private async Task<Answer> AnswerAsync(ShardCall call)
    {
        await Shard.ExecuteAsync(call, CancellationToken.None);
        return AnswerOf(call);
    }

    private unsafe Answer AnswerOf(ShardCall call)
    {
        var at = Now();
        var reply = call.Reply;
        ulong hash = 0;
        if (reply->Kind == OutcomeKind.Fact && !call.IsLong) hash = HashOf(call.Answered);
        if (reply->Kind == OutcomeKind.Duplicate || (reply->Kind == OutcomeKind.Fact && call.IsLong))
        {
            // A fact over many lots does not fit into the call: the journal has it.
            var payload = new ArrayBufferWriter<byte>(512);
            if (Shard.Facts.TryRead(reply->Sequence, payload, out _)) hash = HashOf(payload.WrittenSpan);
        }

        var answer = new Answer(reply->Result, reply->Sequence, reply->VisibleAfter, hash, reply->Kind == OutcomeKind.Duplicate, at);
        call.Return();
        return answer;
    }

    private static unsafe void FillRead(ShardCall call, int wallet)
    {
        call.Command->Kind = CommandKind.ReadWallet;
        call.Command->Tenant = Operation.Tenant;
        call.Command->Flags = CommandFlags.WalletByAlias;
        (call.Command->WalletAliasLo, call.Command->WalletAliasHi) = Operation.Alias(wallet);
    }

    private static unsafe (Int128 Available, Int128 Reserved, ulong VisibleAfter) Columns(ShardCall call)
    {
        if (call.Reply->Result != LedgerResult.Accepted) throw new InvalidOperationException($"a wallet cannot be read: {call.Reply->Result}");
        var view = Unsafe.Read<WalletView>(call.Answer);
        var balance = view.Balances > 0 ? Unsafe.Read<BalanceView>(call.Answer + sizeof(WalletView)) : default;
        var visible = call.Reply->VisibleAfter;
        call.Return();
        return (balance.Available, balance.Reserved, visible);
    }

    /// <summary>The tenant and its wallets; those that an earlier start has made are refused as duplicates, and that is well.</summary>
    private void MakeWallets()
    {
        if (HasWallet(Wallets - 1)) return;
        while (!TryMake(CommandKind.CreateTenant, wallet: -1, LedgerResult.DuplicateTenant)) Thread.Sleep(1);
        for (var wallet = 0; wallet < Wallets; wallet++)
        {
            while (!TryMake(CommandKind.CreateWallet, wallet, LedgerResult.DuplicateExternalId)) Thread.Sleep(1);
        }
    }

    private unsafe bool HasWallet(int wallet)
    {
        var call = Shard.Rent();
        FillRead(call, wallet);
        Shard.ExecuteAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var found = call.Reply->Result == LedgerResult.Accepted;
        call.Return();
        return found;
    }

    /// <returns>False while the journal has no room.</returns>
    private unsafe bool TryMake(CommandKind kind, int wallet, LedgerResult already)
    {
        var call = Shard.Rent();
        var command = call.Command;
        command->Kind = kind;
        command->Tenant = Operation.Tenant;
        if (kind == CommandKind.CreateTenant)
        {
            var keys = (UInt128*)call.Keep(32);
            (keys[0], keys[1]) = (1, 2);
            command->Arguments = keys;
            command->ArgumentCount = 2;
        }
        else
        {
            command->AssetCode = Operation.Asset;
            (command->WalletAliasLo, command->WalletAliasHi) = Operation.Alias(wallet);
            if (wallet == 0) command->Flags = CommandFlags.Pooled;
        }

        Shard.ExecuteAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var result = call.Reply->Result;
        call.Return();
        if (result == LedgerResult.StorageFull) return false;
        return result == LedgerResult.Accepted || result == already ? true : throw new InvalidOperationException($"{kind} was refused: {result}");
    }
}
