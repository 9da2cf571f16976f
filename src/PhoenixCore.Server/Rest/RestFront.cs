using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Handlers;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest;

/// <summary>Answers REST requests of both dialects. Any thread.</summary>
public sealed class RestFront
{
    private readonly RouteTable _routes;
    private readonly IAuthenticator _authenticator;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private int _underWay;

    /// <param name="time">Turns relative deadlines and durations into times.</param>
    public RestFront(Operations operations, AssetDirectory assets, LedgerShard shard, IAuthenticator authenticator, ILogger log, TimeProvider? time = null)
    {
        _authenticator = authenticator;
        _log = log;
        _time = time ?? TimeProvider.System;
        var runner = new CommandRunner(operations, assets, shard, _time);
        _routes = new RouteTable(
        [
            .. new WalletHandlers(runner).Routes,
            .. new HoldingHandlers(runner, assets).Routes,
            .. new MoneyHandlers(runner).Routes,
            .. new ReservationHandlers(runner).Routes,
            .. new AssetHandlers(runner).Routes,
            .. new LedgerHandlers(runner).Routes,
            .. new PolicyHandlers(runner).Routes,
        ]);
    }

    /// <summary>What <c>GET /ready</c> says.</summary>
    public bool IsReady { get; set; }

    /// <summary>Method and path of every route that needs a credential; each exists with and without <c>/v1</c>.</summary>
    public IEnumerable<(string Method, string Template)> Routes => _routes.All.Select(route => (route.Method, route.Template));

    /// <summary>Ends an application's pipeline with this front.</summary>
    public void Map(IApplicationBuilder app) => app.Run(HandleAsync);

    /// <summary>Completes when no request is in a handler any more.</summary>
    public async Task WhenIdleAsync()
    {
        while (Volatile.Read(ref _underWay) > 0) await Task.Delay(1);
    }

    public async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await AnswerAsync(http).ConfigureAwait(false);
        }
        catch (ApiErrorException e)
        {
            ErrorJson.Send(http, e.Error);
        }
        catch (BadHttpRequestException e)
        {
            ErrorJson.Send(http, e.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiError.TooLarge : ApiError.Invalid("the request is malformed") with { Status = e.StatusCode });
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            ErrorJson.Send(http, ApiError.Overloaded); // no place in the queue in time: nothing was sent
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionAbortedException or ConnectionResetException)
        {
            http.Abort(); // the client has gone; what it sent goes on
        }
        catch (Exception e)
        {
            _log.LogError(e, "{Method} {RequestId} failed", http.Request.Method, http.TraceIdentifier);
            if (http.Response.HasStarted) http.Abort();
            else ErrorJson.Send(http, ApiError.Internal);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private ValueTask AnswerAsync(HttpContext http)
    {
        http.Response.Headers["X-Request-Id"] = RequestChecks.RequestId(http);
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.Length == 0 || target[0] != '/') target = http.Request.Path.Value ?? "";
        if (TryAnswerHealth(http, target)) return default;
        if (RequestChecks.OfFraming(http) is { } badFraming) throw new ApiErrorException(badFraming);
        if (_authenticator.Authenticate(http.Request.Headers.Authorization is [var authorization] ? authorization : null) is not { } caller) throw new ApiErrorException(ApiError.Unauthorized);

        if (_routes.Find(http.Request.Method, target, out var dialect, out var parameters, out var allowed) is not { } route)
        {
            if (allowed is null) throw new ApiErrorException(ApiError.NoRoute);
            http.Response.Headers.Allow = allowed;
            throw new ApiErrorException(ApiError.MethodNotAllowed);
        }

        if (RequestChecks.OfBody(http) is { } badBody) throw new ApiErrorException(badBody);
        foreach (var parameter in parameters)
        {
            if (parameter.Length > RequestLimits.TextMax || !RequestChecks.IsPrintable(parameter)) throw new ApiErrorException(ApiError.Invalid("path", $"has a part of more than {RequestLimits.TextMax} characters, or one with control characters"));
        }

        var key = RequestChecks.Key(http);
        if (key is null && route.NeedsKey && dialect == Dialect.Reference) throw new ApiErrorException(ApiError.KeyRequired);
        return route.Handler(new RestCall(http, dialect, caller.Tenant, parameters, key, RequestChecks.Deadline(http, _time)));
    }

    /// <summary>The two questions that need no credential.</summary>
    private bool TryAnswerHealth(HttpContext http, string target)
    {
        var isHealth = target is "/health" or "/v1/health";
        if (!isHealth && target is not ("/ready" or "/v1/ready")) return false;
        var body = JsonBody.Start(Dialect.Concepts);
        body.Json.WriteStartObject();
        body.Json.WriteString("status"u8, isHealth ? "healthy" : IsReady ? "ready" : "starting");
        body.Json.WriteEndObject();
        body.Send(http, isHealth || IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        return true;
    }
}
