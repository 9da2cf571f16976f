using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Rest.Output;

/// <summary>A response body under construction; one per thread, so it must be written and sent without awaiting in between.</summary>
internal sealed class JsonBody
{
    private const int DigitsMax = 64;
    [ThreadStatic] private static JsonBody? _ofThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(4_096);

    private JsonBody() => Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public Utf8JsonWriter Json { get; }

    public Dialect Dialect { get; private set; }

    public bool IsConcepts => Dialect == Dialect.Concepts;

    /// <summary>An empty body.</summary>
    public static JsonBody Start(Dialect dialect)
    {
        var body = _ofThread ??= new JsonBody();
        body._buffer.ResetWrittenCount();
        body.Json.Reset();
        body.Dialect = dialect;
        return body;
    }

    /// <summary>Opens the envelope that the reference dialect has around an object.</summary>
    public void OpenEnvelope()
    {
        if (IsConcepts) return;
        Json.WriteStartObject();
        Json.WritePropertyName("data"u8);
    }

    public void CloseEnvelope()
    {
        if (!IsConcepts) Json.WriteEndObject();
    }

    /// <summary>Hands the body to Kestrel; it leaves when the request's handler is done.</summary>
    public void Send(HttpContext http, int status)
    {
        Json.Flush();
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = _buffer.WrittenCount;
        response.BodyWriter.Write(_buffer.WrittenSpan);
    }

    /// <summary>What was written, for whoever sends it in another way; valid until the thread's next body.</summary>
    public ReadOnlySpan<byte> Written()
    {
        Json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Id(ReadOnlySpan<byte> name, TenantContext tenant, IdKind kind, ulong number)
    {
        Span<byte> id = stackalloc byte[PublicIds.IdLength];
        tenant.Ids.Write(kind, number, id);
        Json.WriteString(name, id);
    }

    public void Time(ReadOnlySpan<byte> name, long nanoseconds)
    {
        Span<byte> text = stackalloc byte[UnixTime.TextLength];
        UnixTime.Write(nanoseconds, text);
        Json.WriteString(name, text);
    }

    /// <summary>Statuses of assets and reservations: upper case in the concepts dialect.</summary>
    public void Status(ReadOnlySpan<byte> lower, ReadOnlySpan<byte> upper) => Json.WriteString("status"u8, IsConcepts ? upper : lower);

    public void Asset(AssetInfo asset)
    {
        Json.WriteString(IsConcepts ? "asset_code"u8 : "asset"u8, asset.Code);
    }

    public void Scale(AssetInfo asset) => Json.WriteNumber("scale"u8, asset.Scale);

    /// <summary>An amount in the dialect's form, and in smallest units under the second name.</summary>
    public void Amount(ReadOnlySpan<byte> name, ReadOnlySpan<byte> minorName, Int128 units, int scale)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        units.TryFormat(digits, out var length);
        if (IsConcepts)
        {
            Json.WriteString(name, digits[..length]);
        }
        else
        {
            Span<byte> text = stackalloc byte[DigitsMax];
            Json.WriteString(name, Decimal(digits[..length], scale, text));
        }

        Json.WriteString(minorName, digits[..length]);
    }

    /// <summary>The decimal rendering under a name of its own, in either dialect.</summary>
    public void DecimalAmount(ReadOnlySpan<byte> name, Int128 units, int scale)
    {
        Span<byte> digits = stackalloc byte[DigitsMax];
        units.TryFormat(digits, out var length);
        Span<byte> text = stackalloc byte[DigitsMax];
        Json.WriteString(name, Decimal(digits[..length], scale, text));
    }

    public void Text(ReadOnlySpan<byte> name, ReadOnlySpan<byte> text)
    {
        Json.WriteString(name, text);
    }

    /// <summary>JSON that was canonical when it was stored.</summary>
    public void Raw(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        Json.WritePropertyName(name);
        Json.WriteRawValue(json, skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> Decimal(ReadOnlySpan<byte> digits, int scale, Span<byte> to)
    {
        var at = 0;
        if (digits[0] == '-')
        {
            to[at++] = (byte)'-';
            digits = digits[1..];
        }

        var whole = Math.Max(digits.Length - scale, 0);
        if (whole == 0) to[at++] = (byte)'0';
        digits[..whole].CopyTo(to[at..]);
        at += whole;
        if (scale == 0) return to[..at];
        to[at++] = (byte)'.';
        for (var i = digits.Length - whole; i < scale; i++) to[at++] = (byte)'0';
        digits[whole..].CopyTo(to[at..]);
        return to[..(at + digits.Length - whole)];
    }
}
