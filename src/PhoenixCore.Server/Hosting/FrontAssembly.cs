using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Grpc.Health;
using PhoenixCore.Grpc.Reflection;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Hosting;

/// <summary>Puts the gRPC front together.</summary>
internal static class FrontAssembly
{
    public static GrpcDispatcher MakeGrpc(Operations operations, AssetDirectory assets, LedgerShard shard, IAuthenticator authenticator)
    {
        _ = (operations, assets, shard, authenticator);
        var health = new HealthService();
        health.Set("", serving: true);
        return new GrpcDispatcher([health.Bind(), .. new ReflectionService([HealthReflection.Descriptor.Services[0]]).Bind()]);
    }
}
