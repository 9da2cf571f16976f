using Google.Protobuf.Reflection;
using PhoenixCore.Client;
using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Contracts.Reflection.V1;
using Xunit;
using Code = PhoenixCore.Client.GrpcStatusCode;
using ServingStatus = PhoenixCore.Contracts.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace PhoenixCore.Grpc.Tests;

public sealed class StandardServiceTests(EchoServerFixture fixture) : IClassFixture<EchoServerFixture>
{
    private GrpcChannel Channel => fixture.Channel;

    [Fact]
    public async Task Health_check_answers_what_was_set_and_NOT_FOUND_for_strangers()
    {
        fixture.Server.Health.Set("known", serving: false);
        Assert.Equal(ServingStatus.Serving, await CheckAsync(""));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync("known"));
        var refusal = await Assert.ThrowsAsync<GrpcStatusException>(() => CheckAsync("stranger"));
        Assert.Equal(Code.NotFound, refusal.Code);
    }

    [Fact]
    public async Task Health_watch_tells_every_change()
    {
        await using var watch = Channel.ServerStreaming(Paths.HealthWatch, new HealthCheckRequest { Service = "watched" }, HealthCheckResponse.Parser);
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync());
        fixture.Server.Health.Set("watched", serving: true);
        Assert.Equal(ServingStatus.Serving, await NextAsync());
        fixture.Server.Health.Set("another", serving: true);
        fixture.Server.Health.Set("watched", serving: false);
        Assert.Equal(ServingStatus.NotServing, await NextAsync());

        async Task<ServingStatus> NextAsync()
        {
            Assert.True(await watch.MoveNextAsync());
            return watch.Current.Status;
        }
    }

    [Fact]
    public async Task Health_watch_says_NOT_SERVING_when_the_server_stops()
    {
        await using var server = await EchoServer.StartAsync();
        using var channel = new GrpcChannel(server.ClearText);
        await using var watch = channel.ServerStreaming(Paths.HealthWatch, new HealthCheckRequest(), HealthCheckResponse.Parser);
        Assert.True(await watch.MoveNextAsync());
        var stopping = server.StopAsync();
        Assert.True(await watch.MoveNextAsync());
        Assert.Equal(ServingStatus.NotServing, watch.Current.Status);
        var end = await Assert.ThrowsAsync<GrpcStatusException>(async () => await watch.MoveNextAsync());
        Assert.Equal(Code.Unavailable, end.Code);
        await stopping;
    }

    [Theory]
    [InlineData("v1")]
    [InlineData("v1alpha")]
    public async Task Reflection_lists_the_services(string version)
    {
        var answer = await AskAsync(version, new ServerReflectionRequest { ListServices = "" });
        Assert.Equal(
            ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "phoenix.test.v1.Echo"],
            answer.ListServicesResponse.Service.Select(service => service.Name).Order());
    }

    [Theory]
    [InlineData("phoenix.test.v1.Echo")]
    [InlineData("phoenix.test.v1.Echo.Unary")]
    [InlineData("phoenix.test.v1.EchoReply")]
    public async Task Reflection_finds_the_file_of_a_symbol(string symbol)
    {
        var answer = await AskAsync("v1", new ServerReflectionRequest { FileContainingSymbol = symbol });
        var files = FileDescriptor.BuildFromByteStrings(answer.FileDescriptorResponse.FileDescriptorProto);
        Assert.Contains(files, file => file.Name == "phoenix/test/v1/echo.proto");
    }

    [Fact]
    public async Task Reflection_says_so_when_it_knows_nothing()
    {
        var answer = await AskAsync("v1", new ServerReflectionRequest { FileByFilename = "none.proto" });
        Assert.Equal((int)Code.NotFound, answer.ErrorResponse.ErrorCode);
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await Channel.UnaryAsync(Paths.HealthCheck, new HealthCheckRequest { Service = service }, HealthCheckResponse.Parser)).Status;

    private async Task<ServerReflectionResponse> AskAsync(string version, ServerReflectionRequest request)
    {
        await using var call = Channel.Duplex<ServerReflectionRequest, ServerReflectionResponse>(
            $"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo", ServerReflectionResponse.Parser);
        await call.WriteAsync(request);
        Assert.True(await call.MoveNextAsync());
        return call.Current;
    }
}
