using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Server.Tests.Tenancy;

/// <summary>All that a tenant can read, as text: each GET of the route table in both dialects, the streams of events, and each reading method of gRPC.</summary>
/// <remarks>Found from the table and from the descriptors, so that a new route or method cannot be forgotten.</remarks>
internal sealed class Surface(TestServer server, TestClient client, string key, IReadOnlyList<Things> things) : IDisposable
{
    /// <summary>Methods that change something, or take a stream of changes: no reads.</summary>
    private static readonly string[] Writing = ["Create", "Set", "Update", "Commit", "Release", "Increment", "Extend", "Expire", "Reverse", "Put", "Bind", "Delete", "Test", "Rotate", "Retry", "Replay", "Submit"];

    private readonly HttpClient _http = new(new SocketsHttpHandler()) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>What was asked → what was answered.</summary>
    public async Task<SortedDictionary<string, string>> ReadAsync()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (method, template, scope) in server.Server.Rest.Routes)
        {
            if (method != "GET" || scope == Auth.Scope.Admin || template == "/events/stream") continue;
            foreach (var prefix in new[] { "", "/v1" })
            {
                foreach (var path in things.Select(ids => IsolationTests.PathOf(prefix, template, ids)).Distinct()) await ReadPagesAsync(all, path);
            }
        }

        var last = await LastAsync();
        await ReadStreamAsync(all, last);
        foreach (var method in Methods)
        {
            if (method.IsServerStreaming) await ReadSubscriptionAsync(all, method, last);
            else
            {
                foreach (var ids in things) await ReadMethodAsync(all, method, ids);
            }
        }

        return all;
    }

    public void Dispose() => _http.Dispose();

    private static IEnumerable<MethodDescriptor> Methods => typeof(LedgerReflection).Assembly.GetTypes().Where(type => type.Namespace == typeof(LedgerReflection).Namespace)
        .Select(type => type.GetProperty("Descriptor")?.GetValue(null)).OfType<FileDescriptor>().SelectMany(file => file.Services)
        .Where(service => service.Name is not ("Admin" or "Replication")) // copies speak there, with a secret of their own
        .SelectMany(service => service.Methods)
        .Where(method => !Writing.Any(verb => method.Name.StartsWith(verb, StringComparison.Ordinal)));

    private async Task ReadPagesAsync(SortedDictionary<string, string> all, string path)
    {
        for (string? cursor = ""; cursor != null;)
        {
            var asked = $"{path}?limit=100{(cursor.Length == 0 ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}";
            var reply = await client.GetAsync(asked);
            all[asked] = $"{reply.Status} {reply.Text}";
            cursor = reply.Status == 200 && reply.Json.TryGetProperty("pagination", out var pagination) ? pagination.GetProperty("next_cursor").GetString() : null;
        }
    }

    /// <summary>The last event that the list knows.</summary>
    private async Task<long> LastAsync()
    {
        var newest = (await client.GetAsync("/events?limit=1")).Json.GetProperty("data")[0].GetProperty("sequence").ToString();
        return long.Parse(newest.AsSpan(newest.StartsWith("seq_", StringComparison.Ordinal) ? 4 : 0), CultureInfo.InvariantCulture);
    }

    private async Task ReadStreamAsync(SortedDictionary<string, string> all, long last)
    {
        await using var stream = await EventStreamReader.OpenAsync(server.Server.RestAddress, "/events/stream?from_sequence=1", key: key);
        var text = new StringBuilder();
        for (var read = 0L; read < last;)
        {
            var (type, id, data) = await stream.NextAsync();
            if (type == "heartbeat") continue;
            text.Append(CultureInfo.InvariantCulture, $"{type} {id} {data}\n");
            read++;
        }

        all["/events/stream"] = text.ToString();
    }

    /// <summary>The stream of gRPC, its messages byte by byte.</summary>
    private async Task ReadSubscriptionAsync(SortedDictionary<string, string> all, MethodDescriptor method, long last)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = Ask(method, new SubscribeRequest { FromSequence = 1 });
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var stream = await response.Content.ReadAsStreamAsync(patience.Token);
        var text = new StringBuilder();
        var head = new byte[5];
        for (var read = 0L; read < last;)
        {
            await stream.ReadExactlyAsync(head, patience.Token);
            var message = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
            await stream.ReadExactlyAsync(message, patience.Token);
            if (SubscribeReply.Parser.ParseFrom(message).Event is null) continue;
            text.AppendLine(Convert.ToHexString(message));
            read++;
        }

        all[method.FullName] = $"200 {text}";
    }

    private HttpRequestMessage Ask(MethodDescriptor method, IMessage asked)
    {
        var message = asked.ToByteArray();
        byte[] frame = [0, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message];
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Server.GrpcAddress, $"/{method.Service.FullName}/{method.Name}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(frame),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", "Bearer " + key);
        return request;
    }

    private async Task ReadMethodAsync(SortedDictionary<string, string> all, MethodDescriptor method, Things ids)
    {
        using var request = Ask(method, RequestOf(method, ids));
        using var response = await _http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var status = response.TrailingHeaders.TryGetValues("grpc-status", out var trailers) ? trailers.Single() : string.Join(",", response.Headers.GetValues("grpc-status"));
        all[$"{method.FullName} {ids.Wallet}"] = $"{(status == "0" ? "200" : "error " + status)} {Convert.ToHexString(body)}";
    }

    private static IMessage RequestOf(MethodDescriptor method, Things ids)
    {
        var message = (IMessage)Activator.CreateInstance(method.InputType.ClrType)!;
        foreach (var field in method.InputType.Fields.InDeclarationOrder())
        {
            if (field.Name == "page_size") field.Accessor.SetValue(message, 100U);
            else if (field.Name == "amount") field.Accessor.SetValue(message, new Amount { Units = 1, Asset = ids.Asset });
            else if (field.Name == "sequence" && method.Name == "GetBalances") field.Accessor.SetValue(message, 5UL);
            else if (field.FieldType == FieldType.Enum && method.Name == "Evaluate") field.Accessor.SetValue(message, Enum.ToObject(field.EnumType.ClrType, 1));
            else if (field.FieldType == FieldType.String && !field.IsRepeated) field.Accessor.SetValue(message, ValueOf(method, field.Name, ids));
        }

        return message;
    }

    private static string ValueOf(MethodDescriptor method, string field, Things ids) => (method.Name, field) switch
    {
        ("GetTransaction", "id") => ids.Transaction,
        ("GetWebhook" or "ListDeliveries", "id" or "webhook_id") => ids.Webhook,
        ("GetOperation", "idempotency_key") => ids.Key,
        ("Evaluate", "to_wallet") => "",
        ("ListEntries" or "GetLot", "lot_id") => ids.Lot,
        (_, "wallet") => ids.Wallet,
        (_, "asset" or "code") => ids.Asset,
        (_, "reservation_id") => ids.Reservation,
        (_, "policy_id") => ids.Policy,
        _ => "",
    };
}
