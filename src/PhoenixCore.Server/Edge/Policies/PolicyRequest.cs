using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Reads a policy's version: its source as canonical JSON, and the program that it compiles to.</summary>
internal static class PolicyRequest
{
    private const int SourceBytesMax = 16_000;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = RequestLimits.JsonDepthMax, AllowDuplicateProperties = false };

    /// <exception cref="JsonException">No JSON.</exception>
    /// <exception cref="PolicySyntaxException">No policy.</exception>
    public static OperationRequest Read(TenantContext tenant, in ReadOnlySequence<byte> json, bool bareDigitsAreUnits)
    {
        using var document = WholeJson.Parse(json, Strict);
        var program = new PolicyReader(tenant, bareDigitsAreUnits).Compile(document.RootElement);
        var name = document.RootElement.TryGetProperty("name", out var given) ? given.ValueKind == JsonValueKind.String ? given.GetString() : throw new PolicySyntaxException("name must be a text") : null;
        if (name is { Length: 0 or > RequestLimits.TextMax }) throw new PolicySyntaxException($"name must have 1 to {RequestLimits.TextMax} characters");
        var source = new ArrayBufferWriter<byte>(1_024);
        using (var writer = new Utf8JsonWriter(source, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping })) document.RootElement.WriteTo(writer);
        if (source.WrittenCount > SourceBytesMax) throw new PolicySyntaxException($"the policy is larger than {SourceBytesMax} bytes");
        return new OperationRequest { Kind = CommandKind.PutPolicy, Name = name, PolicySource = source.WrittenSpan.ToArray(), PolicyProgram = program };
    }
}
