using System.Globalization;
using PhoenixCore.Journal;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Faults.Driver;

/// <summary>More commands at once than the shard has places for, while its disk does not answer; the callers that still wait for a place give up.</summary>
public static class Flood
{
    public const int Slots = 64;
    private const int Sent = 4_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <returns>One line: commands sent, taken by the shard, given up without being sent, and units that the wallet has got (one of each command).</returns>
    public static async Task<string> RunAsync(string directory, Action<ShardFault> onFault)
    {
        using var shard = LoadShard.Open(directory, LoadShard.Options(WriterKind.Pwrite, Slots), onFault);
        using var giveUp = new CancellationTokenSource();
        var calls = Enumerable.Range(0, Sent).Select(number => SendAsync(shard, number, giveUp.Token)).ToList();
        await Task.Delay(Patience);
        await giveUp.CancelAsync();
        var taken = (await Task.WhenAll(calls)).Count(applied => applied);
        var (available, _, _) = await shard.ReadAsync(1);
        return string.Create(CultureInfo.InvariantCulture, $"{Sent} {taken} {Sent - taken} {available}");
    }

    /// <returns>False when the caller gave up before there was a place.</returns>
    private static async Task<bool> SendAsync(LoadShard shard, int number, CancellationToken giveUp)
    {
        var call = shard.Shard.Rent();
        Fill(call, number);
        try
        {
            await shard.Shard.SendAsync(call, giveUp);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            call.Return();
        }
    }

    private static unsafe void Fill(ShardCall call, int number) => new Operation(0, 0, number, OperationKind.Credit, 1, 0, 1, 0, 0).Fill(call.Command);
}
