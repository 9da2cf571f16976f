using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PhoenixCore.Grpc.Health;
using PhoenixCore.Grpc.Reflection;

namespace PhoenixCore.Grpc.Tests;

/// <summary>A real Kestrel on 127.0.0.1: one clear-text endpoint for gRPC only, one TLS endpoint for gRPC and REST.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EchoServer(WebApplication app, EchoService echo, HealthService health)
    {
        (_app, Echo, Health) = (app, echo, health);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Select(text => new Uri(text)).ToArray();
        ClearText = addresses.Single(address => address.Scheme == "http");
        Tls = addresses.Single(address => address.Scheme == "https");
    }

    public EchoService Echo { get; }

    public HealthService Health { get; }

    public Uri ClearText { get; }

    public Uri Tls { get; }

    public static async Task<EchoServer> StartAsync(Action<GrpcOptions>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.ServeGrpcOnly());
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(SelfSigned()));
        });

        var echo = new EchoService();
        var health = new HealthService();
        health.Set("", serving: true);
        var services = new List<GrpcServiceBinder> { echo.Bind(), health.Bind() };
        services.AddRange(new ReflectionService(services.Select(service => service.Service)).Bind());
        var options = new GrpcOptions();
        configure?.Invoke(options);

        var app = builder.Build();
        app.MapGrpc(new GrpcDispatcher(services, options));
        app.Run(http => http.Response.WriteAsync("rest"));
        await app.StartAsync();
        return new EchoServer(app, echo, health);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
