using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Tools.Tests;

/// <summary>A server's data directory with a shard in it, driven by commands one at a time.</summary>
internal sealed unsafe class DataRig : IDisposable
{
    public const uint Tenant = 1;
    public static readonly UInt128 IdKey = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);
    public static readonly UInt128 HashKey = new(0xA5A5A5A5A5A5A5A5, 0x5A5A5A5A5A5A5A5A);
    private static readonly UInt128 Points = AssetCode.Pack("POINTS"u8);
    private readonly Dictionary<string, ulong> _wallets = [];
    private LedgerShard? _shard;

    public DataRig()
    {
        Data = Directory.CreateTempSubdirectory("phoenix-tools-").FullName;
        Open();
        Run(CommandKind.CreateTenant, (command, call) =>
        {
            var keys = (UInt128*)call.Keep(2 * sizeof(UInt128));
            (keys[0], keys[1]) = (IdKey, HashKey);
            command->Arguments = keys;
            command->ArgumentCount = 2;
            command->Flags = CommandFlags.WithHouse;
        }, texts: [(ExtraTag.Name, "default")]);
        Run(CommandKind.CreateAsset, (command, _) => (command->AssetCode, command->Subject) = (Points, 2));
    }

    public delegate void Fill(Command* command, ShardCall call);

    /// <summary>The server's data directory.</summary>
    public string Data { get; }

    public string ShardDirectory => Path.Combine(Data, "shards", "0");

    public ManualClock Clock { get; } = new();

    public Guid ShardId { get; } = Guid.NewGuid();

    public List<Recorded> History { get; } = [];

    public PublicIds Ids { get; } = new(IdKey);

    public LedgerShard Shard => _shard ?? throw new InvalidOperationException("the shard is closed");

    public void Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(ShardDirectory)!);
        var options = new ShardOptions
        {
            Journal = new JournalOptions { ShardId = ShardId, SegmentBytesMin = 2 << 20 },
            Ledger = new LedgerOptions { HugePages = false, WalletsExpected = 1_024 },
        };
        _shard = LedgerShard.Open(new PosixStorage(ShardDirectory), options, Clock, fault => throw fault.Reason);
    }

    public void Close()
    {
        _shard?.Dispose();
        _shard = null;
    }

    /// <summary>Waits until the first segment, sealed by a second opening, has its side index.</summary>
    public void AwaitIndex()
    {
        for (var i = 0; !File.Exists(Path.Combine(ShardDirectory, "000000000001.index")); i++)
        {
            if (i == 500) throw new InvalidOperationException("the side index was not built");
            Thread.Sleep(20);
        }
    }

    public string IdOf(string wallet) => Ids.Format(IdKind.Wallet, _wallets[wallet]);

    public void Wallet(string name)
    {
        var made = Run(CommandKind.CreateWallet, (command, _) => (command->WalletAliasLo, command->WalletAliasHi) = SipHash.Hash128(HashKey, Encoding.UTF8.GetBytes(name)), texts: [(ExtraTag.ExternalId, name)]);
        _wallets[name] = Numbers.Of(made.Sequence, 1);
    }

    public void Credit(string wallet, Int128 amount, string? reference = null, TimeSpan? lifetime = null, ulong key = 0) => Run(
        CommandKind.CreateCredit,
        (command, _) =>
        {
            (command->Wallet, command->Amount, command->AssetCode) = (_wallets[wallet], amount, Points);
            if (lifetime is { } time) (command->ExpiresAt, command->Flags) = (Clock.WallNanoseconds + (time.Ticks * 100), CommandFlags.HasTerms);
        },
        key,
        reference is null ? [] : [(ExtraTag.Reference, reference), (ExtraTag.Metadata, """{"from":"täst"}""")]);

    public LedgerResult Transfer(string from, string to, Int128 amount, ulong key = 0) => Run(
        CommandKind.CreateTransfer,
        (command, _) => (command->Wallet, command->Other, command->Amount, command->AssetCode) = (_wallets[from], _wallets[to], amount, Points),
        key).Result;

    public ulong Reserve(string wallet, Int128 amount, TimeSpan lifetime) => Numbers.Of(Run(
        CommandKind.CreateReservation,
        (command, _) => (command->Wallet, command->Amount, command->AssetCode, command->ExpiresAt) = (_wallets[wallet], amount, Points, Clock.WallNanoseconds + (lifetime.Ticks * 100))).Sequence, 1);

    public void Commit(ulong reservation, Int128 amount, string to) => Run(CommandKind.CommitReservation, (command, _) =>
    {
        (command->Subject, command->Amount, command->Other) = (reservation, amount, _wallets[to]);
        command->Flags = CommandFlags.HasAmount | CommandFlags.HasDestination;
    });

    public void Freeze(string wallet) => Run(CommandKind.SetWalletStatus, (command, _) => (command->Wallet, command->Subject) = (_wallets[wallet], (ulong)WalletAction.Freeze));

    public void Bound(string wallet, Int128 ceiling) => Run(CommandKind.SetBounds, (command, _) =>
    {
        (command->Wallet, command->AssetCode, command->Ceiling) = (_wallets[wallet], Points, ceiling);
        command->Flags = CommandFlags.HasCeiling;
    });

    /// <summary>Asks the live shard and remembers what it said.</summary>
    public void Record()
    {
        foreach (var (name, number) in _wallets)
        {
            var call = Send(CommandKind.ReadWallet, (command, _) => command->Wallet = number, 0, []);
            var view = MemoryMarshal.Read<WalletView>(call.Answered);
            var balance = view.Balances > 0 ? MemoryMarshal.Read<BalanceView>(call.Answered[sizeof(WalletView)..]) : default;
            History.Add(new Recorded(name, call.Reply->Sequence, balance.Available, balance.Reserved));
            call.Return();
        }
    }

    public (LedgerResult Result, ulong Sequence) Run(CommandKind kind, Fill fill, ulong key = 0, (ExtraTag Tag, string Text)[]? texts = null)
    {
        var call = Send(kind, fill, key, texts ?? []);
        var outcome = (call.Reply->Result, call.Reply->Sequence);
        call.Return();
        if (kind != CommandKind.ReadWallet && _wallets.Count > 0) Record();
        return outcome;
    }

    public void Dispose()
    {
        Close();
        Ids.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    private ShardCall Send(CommandKind kind, Fill fill, ulong key, (ExtraTag Tag, string Text)[] texts)
    {
        Clock.Advance(TimeSpan.FromMilliseconds(1)); // every fact has a time of its own
        var call = Shard.Rent();
        var command = call.Command;
        command->Kind = kind;
        command->Tenant = Tenant;
        fill(command, call);
        if (key != 0) (command->Flags, command->KeyLo, command->Fingerprint) = (command->Flags | CommandFlags.HasKey, key, key);
        if (texts.Length > 0)
        {
            const int room = 1_024;
            command->Extras = (byte*)call.Keep(room);
            var rest = new Span<byte>(command->Extras, room);
            foreach (var (tag, text) in texts) rest = Extras.Write(rest, tag, Encoding.UTF8.GetBytes(text));
            command->ExtrasBytes = room - rest.Length;
        }

        Shard.ExecuteAsync(call, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return call;
    }
}
