using System.Globalization;
using System.Text;
using PhoenixCore.Ledger;

namespace PhoenixCore.Faults.Driver;

/// <summary>Several callers, each waiting for its answer before it sends again; everything they send and are told goes out as lines.</summary>
/// <remarks>A line is written with one system call before a command is sent and after its answer has come, so what a killed process had
/// been told is what its lines say.</remarks>
public sealed class Load(LoadShard shard, Stream lines, int seed, int round)
{
    private const int AmountMax = 1_000;
    private static readonly long ReservationLife = TimeSpan.FromDays(29).Ticks * 100;
    private readonly Lock _writing = new();

    /// <param name="operations">Of each client.</param>
    public Task RunAsync(int clients, int operations) => Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(client, operations))));

    private async Task RunClientAsync(int client, int operations)
    {
        var random = new Random(HashCode(client));
        var held = new List<(ulong Number, int Wallet, long Amount)>();
        for (var number = 0; number < operations; number++)
        {
            if (random.Next(16) == 0) await ReadAsync(random.Next(LoadShard.Wallets));
            var operation = Next(random, client, number, held);
            Write(operation.ToLine());
            var answer = await shard.SendAsync(operation);
            Write(answer.ToLine(operation));
            if (operation.Kind == OperationKind.Reserve && answer.Result == LedgerResult.Accepted)
                held.Add((Numbers.Of(answer.Sequence, 1), operation.Wallet, operation.Amount));
        }
    }

    private Operation Next(Random random, int client, int number, List<(ulong Number, int Wallet, long Amount)> held)
    {
        var dice = random.Next(100);
        var (wallet, amount) = (random.Next(LoadShard.Wallets), random.Next(1, AmountMax));
        var other = (wallet + 1 + random.Next(LoadShard.Wallets - 1)) % LoadShard.Wallets;
        if (dice < 25 && held.Count > 0)
        {
            var (subject, of, most) = held[random.Next(held.Count)];
            // One in eight is asked for once more later: it has to be refused then.
            if (random.Next(8) != 0) held.Remove((subject, of, most));
            return dice < 15
                ? new(round, client, number, OperationKind.Commit, of, (of + 1) % LoadShard.Wallets, random.NextInt64(1, most + 1), subject, 0)
                : new(round, client, number, OperationKind.Release, of, 0, 0, subject, 0);
        }

        if (dice < 50) return new(round, client, number, OperationKind.Credit, wallet, 0, amount, 0, 0);
        if (dice < 80) return new(round, client, number, OperationKind.Transfer, wallet, other, amount, 0, 0);
        return new(round, client, number, OperationKind.Reserve, wallet, 0, amount, 0, (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1_000_000) + ReservationLife);
    }

    private async Task ReadAsync(int wallet)
    {
        var (available, reserved, visibleAfter) = await shard.ReadAsync(wallet);
        Write(string.Create(CultureInfo.InvariantCulture, $"= {wallet} {available} {reserved} {visibleAfter} {LoadShard.Now()}\n"));
    }

    private void Write(string line)
    {
        var bytes = Encoding.ASCII.GetBytes(line);
        lock (_writing) lines.Write(bytes);
    }

    private int HashCode(int client) => unchecked((seed * 1_000_003) + (round * 7_919) + client);
}
