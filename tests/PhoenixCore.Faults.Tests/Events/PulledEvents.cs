using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>The server's own list of events, read in pages after each start: what every consumer was given has to stand in it.</summary>
internal sealed class PulledEvents
{
    private const int TransactionsChecked = 16;
    private readonly Dictionary<ulong, Seen.Given> _events = [];

    public ulong Last { get; private set; }

    /// <summary>Events that were compared, of all consumers.</summary>
    public long Compared { get; private set; }

    public IEnumerable<string> Transactions => _events.Values.Select(given => given.Transaction).Distinct();

    /// <summary>Reads on from the last event known.</summary>
    public async Task ReadOnAsync(ServerProcess server)
    {
        for (var path = string.Create(CultureInfo.InvariantCulture, $"events?from_sequence={Last + 1}&limit=100"); path.Length > 0;)
        {
            using var page = JsonDocument.Parse(await server.GetAsync(path));
            foreach (var row in page.RootElement.GetProperty("data").EnumerateArray())
            {
                var sequence = ulong.Parse(row.GetProperty("sequence").GetString().AsSpan(4), CultureInfo.InvariantCulture);
                Assert.Equal(Last + 1, sequence);
                Last = sequence;
                _events[sequence] = new Seen.Given(row.GetProperty("id").GetString()!, row.GetProperty("transaction_id").GetString()!, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(row.GetRawText()))));
            }

            var cursor = page.RootElement.GetProperty("pagination").GetProperty("next_cursor").GetString();
            path = cursor is null ? "" : $"events?limit=100&cursor={Uri.EscapeDataString(cursor)}";
        }
    }

    /// <summary>What a consumer was given before the last end was durable: it is here, with the same bytes, and its transaction can be read.</summary>
    /// <param name="sameBytes">False for gRPC, whose bytes have another form.</param>
    public async Task CheckAsync(ServerProcess server, Seen seen, bool sameBytes)
    {
        var newest = new Queue<string>();
        foreach (var (sequence, given) in seen.TakeUnchecked())
        {
            if (sequence > Last) Assert.Fail($"{seen.Consumer} was given event {sequence}, and after the restart there are {Last}");
            var own = _events[sequence];
            Assert.Equal((own.Id, own.Transaction), (given.Id, given.Transaction));
            if (sameBytes) Assert.Equal(own.Hash, given.Hash);
            Compared++;
            newest.Enqueue(given.Transaction);
            if (newest.Count > TransactionsChecked) newest.Dequeue();
        }

        foreach (var transaction in newest.Distinct()) Assert.Contains(transaction, await server.GetAsync($"ledger/transactions/{transaction}"), StringComparison.Ordinal);
    }
}
