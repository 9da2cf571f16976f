using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Faults.Tests.Events;

/// <summary>Reads <c>GET /events/stream</c> through all lives of the server and resumes as documented: by turns with <c>Last-Event-ID</c> (exclusive) and <c>from_sequence</c> (inclusive).</summary>
internal sealed class StreamConsumer(Seen seen)
{
    private bool _byHeader;

    public Task RunAsync(Whereabouts server, CancellationToken ct) => server.FollowAsync(ReadAsync, e => e is HttpRequestException or IOException, ct);

    private async Task ReadAsync(ServerProcess server, CancellationToken ct)
    {
        using var http = server.Client(Timeout.InfiniteTimeSpan);
        _byHeader = !_byHeader && seen.Last > 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, _byHeader ? "events/stream" : string.Create(CultureInfo.InvariantCulture, $"events/stream?from_sequence={Math.Max(1, seen.Last)}"));
        if (_byHeader) request.Headers.Add("Last-Event-ID", string.Create(CultureInfo.InvariantCulture, $"seq_{seen.Last:D12}"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        var (type, id, data) = ("", "", "");
        while (await lines.ReadLineAsync(ct) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line[7..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line[4..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            else if (line.Length == 0)
            {
                if (data.Length > 0 && type != "heartbeat") Take(id, data); // a frame counts when its empty line has come
                (type, data) = ("", "");
            }
        }
    }

    private void Take(string id, string data)
    {
        using var json = JsonDocument.Parse(data);
        var root = json.RootElement;
        if (root.GetProperty("sequence").GetString() != id) seen.Wrong.Enqueue($"{seen.Consumer}: the frame {id} holds {data}");
        seen.Take(ulong.Parse(id.AsSpan(4), CultureInfo.InvariantCulture), root.GetProperty("id").GetString()!, root.GetProperty("transaction_id").GetString()!, Encoding.UTF8.GetBytes(data));
    }
}
