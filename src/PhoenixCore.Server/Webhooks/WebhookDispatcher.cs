using System.Text;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Logs;

namespace PhoenixCore.Server.Webhooks;

/// <summary>All subscriptions of all tenants, each with its own pump. Any thread.</summary>
internal sealed class WebhookDispatcher : IAsyncDisposable
{
    /// <summary>Subscriptions that one tenant may have.</summary>
    public const int PerTenantMax = 100;

    /// <summary>Removals of one tenant whose keys are remembered.</summary>
    private const int RemovedMax = 100;

    private static readonly TimeSpan OldSecretKept = TimeSpan.FromHours(24);

    private readonly WebhookServices _services;
    private readonly Dictionary<ulong, EndpointPump> _pumps = [];
    private readonly HashSet<ulong> _disabling = [];
    private readonly List<RemovedWebhook> _removed;
    private readonly Lock _lock = new();
    private ulong _newest;

    /// <param name="tenantOf">By number; null = it is gone.</param>
    public WebhookDispatcher(WebhookServices services, Func<uint, TenantContext?> tenantOf)
    {
        _services = services;
        services.Disable = Disable;
        _newest = services.Store.ReadNewest();
        _removed = [.. services.Store.ReadRemoved()];
        foreach (var endpoint in services.Store.ReadAll())
        {
            if (tenantOf(endpoint.Tenant) is { IsErased: false } tenant) Begin(tenant, endpoint, services.Store.ReadState(endpoint.Number));
        }
    }

    public AttemptCount Attempts => _services.Attempts;

    /// <summary>How all endpoints of all tenants stand now.</summary>
    public WebhookSurvey Survey()
    {
        EndpointPump[] pumps;
        lock (_lock) pumps = [.. _pumps.Values];
        var now = _services.Now;
        var oldest = TimeSpan.Zero;
        var (disabled, backlog) = (0, 0);
        foreach (var pump in pumps)
        {
            if (pump.Endpoint.IsDisabled) disabled++;
            var (pending, since) = pump.Look(queue => (queue.Pending.Count(), queue.Pending.Select(delivery => (DateTimeOffset?)delivery.DueAt).Min()));
            backlog += pending;
            if (since is { } due && now - due > oldest) oldest = now - due;
        }

        return new WebhookSurvey(pumps.Length, disabled, backlog, oldest.TotalSeconds);
    }

    public IReadOnlyList<EndpointPump> Of(TenantContext tenant)
    {
        lock (_lock) return [.. _pumps.Values.Where(pump => pump.Tenant == tenant.Number).OrderBy(pump => pump.Endpoint.Number)];
    }

    public EndpointPump? Find(TenantContext tenant, ulong number)
    {
        lock (_lock) return _pumps.GetValueOrDefault(number) is { } pump && pump.Tenant == tenant.Number ? pump : null;
    }

    /// <param name="make">The subscription under its number.</param>
    /// <param name="position">First event that it gets.</param>
    /// <returns>Null: the tenant has too many, or is erased.</returns>
    public EndpointPump? Add(TenantContext tenant, Func<ulong, WebhookEndpoint> make, ulong position)
    {
        lock (_lock)
        {
            if (tenant.IsErased || _pumps.Values.Count(pump => pump.Tenant == tenant.Number) >= PerTenantMax) return null;
            _services.Store.WriteNewest(_newest + 1);
            var endpoint = make(++_newest); // never one that was removed: its files may still be being deleted, and its id is known to its tenant
            var state = new DeliveryState { Position = position };
            _services.Store.Write(endpoint.Number, state);
            _services.Store.Write(endpoint);
            return Begin(tenant, endpoint, state);
        }
    }

    /// <exception cref="RefusedException">It has been removed meanwhile.</exception>
    public WebhookEndpoint Change(EndpointPump pump, Func<WebhookEndpoint, WebhookEndpoint> change)
    {
        lock (_lock)
        {
            if (_pumps.GetValueOrDefault(pump.Endpoint.Number) != pump) throw new RefusedException(ApiResult.WebhookNotFound); // its files are being deleted: they must not come back
            var changed = change(pump.Endpoint) with { UpdatedAt = _services.Now };
            _services.Store.Write(changed);
            pump.Change(changed);
            return changed;
        }
    }

    /// <summary>The old secret signs beside the new one for a day.</summary>
    public WebhookEndpoint Rotate(EndpointPump pump, WebhookSecret secret, string? key) => Change(pump, endpoint => endpoint with
    {
        SealedOldSecret = endpoint.SealedSecret,
        OldSecretUntil = _services.Now + OldSecretKept,
        SealedSecret = _services.Secrets.Seal(secret.Text),
        RotatedBy = key,
    });

    /// <summary>What was removed under a key; null = nothing that is remembered.</summary>
    public RemovedWebhook? FindRemoved(TenantContext tenant, string key)
    {
        lock (_lock) return _removed.Find(removed => removed.Tenant == tenant.Number && removed.Key == key);
    }

    /// <summary>Durable when it completes. The key is written first: after a crash in between, a repetition removes what is still there.</summary>
    public async Task RemoveAsync(EndpointPump pump, string? key = null)
    {
        lock (_lock)
        {
            if (key != null) Remember(new RemovedWebhook(pump.Endpoint.Number, pump.Tenant, key));
            _pumps.Remove(pump.Endpoint.Number);
        }

        await pump.StopAsync().ConfigureAwait(false);
        _services.Store.Delete(pump.Endpoint.Number);
    }

    /// <summary>Removes whatever a tenant has, also what a crash left behind; durable when it completes.</summary>
    public async Task RemoveAllAsync(TenantContext tenant)
    {
        foreach (var pump in Of(tenant)) await RemoveAsync(pump).ConfigureAwait(false);
        foreach (var endpoint in _services.Store.ReadAll().Where(endpoint => endpoint.Tenant == tenant.Number)) _services.Store.Delete(endpoint.Number);
        lock (_lock)
        {
            if (_removed.RemoveAll(removed => removed.Tenant == tenant.Number) > 0) _services.Store.WriteRemoved(_removed); // keys are texts of the tenant's
        }
    }

    /// <summary>One delivery that is no event of the ledger, now and once.</summary>
    public Task<Attempt> TestAsync(TenantContext tenant, EndpointPump pump, CancellationToken ct)
    {
        var now = UnixText(_services.Now);
        var body = Encoding.UTF8.GetBytes($$$"""{"type":"webhook.test","timestamp":"{{{now}}}","tenant_id":"{{{tenant.Name}}}","data":{}}""");
        return _services.Sender.SendAsync(pump.Endpoint.Url, _services.HeadersOf(tenant, pump.Endpoint, new SignedEvent(0, "webhook.test", 1, false), body), body, ct);
    }

    public async ValueTask DisposeAsync()
    {
        EndpointPump[] pumps;
        lock (_lock) pumps = [.. _pumps.Values];
        await Task.WhenAll(pumps.Select(pump => pump.StopAsync())).ConfigureAwait(false);
        _services.Sender.Dispose();
    }

    private static string UnixText(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);

    private void Remember(RemovedWebhook removed)
    {
        _removed.Remove(removed);
        if (_removed.Count(other => other.Tenant == removed.Tenant) >= RemovedMax) _removed.Remove(_removed.Find(other => other.Tenant == removed.Tenant)!);
        _removed.Add(removed);
        _services.Store.WriteRemoved(_removed);
    }

    private EndpointPump Begin(TenantContext tenant, WebhookEndpoint endpoint, DeliveryState state)
    {
        var pump = new EndpointPump(_services, tenant, endpoint, state);
        lock (_lock) _pumps[endpoint.Number] = pump;
        pump.Start();
        return pump;
    }

    /// <summary>Once, however many deliveries say so. It is written down first: a crash in between repeats it.</summary>
    private void Disable(ulong number, string reason)
    {
        EndpointPump? pump;
        lock (_lock)
        {
            pump = _pumps.GetValueOrDefault(number);
            if (pump is null || pump.Endpoint.IsDisabled || !_disabling.Add(number)) return;
        }

        _ = Task.Run(() => DisableAsync(pump, reason));
    }

    private async Task DisableAsync(EndpointPump pump, string reason)
    {
        var number = pump.Endpoint.Number;
        _services.Log.LogWarning(LogEvents.WebhookDisabled, "webhook {Endpoint} is disabled: {Reason}", number, reason);
        try
        {
            if (!await _services.Announce(pump.Owner, pump.Endpoint, reason).ConfigureAwait(false)) _services.Log.LogWarning(LogEvents.WebhookDisablingNotWritten, "webhook {Endpoint}: that it is disabled could not be written into the journal", number);
            Change(pump, endpoint => endpoint with { IsDisabled = true, DisabledReason = reason });
        }
        catch (RefusedException)
        {
            // It was removed meanwhile.
        }
        catch (Exception e)
        {
            _services.Log.LogError(LogEvents.WebhookNotDisabled, e, "webhook {Endpoint} could not be disabled", number);
        }
        finally
        {
            lock (_lock) _disabling.Remove(number);
        }
    }
}
