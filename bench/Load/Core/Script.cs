using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>Which wallets a load touches.</summary>
public enum Spread
{
    Uniform,

    /// <summary>Zipf with exponent 1.0 over the wallets' ranks.</summary>
    Zipf,

    /// <summary>Every transfer has the one pooled house on one side: three stakes in, one win out.</summary>
    HotHouse,
}

/// <summary>The same commands for roof, durable core and wire: transfers between wallets, each with its own key, fingerprint and a 16-byte reference.</summary>
public sealed unsafe class Script
{
    public const uint Tenant = 1;
    public static readonly UInt128 Usd = AssetCode.Pack("USD"u8);

    private const int Prepared = 1 << 20;

    private readonly ulong[] _wallets;
    private readonly double[]? _zipf;
    private readonly Spread _spread;
    private readonly Pair[] _pairs = new Pair[Prepared];
    private ulong _state;
    private ulong _key;
    private int _next;

    /// <summary>Draws everything that is random beforehand: the generator must not be what is measured.</summary>
    public Script(ulong[] wallets, ulong house, Spread spread, ulong seed)
    {
        _wallets = wallets;
        House = house;
        _spread = spread;
        _state = seed;
        _key = seed << 40;
        if (spread == Spread.Zipf) _zipf = MakeZipf(wallets.Length);
        for (var i = 0; i < Prepared; i++) _pairs[i] = Draw();
    }

    public ulong House { get; }

    public void Transfer(Command* command)
    {
        command->Kind = CommandKind.CreateTransfer;
        command->Tenant = Tenant;
        command->Flags = CommandFlags.HasKey;
        var key = ++_key;
        command->KeyLo = Mix.Of(key);
        command->KeyHi = Mix.Of(key, 7);
        command->Fingerprint = key;
        command->KeysCheckedTo = ulong.MaxValue; // fresh keys: the cold search is the edge's work and not part of this measurement
        ref readonly var pair = ref _pairs[_next++ & (Prepared - 1)];
        command->Wallet = pair.From;
        command->Other = pair.To;
        command->Amount = pair.Amount;
        command->AssetCode = Usd;
        WriteReference(command, key);
    }

    public void Reserve(Command* command, ulong wallet)
    {
        command->Kind = CommandKind.CreateReservation;
        command->Tenant = Tenant;
        command->Flags = CommandFlags.HasKey;
        var key = ++_key;
        command->KeyLo = Mix.Of(key);
        command->KeyHi = Mix.Of(key, 7);
        command->Fingerprint = key;
        command->KeysCheckedTo = ulong.MaxValue; // fresh keys: the cold search is the edge's work and not part of this measurement
        command->Wallet = wallet;
        command->Amount = 25;
        command->AssetCode = Usd;
        WriteReference(command, key);
    }

    /// <summary>Settles a reservation to the house.</summary>
    public void Settle(Command* command, ulong reservation)
    {
        command->Kind = CommandKind.CommitReservation;
        command->Tenant = Tenant;
        command->Flags = CommandFlags.HasKey | CommandFlags.HasDestination;
        var key = ++_key;
        command->KeyLo = Mix.Of(key);
        command->KeyHi = Mix.Of(key, 7);
        command->Fingerprint = key;
        command->KeysCheckedTo = ulong.MaxValue; // fresh keys: the cold search is the edge's work and not part of this measurement
        command->Subject = reservation;
        command->Other = House;
    }

    /// <summary>A wallet of the prepared ones, in their order.</summary>
    public ulong PickNext()
    {
        ref readonly var pair = ref _pairs[_next++ & (Prepared - 1)];
        return pair.From == House ? pair.To : pair.From;
    }

    private Pair Draw()
    {
        var n = Next();
        var from = Pick();
        var to = Pick();
        if (from == to) to = _wallets[0] == from ? _wallets[1] : _wallets[0];
        if (_spread == Spread.HotHouse)
        {
            if ((n & 3) == 0) (from, to) = (House, from);
            else to = House;
        }

        return new Pair { From = from, To = to, Amount = 1 + (long)((n >> 40) & 63) };
    }

    private ulong Pick() => _zipf == null ? _wallets[(int)(Next() % (ulong)_wallets.Length)] : _wallets[Rank()];

    private static void WriteReference(Command* command, ulong key)
    {
        // tag 1 (reference), length 16
        *(uint*)command->Inline = 1 | (16u << 16);
        *(ulong*)(command->Inline + 4) = key;
        *(ulong*)(command->Inline + 12) = ~key;
        command->ExtrasBytes = 20;
    }

    private static double[] MakeZipf(int n)
    {
        var cumulative = new double[n];
        var sum = 0.0;
        for (var i = 0; i < n; i++) cumulative[i] = sum += 1.0 / (i + 1);
        for (var i = 0; i < n; i++) cumulative[i] /= sum;
        return cumulative;
    }

    private int Rank()
    {
        var found = Array.BinarySearch(_zipf!, (Next() >> 11) * (1.0 / (1UL << 53)));
        return Math.Min(found < 0 ? ~found : found, _wallets.Length - 1);
    }

    private ulong Next()
    {
        unchecked
        {
            var z = _state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    private struct Pair
    {
        public ulong From;
        public ulong To;
        public long Amount;
    }
}
