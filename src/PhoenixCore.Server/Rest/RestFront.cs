using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Logs;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Rest.Description;
using PhoenixCore.Server.Rest.Handlers;
using PhoenixCore.Server.Rest.Input;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Rest;

/// <summary>Answers REST requests of both dialects. Any thread.</summary>
public sealed class RestFront
{
    private readonly RouteTable _routes;
    private readonly Gate _gate;
    private readonly TokenEndpoint _tokens;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ReplicaHost? _replica;
    private readonly CommandRunner _runner;
    private readonly ApiDescription _description;
    private int _underWay;

    /// <param name="time">Turns relative deadlines and durations into times.</param>
    /// <param name="tokens">Answers <c>POST /oauth/token</c>.</param>
    internal RestFront(
        Operations operations, AssetDirectory assets, LedgerShard shard, Gate gate, Administration administration, EventStreams streams, WebhookDesk webhooks, TokenEndpoint tokens, ILogger log, TimeProvider? time = null, ReplicaHost? replica = null)
    {
        _gate = gate;
        _tokens = tokens;
        _log = log;
        _replica = replica;
        _time = time ?? TimeProvider.System;
        var runner = _runner = new CommandRunner(operations, assets, shard, _time);
        _routes = new RouteTable(
        [
            .. new WalletHandlers(runner).Routes,
            .. new HoldingHandlers(runner, assets).Routes,
            .. new HistoryHandlers(runner).Routes,
            .. new PastHandlers(runner, assets).Routes,
            .. new MoneyHandlers(runner).Routes,
            .. new ReservationHandlers(runner).Routes,
            .. new LotHandlers(runner).Routes,
            .. new AssetHandlers(runner).Routes,
            .. new LedgerHandlers(runner).Routes,
            .. new EventHandlers(runner, streams).Routes,
            .. new WebhookHandlers(runner, webhooks).Routes,
            .. new AdminHandlers(administration, runner).Routes,
            .. new ExportHandlers(administration, runner, shard).Routes,
            .. new SnapshotHandlers(runner, new SnapshotDesk(shard)).Routes,
            .. new PolicyHandlers(runner).Routes,
            .. new ReplicationHandlers(runner, replica).Routes,
        ]);
        _description = new ApiDescription(_routes);
    }

    /// <summary>Method and path of every route that needs a credential; each exists with and without <c>/v1</c>.</summary>
    public IEnumerable<(string Method, string Template, Scope Scope)> Routes => _routes.All.Select(route => (route.Method, route.Template, route.Scope));

    /// <summary>Ends the streams, which would not end by themselves.</summary>
    public void StopStreams() => _runner.IsStopping = true;

    /// <summary>Completes when no request is in a handler any more.</summary>
    public async Task WhenIdleAsync()
    {
        while (Volatile.Read(ref _underWay) > 0) await Task.Delay(1);
    }

    public async Task HandleAsync(HttpContext http)
    {
        Interlocked.Increment(ref _underWay);
        Caller? admitted = null;
        try
        {
            await AnswerAsync(http, ref admitted).ConfigureAwait(false);
        }
        catch (ApiErrorException e)
        {
            ErrorJson.Send(http, e.Error);
        }
        catch (HistoryRefusedException e)
        {
            ErrorJson.Send(http, ApiError.Of(e));
        }
        catch (RefusedException e)
        {
            ErrorJson.Send(http, ApiError.Of(e.Result));
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
            _log.LogError(LogEvents.RequestFailed, e, "{Method} {RequestId} failed", http.Request.Method, http.TraceIdentifier);
            if (http.Response.HasStarted) http.Abort();
            else ErrorJson.Send(http, ApiError.Internal);
        }
        finally
        {
            if (admitted != null) Gate.Leave(admitted);
            Interlocked.Decrement(ref _underWay);
        }
    }

    /// <param name="admitted">Set when the call was let in.</param>
    private ValueTask AnswerAsync(HttpContext http, ref Caller? admitted)
    {
        http.Response.Headers["X-Request-Id"] = RequestChecks.RequestId(http);
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        if (target.Length == 0 || target[0] != '/') target = http.Request.Path.Value ?? "";
        if (RequestChecks.OfFraming(http) is { } badFraming) throw new ApiErrorException(badFraming);
        if (_description.TryAnswer(http, target)) return default;
        if (_replica?.Link is not null && !ReplicaReads.IsRead(http.Request.Method, target)) throw NotLeader(http);
        if (target is TokenEndpoint.Path or "/v1" + TokenEndpoint.Path) return _tokens.AnswerAsync(http);
        if (_gate.Authenticate(http.Request.Headers.Authorization is [var authorization] ? authorization : null) is not { } caller) throw new ApiErrorException(ApiError.Unauthorized);
        if (Gate.OfTenant(caller) is { } refusal) throw new ApiErrorException(ApiError.Of(refusal));

        if (_routes.Find(http.Request.Method, target, out var dialect, out var parameters, out var allowed) is not { } route)
        {
            if (allowed is null) throw new ApiErrorException(ApiError.NoRoute);
            http.Response.Headers.Allow = allowed;
            throw new ApiErrorException(ApiError.MethodNotAllowed);
        }

        Admit(http, caller, route);
        admitted = caller;
        if (_replica is { RefusesWrites: true } && (_replica.RefusesReads || !HttpMethods.IsGet(http.Request.Method)) && !route.Template.StartsWith(ReplicationHandlers.Path, StringComparison.Ordinal)) throw new RefusedException(ApiResult.Of(LedgerResult.NotEnoughReplicas));
        if (_replica?.Link is not null) return AnswerAsFollowerAsync(_replica, route, CallOf(http, caller, route, dialect, parameters));
        return route.Handler(CallOf(http, caller, route, dialect, parameters));
    }

    private ApiErrorException NotLeader(HttpContext http)
    {
        http.Response.Headers[ReplicaReads.LeaderName] = _replica!.Node!.LeaderAddress;
        return new ApiErrorException(ApiError.Of(LedgerResult.NotLeader, refusedIndex: -1) with { Message = $"this copy follows {_replica.Node.LeaderAddress}, which takes what writes" });
    }

    private static async ValueTask AnswerAsFollowerAsync(ReplicaHost replica, Route route, RestCall call)
    {
        if (await ReplicaReads.RefusalAsync(replica, call.Query("min_sequence"), call.Query("max_staleness_ms"), call.Http.RequestAborted).ConfigureAwait(false) is { } refusal) throw new RefusedException(refusal);
        foreach (var (name, value) in ReplicaReads.Describe(replica)) call.Http.Response.Headers[name] = value;
        await route.Handler(call).ConfigureAwait(false);
    }

    private void Admit(HttpContext http, Caller caller, Route route)
    {
        var admission = _gate.Admit(caller, route.Scope);
        if (admission.Rate is { } rate) RateHeaders.Write(http, rate);
        if (admission.Refusal is { } refusal) throw new ApiErrorException(ApiError.Of(refusal));
    }

    private RestCall CallOf(HttpContext http, Caller caller, Route route, Dialect dialect, string[] parameters)
    {
        if (RequestChecks.OfBody(http) is { } badBody) throw new ApiErrorException(badBody);
        foreach (var parameter in parameters)
        {
            if (parameter.Length > RequestLimits.TextMax || !RequestChecks.IsPrintable(parameter)) throw new ApiErrorException(ApiError.Invalid("path", $"has a part of more than {RequestLimits.TextMax} characters, or one with control characters"));
        }

        var key = RequestChecks.Key(http);
        if (key is null && route.NeedsKey && dialect == Dialect.Reference) throw new ApiErrorException(ApiError.KeyRequired);
        var call = new RestCall(http, dialect, caller, parameters, key, RequestChecks.Deadline(http, _time));
        if (http.Request.QueryString.HasValue && call.Query(BodyParser.TenantMember) is { } tenant && tenant != caller.Tenant.Name) throw new RefusedException(ApiResult.ForeignTenant);
        return call;
    }
}
