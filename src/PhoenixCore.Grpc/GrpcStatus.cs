using Microsoft.Extensions.Primitives;
using PhoenixCore.Grpc.Protocol;

namespace PhoenixCore.Grpc;

/// <summary>How a call ended, ready for the wire: code, text for people, and a reason for programs.</summary>
/// <remarks>
/// Immutable, so a status that is answered often can be made once and kept: its wire form is computed on first use and reused.
/// The reason travels as <c>google.rpc.ErrorInfo</c> inside <c>grpc-status-details-bin</c>; without a reason no details are sent.
/// Any thread.
/// </remarks>
public sealed class GrpcStatus
{
    private static readonly StringValues[] CodeTexts =
        [.. Enumerable.Range(0, 17).Select(code => new StringValues(code.ToString(System.Globalization.CultureInfo.InvariantCulture)))];

    private WireTexts? _wire;

    /// <param name="code">Anything but OK.</param>
    /// <param name="detail">Any text; what does not fit a header is percent-encoded.</param>
    /// <param name="reason">The machine-readable reason, such as <c>INSUFFICIENT_BALANCE</c>.</param>
    /// <param name="domain">Who defines the reason.</param>
    /// <param name="retryIn">Travels as <c>google.rpc.RetryInfo</c> beside the reason, and in milliseconds as <c>grpc-retry-pushback-ms</c>.</param>
    public GrpcStatus(
        GrpcStatusCode code,
        string detail,
        string? reason = null,
        string? domain = null,
        IReadOnlyDictionary<string, string>? errorMetadata = null,
        TimeSpan? retryIn = null)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(code, GrpcStatusCode.OK);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)code, (uint)GrpcStatusCode.Unauthenticated, nameof(code));
        (Code, Detail, Reason, Domain, ErrorMetadata) = (code, detail, reason, domain, errorMetadata);
        RetryIn = retryIn;
    }

    public GrpcStatusCode Code { get; }

    public string Detail { get; }

    public string? Reason { get; }

    public string? Domain { get; }

    public IReadOnlyDictionary<string, string>? ErrorMetadata { get; }

    public TimeSpan? RetryIn { get; }

    internal static StringValues OkText => CodeTexts[0];

    internal StringValues CodeText => CodeTexts[(int)Code];

    internal StringValues MessageText => Wire.Message;

    /// <summary>Unpadded base64 of a <c>google.rpc.Status</c>, or empty.</summary>
    internal StringValues DetailsText => Wire.Details;

    private WireTexts Wire => _wire ??= new WireTexts(PercentEncoding.Encode(Detail), StatusDetails.Encode(this));

    private sealed record WireTexts(StringValues Message, StringValues Details);
}
