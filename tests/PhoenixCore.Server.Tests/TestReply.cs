using System.Text.Json;

namespace PhoenixCore.Server.Tests;

/// <summary>An answer, read whole.</summary>
internal sealed record TestReply(int Status, string Text, bool IsReplay, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    /// <summary>The object itself, in either dialect.</summary>
    public JsonElement Data => Json.TryGetProperty("data", out var data) ? data : Json;

    public string Code => Json.GetProperty("error").GetProperty("code").GetString()!;

    public string this[string member] => Data.GetProperty(member).ToString();

    /// <summary>Status and, of an error, its code.</summary>
    public string Outcome => Status < 400 ? $"{Status}" : $"{Status} {Code}";
}
