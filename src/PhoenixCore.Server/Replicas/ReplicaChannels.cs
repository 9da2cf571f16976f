using System.Security.Cryptography.X509Certificates;
using PhoenixCore.Client;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Replicas;

/// <summary>Connections to other copies, with the secret that they share, and with certificates where there are any. Any thread.</summary>
internal sealed class ReplicaChannels(string secret, X509Certificate2? certificate, X509Certificate2Collection? authority) : IDisposable
{
    private readonly Dictionary<string, GrpcChannel> _channels = new(StringComparer.Ordinal);
    private readonly GrpcMetadata _metadata = new GrpcMetadata().Add("authorization", "Bearer " + secret);

    /// <summary>The connection to an address; made at the first call.</summary>
    public GrpcChannel To(string address)
    {
        lock (_channels)
        {
            if (_channels.TryGetValue(address, out var known)) return known;
            var options = new GrpcChannelOptions { MaxReplyBytes = ReplicaWire.MessageBytesMax, StreamWindowBytes = 4 << 20, ClientCertificate = authority is null ? null : certificate };
            if (authority is not null) options = options with { ServerCertificateValidation = (_, shown, _, _) => IsOfAuthority(shown as X509Certificate2) };
            return _channels[address] = new GrpcChannel(new Uri(address), options);
        }
    }

    public CallOptions Options(CancellationToken ct) => new() { Metadata = _metadata, CancellationToken = ct };

    /// <summary>Whether a certificate was given out by the copies' own authority.</summary>
    public bool IsOfAuthority(X509Certificate2? shown)
    {
        if (shown is null || authority is null) return false;
        using var chain = new X509Chain { ChainPolicy = { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck } };
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        return chain.Build(shown);
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
    }

    /// <summary>Who may sign the certificates of copies; null = no one was named.</summary>
    /// <exception cref="SettingsException">The file cannot be read.</exception>
    public static X509Certificate2Collection? AuthorityOf(ServerSettings settings)
    {
        if (settings.ReplicationCa is not { } path) return null;
        try
        {
            var authority = new X509Certificate2Collection();
            authority.ImportFromPemFile(path);
            return authority;
        }
        catch (Exception e) when (e is System.Security.Cryptography.CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"--replication-ca {path}: {e.Message}");
        }
    }
}
