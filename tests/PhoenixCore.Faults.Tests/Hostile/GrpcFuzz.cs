using System.Collections;
using System.Net;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>A hostile gRPC caller: every method of every service that the contracts describe, with filled, damaged and misframed messages. One thread.</summary>
internal sealed class GrpcFuzz : IDisposable
{
    private const int DepthMax = 4;
    private static readonly TimeSpan StreamTime = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Wallets = ["fuzz-0", "fuzz-1", "fuzz-2"];

    /// <summary>What gRPC's own table of status codes calls INTERNAL: faults of framing, compression and parsing that the protocol's layer finds.</summary>
    private static readonly string[] OfTheProtocol =
    [
        "the request does not parse", "the request broke off", "the request ended inside a message", "no request message", "more than one request message", "frame flag", "compressed message", "grpc-timeout is malformed", "metadata",
    ];

    private static readonly MethodDescriptor[] Methods = [.. typeof(LedgerReflection).Assembly.GetTypes()
        .Select(type => type.GetProperty("Descriptor", BindingFlags.Static | BindingFlags.Public)?.GetValue(null)).OfType<FileDescriptor>().SelectMany(file => file.Services).SelectMany(service => service.Methods)];

    private readonly HttpClient _http;
    private readonly Garbage _garbage;
    private readonly FuzzTally _tally;

    public GrpcFuzz(ServerProcess server, int seed, FuzzTally tally)
    {
        (_garbage, _tally) = (new Garbage(seed), tally);
        _http = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 }) { BaseAddress = server.Grpc, Timeout = TimeSpan.FromSeconds(30) };
    }

    public static int MethodCount => Methods.Length;

    public async Task SendAsync()
    {
        var method = _garbage.Of(Methods);
        var body = Framed(method);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{method.Service.FullName}/{method.Name}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        AddHeaders(request);
        using var patience = new CancellationTokenSource(method.IsServerStreaming && !method.IsClientStreaming ? StreamTime : TimeSpan.FromSeconds(30));
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            await response.Content.CopyToAsync(Stream.Null, patience.Token);
            Judge(method, body, response);
        }
        catch (OperationCanceledException) when (method.IsServerStreaming)
        {
            _tally.Add("gRPC stream left");
        }
        catch (Exception e) when (e is HttpRequestException or FormatException)
        {
            _tally.Add("gRPC cut");
        }
    }

    public void Dispose() => _http.Dispose();

    private void Judge(MethodDescriptor method, byte[] body, HttpResponseMessage response)
    {
        var headers = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        var status = headers.TryGetValues("grpc-status", out var values) ? values.Single() : "none";
        var message = headers.TryGetValues("grpc-message", out var texts) ? Uri.UnescapeDataString(texts.Single()) : "";
        _tally.Add((int)response.StatusCode == 200 ? $"gRPC {status}" : $"gRPC HTTP {(int)response.StatusCode}");
        var isFault = (int)response.StatusCode >= 500 || status is "2" or "15" || (status == "13" && !Array.Exists(OfTheProtocol, start => message.StartsWith(start, StringComparison.Ordinal)));
        if (isFault) _tally.Wrong.Enqueue($"{(int)response.StatusCode} {status} {message} for {method.FullName} with {Convert.ToBase64String(body)}");
    }

    private byte[] Framed(MethodDescriptor method)
    {
        var filled = Fill(method.InputType, 0).ToByteArray();
        var message = _garbage.Chance(0.3) && !ContainsUrl(filled) ? _garbage.Damage(filled) : filled;
        var frame = new byte[5 + message.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        if (_garbage.Chance(0.05)) frame[0] = _garbage.Of<byte>([1, 2, 255]);
        if (_garbage.Chance(0.05)) frame[1 + _garbage.Next(4)] = (byte)_garbage.Next(256);
        return _garbage.Chance(0.05) ? frame[.._garbage.Next(frame.Length)] : _garbage.Chance(0.03) ? [.. frame, .. frame] : frame;
    }

    private static bool ContainsUrl(byte[] message) => message.AsSpan().IndexOf("https:"u8) >= 0;

    private IMessage Fill(MessageDescriptor type, int depth)
    {
        var message = type.Parser.ParseFrom(ByteString.Empty);
        foreach (var field in type.Fields.InDeclarationOrder().Where(_ => _garbage.Chance(0.6)))
        {
            if (field.FieldType == FieldType.Message && depth >= DepthMax) continue;
            if (field.IsMap) continue;
            if (!field.IsRepeated)
            {
                field.Accessor.SetValue(message, ValueOf(field, depth));
                continue;
            }

            var list = (IList)field.Accessor.GetValue(message);
            for (var count = _garbage.Next(4); count > 0; count--) list.Add(ValueOf(field, depth));
        }

        return message;
    }

    private object ValueOf(FieldDescriptor field, int depth) => field.FieldType switch
    {
        FieldType.Message => Fill(field.MessageType, depth + 1),
        FieldType.String => TextOf(field.Name),
        FieldType.Bytes => ByteString.CopyFrom(_garbage.Bytes(_garbage.Of([0, 1, 16, 300]))),
        FieldType.Bool => _garbage.Chance(0.5),
        FieldType.Enum => Enum.ToObject(field.EnumType.ClrType, _garbage.Chance(0.8) ? _garbage.Next(6) : (int)_garbage.Number()),
        FieldType.Double => (double)_garbage.Number(),
        FieldType.Float => (float)_garbage.Number(),
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => (int)_garbage.Number(),
        FieldType.UInt32 or FieldType.Fixed32 => (uint)_garbage.Number(),
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => _garbage.Number(),
        _ => (ulong)(_garbage.Chance(0.6) ? _garbage.Next(50) : _garbage.Number()),
    };

    private string TextOf(string name)
    {
        if (name == "url") return "https://localhost:9/hook";
        if (_garbage.Chance(0.25)) return _garbage.Text();
        return name.Contains("wallet", StringComparison.Ordinal) || name is "external_id" ? _garbage.Of(Wallets) : name.Contains("asset", StringComparison.Ordinal) || name == "code" ? "FUZZ" : name == "idempotency_key" ? _garbage.Name("grpc-", 5_000) : _garbage.Text();
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        request.Content!.Headers.ContentType = new MediaTypeHeaderValue(_garbage.Chance(0.98) ? "application/grpc" : "application/json");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("authorization", _garbage.Chance(0.03) ? "Bearer " + _garbage.HeaderText() : "Bearer " + ServerProcess.Key);
        foreach (var name in new[] { "grpc-timeout", "grpc-encoding", "grpc-accept-encoding", "x-phoenix-bin", "x-deadline-ms" })
        {
            if (_garbage.Chance(0.04)) request.Headers.TryAddWithoutValidation(name, name == "grpc-timeout" && _garbage.Chance(0.5) ? "1u" : name == "grpc-encoding" ? _garbage.Of(["gzip", "deflate", "x"]) : _garbage.HeaderText());
        }
    }
}
