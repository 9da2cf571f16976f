using BenchmarkDotNet.Attributes;
using Google.Protobuf;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Wire;

namespace PhoenixCore.Bench.Micro;

/// <summary>What does reading a transfer's request cost, by hand as the hot path does and by the generated parser?</summary>
[MemoryDiagnoser]
public class DecodeBenchmarks
{
    private readonly byte[] _request = new CreateTransferRequest
    {
        IdempotencyKey = "3f2c9a58-6a3e-4f0c-9d41-5a3b0e6c7d12",
        FromWallet = "wal_0123456789abcdefghjkmnpqrs",
        ToWallet = "wal_9876543210abcdefghjkmnpqrs",
        Amount = new Amount { Units = 2_500, Asset = "USD" },
        Reference = "bench-reference",
    }.ToByteArray();

    [Benchmark]
    public bool By_hand()
    {
        RawOperation operation = default;
        OperationDecoder decoder = default;
        return decoder.TryRead(_request, OperationShape.CreateTransfer, ref operation) && decoder.TryFinish(OperationShape.CreateTransfer, ref operation);
    }

    [Benchmark(Baseline = true)]
    public CreateTransferRequest By_the_generated_parser() => CreateTransferRequest.Parser.ParseFrom(_request);
}
