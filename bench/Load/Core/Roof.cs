using System.Diagnostics;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>Decide + apply + encode into memory on one thread: what the ledger could do with a disk, a ring and callers that cost nothing.</summary>
public sealed unsafe class Roof : IDisposable
{
    private const int Ahead = 16;
    private const int PolicyLag = 5;
    private const int RecordHeaderBytes = 40;
    private const int BufferBytes = 1 << 20;

    private readonly byte* _buffer = (byte*)NativeMemory.AlignedAlloc(BufferBytes, 4096);
    private readonly Lookahead[] _ahead = new Lookahead[256];
    private int _used;
    private long _stamp = 1_700_000_000_000_000_000;

    public Roof(int wallets, int hotKeys, int lotsPerWallet = 1)
    {
        Ledger = new LedgerCore(new LedgerOptions { WalletsExpected = wallets, HotKeys = hotKeys });
        Wallets = new ulong[wallets];
        var keys = stackalloc UInt128[2];
        keys[0] = 1;
        keys[1] = 2;
        var command = new Command { Kind = CommandKind.CreateTenant, Tenant = Script.Tenant, Flags = CommandFlags.WithHouse, Arguments = keys };
        Run(&command);
        House = Numbers.Of(Ledger.Sequence, 5);
        for (var i = 0; i < wallets; i++)
        {
            command = new Command { Kind = CommandKind.CreateWallet, Tenant = Script.Tenant, AssetCode = Script.Usd, WalletAliasLo = (ulong)i, WalletAliasHi = ~(ulong)i };
            Run(&command);
            Wallets[i] = Numbers.Of(Ledger.Sequence, 1);
        }

        for (var lot = 0; lot < lotsPerWallet; lot++)
        {
            for (var i = 0; i < wallets; i++)
            {
                command = new Command { Kind = CommandKind.CreateCredit, Tenant = Script.Tenant, AssetCode = Script.Usd, Wallet = Wallets[i], Amount = lotsPerWallet == 1 ? 1_000_000 : 100 };
                Run(&command);
            }
        }

        command = new Command { Kind = CommandKind.CreateCredit, Tenant = Script.Tenant, AssetCode = Script.Usd, Wallet = House, Amount = (Int128)1 << 80 };
        Run(&command);
    }

    public LedgerCore Ledger { get; }

    public ulong[] Wallets { get; }

    public ulong House { get; }

    public long Accepted { get; private set; }

    public long Refused { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Commands per second over a prepared script.</summary>
    public double Measure(Command* commands, int count)
    {
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < count; i += 256) Drain(commands + i, Math.Min(256, count - i));
        return count / watch.Elapsed.TotalSeconds;
    }

    public void Drain(Command* commands, int count)
    {
        _stamp += 1_000;
        for (var t = 0; t < count + (3 * Ahead); t++)
        {
            if (t + 8 < count) LedgerCore.PrefetchCommand(commands + t + 8);
            if (t < count) Ledger.PrefetchIndexes(commands + t, out _ahead[t]);
            var rows = t - Ahead;
            if ((uint)rows < (uint)count) Ledger.PrefetchRows(commands + rows, ref _ahead[rows]);
            var lots = t - (2 * Ahead);
            if ((uint)lots < (uint)count) Ledger.PrefetchLots(commands + lots, _ahead[lots]);
            var rules = lots - PolicyLag;
            if ((uint)rules < (uint)count) Ledger.PrefetchPolicies(commands + rules, _ahead[rules], isList: false);
            rules -= PolicyLag;
            if ((uint)rules < (uint)count) Ledger.PrefetchPolicies(commands + rules, _ahead[rules], isList: true);
            if (t >= 3 * Ahead) Run(commands + (t - (3 * Ahead)), _ahead[t - (3 * Ahead)]);
        }
    }

    public void Run(Command* command, in Lookahead ahead = default)
    {
        while (true)
        {
            if (BufferBytes - _used < LedgerLimits.OperationBytesMax + 4096) _used = 0;
            var record = _buffer + _used;
            var payload = record + RecordHeaderBytes;
            var outcome = Ledger.Decide(command, ahead, _stamp, payload, BufferBytes - _used - RecordHeaderBytes);
            if (outcome.FactBytes > 0)
            {
                var sequence = Ledger.Sequence + 1;
                var header = (ulong*)record;
                header[0] = (ulong)(uint)(outcome.FactBytes + RecordHeaderBytes) << 32;
                header[1] = sequence;
                header[2] = 1;
                header[3] = (ulong)_stamp;
                header[4] = (ulong)outcome.FactKind | ((ulong)command->Tenant << 32);
                Ledger.Apply(payload, new FactContext(sequence, _stamp, command->Tenant));
                _used += outcome.FactBytes + RecordHeaderBytes;
                Bytes += outcome.FactBytes + RecordHeaderBytes;
            }

            if (outcome.Kind == OutcomeKind.FactFirst) continue;
            if (outcome.Result == LedgerResult.Accepted) Accepted++;
            else Refused++;
            return;
        }
    }

    public void Dispose()
    {
        Ledger.Dispose();
        NativeMemory.AlignedFree(_buffer);
    }
}
