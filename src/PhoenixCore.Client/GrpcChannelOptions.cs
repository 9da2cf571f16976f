using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PhoenixCore.Client;

/// <summary>How a <see cref="GrpcChannel"/> connects; read once, when the channel is made.</summary>
public sealed record GrpcChannelOptions
{
    /// <summary>HTTP/2 connections; calls take them in turn. More streams than a connection allows wait.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Bytes of one reply message.</summary>
    public int MaxReplyBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>Flow-control window of one stream, in bytes: a stream's replies are bound by this per round trip.</summary>
    public int StreamWindowBytes { get; init; } = 1024 * 1024;

    /// <summary>Decides about the server's certificate when the address is https; null: the system's trust.</summary>
    public RemoteCertificateValidationCallback? ServerCertificateValidation { get; init; }

    /// <summary>Shown to a server that asks for one; null: none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }
}
