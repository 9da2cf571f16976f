using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest;

public sealed class RestFront(Operations operations, AssetDirectory assets, LedgerShard shard, IAuthenticator authenticator, ILogger log)
{
    public bool IsReady { get; set; }
    public Task WhenIdleAsync() { _ = (operations, assets, shard, authenticator, log); return Task.CompletedTask; }
    public Task HandleAsync(HttpContext http) => http.Response.WriteAsync("{}");
}
