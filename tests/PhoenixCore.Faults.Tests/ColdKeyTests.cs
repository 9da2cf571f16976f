using PhoenixCore.Faults.Driver;
using PhoenixCore.Journal;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests;

/// <summary>Keys that memory has forgotten, asked for again while they are in no run of the key index yet.</summary>
public class ColdKeyTests(ITestOutputHelper output)
{
    [Fact]
    public void A_key_that_memory_has_forgotten_is_still_applied_once()
    {
        const int keys = 2_000; // twice as many as memory keeps, and all in the first segment
        using var place = new TemporaryDirectory();
        using var shard = LoadShard.Open(place.Data, LoadShard.Options(WriterKind.Pwrite, segmentBytes: 16 << 20), fault => throw fault.Reason);
        var operations = Enumerable.Range(0, keys).Select(number => new Operation(0, 0, number, OperationKind.Credit, 1, 0, 1, 0, 0)).ToArray();
        var first = operations.Select(operation => shard.SendAsync(operation)).ToArray().Select(answer => answer.GetAwaiter().GetResult()).ToArray();
        var again = operations.Select(operation => shard.SendAsync(operation)).ToArray().Select(answer => answer.GetAwaiter().GetResult()).ToArray();
        output.WriteLine($"{again.Count(answer => !answer.Duplicate)} of {keys} applied twice");
        Assert.Equal(keys, shard.Read(1).Available);
        Assert.Equal(first.Select(answer => (true, answer.Sequence, answer.FactHash)), again.Select(answer => (answer.Duplicate, answer.Sequence, answer.FactHash)));
    }
}
