using PhoenixCore.Grpc;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Hosting;

/// <summary>Puts the gRPC front together.</summary>
internal static class FrontAssembly
{
    public static GrpcDispatcher MakeGrpc(Operations operations, AssetDirectory assets, LedgerShard shard, IAuthenticator authenticator) =>
        GrpcFront.Create(operations, assets, shard, authenticator);
}
