using System.Security.Cryptography;
using System.Text;

namespace PhoenixCore.Server.Webhooks;

/// <summary>What signs deliveries. Ours: <c>whsec_</c> and base64 of 32 bytes; a customer's own may be any text.</summary>
/// <remarks>Standard Webhooks 1.0.0 signs with the decoded bytes, the older header with the text as shown.</remarks>
public sealed record WebhookSecret(string Text)
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static WebhookSecret Make() => new(Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>The value of <c>webhook-signature</c> for this secret: <c>v1,</c> and base64 of HMAC-SHA256 over id, time and body.</summary>
    public string SignStandard(string id, string unixSeconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes($"{id}.{unixSeconds}.");
        var all = new byte[head.Length + body.Length];
        head.CopyTo(all, 0);
        body.CopyTo(all.AsSpan(head.Length));
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(StandardKey(), all));
    }

    /// <summary>The value of <c>X-Webhook-Signature</c>: lower-case hexadecimal HMAC-SHA256 of the raw body.</summary>
    public string SignBody(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Text), body));

    /// <summary>The form that Standard Webhooks libraries take, also of a customer's own text.</summary>
    public string StandardText => Prefix + Convert.ToBase64String(StandardKey());

    private byte[] StandardKey()
    {
        var encoded = Text.StartsWith(Prefix, StringComparison.Ordinal) ? Text[Prefix.Length..] : null;
        var decoded = new byte[Text.Length];
        return encoded is not null && Convert.TryFromBase64String(encoded, decoded, out var count) ? decoded[..count] : Encoding.UTF8.GetBytes(Text);
    }
}
