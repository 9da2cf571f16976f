using Google.Protobuf;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Wire.Tests;

/// <summary>Random SubmitRequests that a decoder has to accept; one seed, one message.</summary>
internal sealed class MessageGen(int seed)
{
    private static readonly string[] Names = ["house_wallet", "a", "größe €", new('n', 255), "wal_00000000000000000000000000"];
    private readonly Random _random = new(seed);

    public SubmitRequest Request()
    {
        var request = new SubmitRequest { WantIds = Coin(), TimeoutMs = Coin() ? 0 : (uint)_random.Next() };
        for (var i = _random.Next(1, 12); i > 0; i--) request.Operations.Add(Operation());
        if (!Coin()) return request;
        request.Atomic = true;
        request.IdempotencyKey = Key();
        foreach (var operation in request.Operations) operation.IdempotencyKey = ByteString.Empty;
        return request;
    }

    /// <summary>The same bytes with a few of them changed, cut or doubled.</summary>
    public byte[] Mutate(byte[] bytes)
    {
        var mutated = bytes.ToList();
        for (var i = _random.Next(1, 4); i > 0 && mutated.Count > 0; i--)
        {
            var at = _random.Next(mutated.Count);
            switch (_random.Next(4))
            {
                case 0: mutated[at] = (byte)_random.Next(256); break;
                case 1: mutated.RemoveRange(at, Math.Min(mutated.Count - at, _random.Next(1, 6))); break;
                case 2: mutated.Insert(at, (byte)_random.Next(256)); break;
                default: mutated.InsertRange(at, mutated.GetRange(at, Math.Min(mutated.Count - at, _random.Next(1, 20)))); break;
            }
        }

        return [.. mutated];
    }

    private SubmitOperation Operation()
    {
        var operation = new SubmitOperation { IdempotencyKey = Coin() ? Key() : ByteString.Empty, Reference = Coin() ? "" : Name() };
        switch (_random.Next(6))
        {
            case 0: operation.Transfer = new SubmitTransfer { FromWallet = Name(), ToWallet = Name(), Units = Units(), UnitsHigh = High(), Asset = Asset(), Selection = Selection() }; break;
            case 1: operation.Reserve = new SubmitReserve { Wallet = Name(), Units = Units(), UnitsHigh = High(), Asset = Asset(), ExpiresAtUnixNs = Time(), Selection = Selection() }; break;
            case 2: operation.Commit = new SubmitCommit { Reservation = Name(), ToWallet = Coin() ? "" : Name(), Units = Units(), UnitsHigh = High() }; break;
            case 3: operation.Release = new SubmitRelease { Reservation = Name() }; break;
            case 4: operation.Credit = new SubmitCredit { Wallet = Name(), Units = Units(), UnitsHigh = High(), Asset = Asset(), ExpiresAtUnixNs = Time() }; break;
            default: operation.Debit = new SubmitDebit { Wallet = Name(), Units = Units(), UnitsHigh = High(), Asset = Asset(), Selection = Selection() }; break;
        }

        return operation;
    }

    private bool Coin() => _random.Next(2) == 0;

    private string Name() => Names[_random.Next(Names.Length)];

    private ulong Units() => Coin() ? (ulong)_random.Next(3) : (ulong)_random.NextInt64(long.MinValue, long.MaxValue);

    private long High() => _random.Next(4) == 0 ? _random.NextInt64(long.MinValue, long.MaxValue) : 0;

    private string Asset() => _random.Next(3) switch { 0 => "", 1 => "USD", _ => "no such code!" };

    private long Time() => Coin() ? 0 : _random.NextInt64(long.MaxValue);

    private LotSelection Selection() => (LotSelection)_random.Next(4);

    private ByteString Key()
    {
        var key = new byte[_random.Next(1, 256)];
        _random.NextBytes(key);
        return ByteString.CopyFrom(key);
    }
}
