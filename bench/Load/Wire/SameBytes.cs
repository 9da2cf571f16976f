using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PhoenixCore.Bench.Load.Wire;

/// <summary>The control: a bare web server that reads the same request and answers the same bytes, without gRPC code, JSON or a ledger.</summary>
public static class SameBytes
{
    /// <param name="grpcReply">The framed reply; sent with the trailer <c>grpc-status: 0</c>.</param>
    /// <param name="restReply">The JSON body, sent with 201.</param>
    public static async Task RunAsync(int grpcPort, int restPort, byte[] grpcReply, byte[] restReply)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Listen(IPAddress.Loopback, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Listen(IPAddress.Loopback, restPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        await using var app = builder.Build();
        app.Run(http => http.Connection.LocalPort == grpcPort ? AnswerGrpcAsync(http, grpcReply) : AnswerRestAsync(http, restReply));
        await app.StartAsync();
        Console.WriteLine("ready");
        await app.WaitForShutdownAsync();
    }

    private static async Task AnswerGrpcAsync(HttpContext http, byte[] reply)
    {
        await DrainAsync(http);
        http.Response.ContentType = "application/grpc";
        await http.Response.StartAsync();
        reply.CopyTo(http.Response.BodyWriter.GetSpan(reply.Length));
        http.Response.BodyWriter.Advance(reply.Length);
        http.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
    }

    private static async Task AnswerRestAsync(HttpContext http, byte[] reply)
    {
        await DrainAsync(http);
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = reply.Length;
        reply.CopyTo(http.Response.BodyWriter.GetSpan(reply.Length));
        http.Response.BodyWriter.Advance(reply.Length);
    }

    private static async ValueTask DrainAsync(HttpContext http)
    {
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return;
        }
    }
}
