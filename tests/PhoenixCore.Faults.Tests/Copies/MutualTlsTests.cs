using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Faults.Tests.Copies;

/// <summary>Two real servers that prove to each other who they are by certificates.</summary>
public sealed class MutualTlsTests
{
    private const int Unauthenticated = 16;
    private const string FencePath = "/phoenix.v1.Replication/Fence";

    [NightlyFact]
    public async Task Copies_with_certificates_of_their_authority_follow_and_are_promoted_and_no_other_is_let_in()
    {
        using var places = new TemporaryDirectory();
        using var authority = Authority("copies");
        using var stranger = Authority("stranger");
        var load = new RestLoad();
        var ca = Path.Combine(places.Root, "ca.pem");
        File.WriteAllText(ca, authority.ExportCertificatePem());
        using var leader = CopyProcess.Start(Path.Combine(places.Root, "a"), null, "quorum", Tls(places.Root, "a", authority, ca));
        Assert.Equal(Uri.UriSchemeHttps, leader.Process.Grpc.Scheme);
        using var follower = CopyProcess.Start(Path.Combine(places.Root, "b"), leader.Process.Grpc, "quorum", Tls(places.Root, "b", authority, ca));
        await leader.WaitForVotersAsync(2);
        await load.MakeWalletsAsync(leader.Process);
        using (var end = new CancellationTokenSource(TimeSpan.FromSeconds(1))) await load.RunAsync(leader.Process, 0, 2, end.Token);

        using var foreign = Issue(stranger, "stranger");
        await RefusedAsync(leader.Process.Grpc, null);
        await RefusedAsync(leader.Process.Grpc, foreign);
        using var own = Issue(authority, "own");
        using var channel = ChannelTo(leader.Process.Grpc, own);
        Assert.False((await FenceAsync(channel)).Granted); // let in, and asked for an epoch that is long over
        leader.Process.Kill();
        await follower.MustLeadAsync();
        await load.AuditAsync(follower.Process);
    }

    private static async Task RefusedAsync(Uri address, X509Certificate2? certificate)
    {
        using var channel = ChannelTo(address, certificate);
        var refused = await Assert.ThrowsAsync<GrpcStatusException>(() => FenceAsync(channel));
        Assert.Equal(Unauthenticated, (int)refused.Code);
    }

    private static Task<ReplicaFenced> FenceAsync(GrpcChannel channel) =>
        channel.UnaryAsync(FencePath, new ReplicaFence { Epoch = 1 }, ReplicaFenced.Parser, new CallOptions { Metadata = new GrpcMetadata().Add("authorization", "Bearer " + ServerProcess.Secret) });

    private static GrpcChannel ChannelTo(Uri address, X509Certificate2? certificate) => new(address, new GrpcChannelOptions { ClientCertificate = certificate, ServerCertificateValidation = (_, _, _, _) => true });

    private static string[] Tls(string folder, string name, X509Certificate2 authority, string ca)
    {
        using var certificate = Issue(authority, name);
        var (shown, secret) = (Path.Combine(folder, name + ".pem"), Path.Combine(folder, name + ".key"));
        File.WriteAllText(shown, certificate.ExportCertificatePem());
        File.WriteAllText(secret, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return ["--tls-certificate", shown, "--tls-key", secret, "--replication-ca", ca];
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }
}
