using System.Runtime.CompilerServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;
using PhoenixCore.Shard.Shadow;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Shard.Tests;

/// <summary>A shard on real files in a directory of its own, with a clock that only the test moves.</summary>
internal sealed unsafe class ShardRig : IDisposable
{
    public const uint Tenant = 1;
    private static readonly UInt128 Usd = AssetCode.Pack("USD"u8);

    public ShardRig(ManualClock? clock = null, WriterKind writer = WriterKind.Pwrite, int hotKeys = 1 << 12, int keysPerRun = 1 << 18, long snapshotEvery = 0, int snapshotsKept = 3, long shadowEvery = 0, Action<ShadowMismatch>? onShadowMismatch = null)
    {
        (ShadowEvery, OnShadowMismatch) = (shadowEvery, onShadowMismatch);
        SnapshotEvery = snapshotEvery;
        SnapshotsKept = snapshotsKept;
        HotKeys = hotKeys;
        KeysPerRun = keysPerRun;
        Directory = System.IO.Directory.CreateTempSubdirectory("phoenix-shard-").FullName;
        Clock = clock ?? new ManualClock();
        Writer = writer;
        Shard = Open();
        Run(c =>
        {
            c->Kind = CommandKind.CreateTenant;
            c->Flags = CommandFlags.WithHouse;
        }, arguments: [1, 2]);
    }

    public string Directory { get; }

    public ManualClock Clock { get; }

    public WriterKind Writer { get; }

    public int HotKeys { get; }

    public int KeysPerRun { get; }

    public long SnapshotEvery { get; }

    public int SnapshotsKept { get; }

    public long ShadowEvery { get; }

    public Action<ShadowMismatch>? OnShadowMismatch { get; }

    public List<string> Lines { get; } = [];

    public LedgerShard Shard { get; private set; }

    public List<ShardFault> Faults { get; } = [];

    public delegate void Fill(Command* command);

    /// <summary>Goes on with a shard that was opened elsewhere.</summary>
    public void Use(LedgerShard shard) => Shard = shard;

    public void Reopen()
    {
        Shard.Dispose();
        Shard = Open();
    }

    public LedgerShard Open(string? directory = null) => LedgerShard.Open(
        new PosixStorage(directory ?? Directory),
        new ShardOptions
        {
            Journal = new JournalOptions { ShardId = Guid.Empty, Writer = Writer, SegmentBytesMin = 2 << 20, SegmentBytesMax = 2 << 20, KeysPerRun = KeysPerRun },
            Ledger = new LedgerOptions { HugePages = false, WalletsExpected = 1_024, HotKeys = HotKeys },
            SnapshotEveryBytes = SnapshotEvery,
            SnapshotsKept = SnapshotsKept,
            ShadowEveryFacts = ShadowEvery,
            OnShadowMismatch = OnShadowMismatch,
        },
        Clock,
        Faults.Add,
        note =>
        {
            lock (Lines) Lines.Add(note.Text);
        });

    /// <summary>A copy of the directory, without what would spare a replay.</summary>
    public string Copy(bool withSnapshots)
    {
        var copy = System.IO.Directory.CreateTempSubdirectory("phoenix-shard-").FullName;
        foreach (var file in System.IO.Directory.GetFiles(Directory).Where(file => withSnapshots || !file.EndsWith(".snapshot", StringComparison.Ordinal))) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>The digest that a replay of the journal up to a sequence gives.</summary>
    public static UInt128 Replay(string directory, ulong sequence, int hotKeys)
    {
        using var ledger = new LedgerCore(new LedgerOptions { HugePages = false, WalletsExpected = 1_024, HotKeys = hotKeys });
        Journal.Journal.Inspect(new PosixStorage(directory), new JournalOptions { ShardId = Guid.Empty }, new Recovery.ReplayVisitor(ledger, sequence));
        return ledger.Digest();
    }

    public (LedgerResult Result, ulong Sequence, bool Duplicate) Run(Fill fill, UInt128[]? arguments = null)
    {
        var call = Shard.Rent();
        call.Command->Tenant = Tenant;
        fill(call.Command);
        if (arguments != null)
        {
            var native = (UInt128*)call.Keep(arguments.Length * 16);
            for (var i = 0; i < arguments.Length; i++) native[i] = arguments[i];
            call.Command->Arguments = native;
            call.Command->ArgumentCount = arguments.Length;
        }

        Shard.ExecuteAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var outcome = (call.Reply->Result, call.Reply->Sequence, call.Reply->Kind == Ledger.Decisions.OutcomeKind.Duplicate);
        call.Return();
        return outcome;
    }

    public ulong Wallet(int name)
    {
        var made = Run(c =>
        {
            c->Kind = CommandKind.CreateWallet;
            c->AssetCode = Usd;
            c->WalletAliasLo = (ulong)name;
            c->WalletAliasHi = 77;
        });
        Assert.Equal(LedgerResult.Accepted, made.Result);
        return Numbers.Of(made.Sequence, 1);
    }

    public LedgerResult Credit(ulong wallet, long amount, ulong key = 0) => Run(c =>
    {
        c->Kind = CommandKind.CreateCredit;
        c->Wallet = wallet;
        c->Amount = amount;
        c->AssetCode = Usd;
        SetKey(c, key);
    }).Result;

    public (LedgerResult Result, ulong Sequence, bool Duplicate) Transfer(ulong from, ulong to, long amount, ulong key = 0) => Run(c => FillTransfer(c, from, to, amount, key));

    /// <summary>Transfers of 1 with keys of their own, sent in batches.</summary>
    public void TransferMany(ulong from, ulong to, ulong firstKey, int count)
    {
        using var batch = new ShardBatch(Shard, 512);
        for (var sent = 0; sent < count;)
        {
            batch.Clear();
            for (; sent < count && batch.Count < 512; sent++)
            {
                var command = batch.Add();
                FillTransfer(command, from, to, 1, firstKey + (ulong)sent);
                command->KeysCheckedTo = ulong.MaxValue; // these keys are new
            }

            Send(batch);
            for (var i = 0; i < batch.Count; i++) Assert.Equal(LedgerResult.Accepted, batch.Reply(i)->Result);
        }
    }

    public void Send(ShardBatch batch) => Shard.SendAsync(batch, CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public static void FillTransfer(Command* c, ulong from, ulong to, long amount, ulong key)
    {
        c->Kind = CommandKind.CreateTransfer;
        c->Tenant = Tenant;
        c->Wallet = from;
        c->Other = to;
        c->Amount = amount;
        c->AssetCode = Usd;
        SetKey(c, key);
    }

    public (LedgerResult Result, ulong Reservation) Reserve(ulong wallet, long amount, long expiresAt = 0)
    {
        var made = Run(c =>
        {
            c->Kind = CommandKind.CreateReservation;
            c->Wallet = wallet;
            c->Amount = amount;
            c->AssetCode = Usd;
            c->ExpiresAt = expiresAt;
        });
        return (made.Result, Numbers.Of(made.Sequence, 1));
    }

    public LedgerResult Commit(ulong reservation, ulong to = 0) => Run(c =>
    {
        c->Kind = CommandKind.CommitReservation;
        c->Subject = reservation;
        c->Other = to;
        c->Flags = to != 0 ? CommandFlags.HasDestination : CommandFlags.None;
    }).Result;

    public LedgerResult Release(ulong reservation) => Run(c =>
    {
        c->Kind = CommandKind.ReleaseReservation;
        c->Subject = reservation;
    }).Result;

    public (Int128 Available, Int128 Reserved) Balance(ulong wallet)
    {
        var call = Shard.Rent();
        call.Command->Kind = CommandKind.ReadWallet;
        call.Command->Tenant = Tenant;
        call.Command->Wallet = wallet;
        Shard.ExecuteAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Assert.Equal(LedgerResult.Accepted, call.Reply->Result);
        var view = Unsafe.Read<Ledger.Reads.WalletView>(call.Answer);
        var balance = view.Balances > 0 ? Unsafe.Read<Ledger.Reads.BalanceView>(call.Answer + sizeof(Ledger.Reads.WalletView)) : default;
        call.Return();
        return (balance.Available, balance.Reserved);
    }

    public void Dispose()
    {
        Shard.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static void SetKey(Command* c, ulong key)
    {
        if (key == 0) return;
        c->Flags |= CommandFlags.HasKey;
        c->KeyLo = Mix.Of(key);
        c->KeyHi = Mix.Of(key, 1);
        c->Fingerprint = unchecked((ulong)c->Amount) ^ c->Wallet;
    }
}
