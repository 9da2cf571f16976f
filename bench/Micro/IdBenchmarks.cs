using System.Text;
using BenchmarkDotNet.Attributes;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Bench.Micro;

/// <summary>What do public ids and keyed hashes cost the edge per operation?</summary>
[MemoryDiagnoser]
public class IdBenchmarks
{
    private readonly PublicIds _ids = new(7);
    private readonly byte[] _text = new byte[PublicIds.IdLength];
    private readonly byte[] _key = Encoding.ASCII.GetBytes("3f2c9a58-6a3e-4f0c-9d41-5a3b0e6c7d12");
    private ulong _number = 1 << 12;

    [GlobalSetup]
    public void Setup() => _ids.Write(IdKind.Wallet, _number, _text);

    [Benchmark]
    public void Write_an_id() => _ids.Write(IdKind.Wallet, _number++, _text);

    [Benchmark]
    public bool Read_an_id() => _ids.TryParse(IdKind.Wallet, _text, out _);

    [Benchmark]
    public (ulong, ulong) Hash_a_key_of_36_bytes() => SipHash.Hash128(9, _key);
}
