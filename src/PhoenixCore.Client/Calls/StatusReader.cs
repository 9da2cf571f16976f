using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Google.Protobuf;
using PhoenixCore.Contracts.Rpc;

namespace PhoenixCore.Client.Calls;

/// <summary>Turns what ended a call into its status.</summary>
internal static class StatusReader
{
    /// <summary>Returns quietly for OK.</summary>
    /// <param name="headers">The response headers of a call without messages, else the trailers.</param>
    /// <exception cref="GrpcStatusException">Any other status, or none.</exception>
    internal static void Check(HttpHeadersNonValidated headers)
    {
        if (!headers.TryGetValues("grpc-status", out var status))
            throw new GrpcStatusException(GrpcStatusCode.Unknown, "the stream ended without a status");
        var text = status.ToString();
        if (text == "0") return;

        var code = int.TryParse(text, out var number) && number is >= 0 and <= (int)GrpcStatusCode.Unauthenticated
            ? (GrpcStatusCode)number
            : GrpcStatusCode.Unknown;
        var detail = headers.TryGetValues("grpc-message", out var message) ? PercentDecode(message.ToString()) : "";
        var info = headers.TryGetValues("grpc-status-details-bin", out var details) ? FindErrorInfo(details.ToString()) : null;
        throw new GrpcStatusException(code, detail) { Reason = info?.Reason, Domain = info?.Domain, ErrorMetadata = info?.Metadata };
    }

    /// <summary>The mapping that the protocol gives for an answer that is not gRPC.</summary>
    internal static GrpcStatusException OfHttp(HttpStatusCode status) => new(
        (int)status switch
        {
            400 => GrpcStatusCode.Internal,
            401 => GrpcStatusCode.Unauthenticated,
            403 => GrpcStatusCode.PermissionDenied,
            404 => GrpcStatusCode.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatusCode.Unavailable,
            _ => GrpcStatusCode.Unknown,
        },
        $"HTTP status {(int)status}");

    /// <summary>HTTP/2 error codes by the protocol's table; whatever has none is a connection that was not there: UNAVAILABLE.</summary>
    internal static GrpcStatusException OfTransport(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            if (cause is not HttpProtocolException protocol) continue;
            var code = protocol.ErrorCode switch
            {
                0x7 => GrpcStatusCode.Unavailable, // REFUSED_STREAM
                0x8 => GrpcStatusCode.Cancelled, // CANCEL
                0xB => GrpcStatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
                0xC => GrpcStatusCode.PermissionDenied, // INADEQUATE_SECURITY
                _ => GrpcStatusCode.Internal,
            };
            return new GrpcStatusException(code, protocol.Message, fault);
        }

        return new GrpcStatusException(GrpcStatusCode.Unavailable, fault.Message, fault);
    }

    private static ErrorInfo? FindErrorInfo(string details)
    {
        try
        {
            foreach (var any in Status.Parser.ParseFrom(GrpcMetadata.FromBase64(details)).Details)
            {
                if (any.TryUnpack<ErrorInfo>(out var info)) return info;
            }
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            // Details are an extra: damaged ones must not hide the status itself.
        }

        return null;
    }

    /// <summary>%XX becomes a byte of UTF-8; an escape that is none stays as it is.</summary>
    private static string PercentDecode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal)) return text;

        var bytes = new byte[text.Length];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[count++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                bytes[count++] = (byte)text[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}
