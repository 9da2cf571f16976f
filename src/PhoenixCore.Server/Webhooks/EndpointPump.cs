using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Logs;

namespace PhoenixCore.Server.Webhooks;

/// <summary>Delivers one endpoint's events: reads them from the journal, posts them, repeats what failed, and keeps its place on disk. A slow receiver holds up only itself.</summary>
internal sealed class EndpointPump
{
    private const int Concurrency = 8;
    private const int BreakAfter = 10;
    private static readonly TimeSpan BreakTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DisableAfter = TimeSpan.FromDays(5);
    private static readonly TimeSpan StoreInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(1);

    private readonly WebhookServices _services;
    private readonly TenantContext _tenant;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _changed = new(0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Dictionary<ulong, RenderedEvent> _rendered = [];
    private readonly DeliveryQueue _queue;
    private readonly List<Task> _sends = [];
    private EventReader? _reader;
    private EventFilter _filter;
    private DateTimeOffset _notBefore;
    private DateTimeOffset _lookedAt;
    private Task? _waiting;
    private DateTimeOffset _storeAt;
    private bool _isDirty;
    private Task _running = Task.CompletedTask;

    public EndpointPump(WebhookServices services, TenantContext tenant, WebhookEndpoint endpoint, DeliveryState state)
    {
        _services = services;
        _tenant = tenant;
        Endpoint = endpoint;
        _queue = new DeliveryQueue(state);
        _filter = FilterOf(endpoint);
    }

    public WebhookEndpoint Endpoint { get; private set; }

    public uint Tenant => _tenant.Number;

    public TenantContext Owner => _tenant;

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Breaks off what is under way (it will be repeated) and stores the place.</summary>
    public async Task StopAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public void Change(WebhookEndpoint endpoint)
    {
        lock (_lock)
        {
            Endpoint = endpoint;
            _filter = FilterOf(endpoint);
            _notBefore = default;
        }

        Wake();
    }

    public T Look<T>(Func<DeliveryQueue, T> look)
    {
        lock (_lock) return look(_queue);
    }

    /// <summary>Sends events again, with their old ids.</summary>
    /// <returns>How many were asked for.</returns>
    public int Replay(IEnumerable<(ulong Event, ulong Wallet)> events)
    {
        var count = 0;
        lock (_lock)
        {
            foreach (var (number, wallet) in events)
            {
                if (!_queue.HasRoom) break;
                _queue.Add(new Delivery { Event = number, Wallet = wallet, IsReplay = true, DueAt = _services.Now });
                count++;
            }

            _isDirty |= count > 0;
        }

        Wake();
        return count;
    }

    private async Task RunAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                var seen = _services.Streams.Committed;
                if (!Endpoint.IsDisabled)
                {
                    await ReadOnAsync().ConfigureAwait(false);
                    StartDue();
                }

                Store(force: false);
                await PauseAsync(seen).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // asked to end
        }
        catch (Exception e)
        {
            _services.Log.LogError(LogEvents.WebhookStopped, e, "webhook {Endpoint} of tenant {Tenant} has stopped", Endpoint.Number, _tenant.Name);
        }

        Task[] sends;
        lock (_lock) sends = [.. _sends];
        await Task.WhenAll(sends).ConfigureAwait(false);
        Store(force: true);
        _reader?.Dispose();
    }

    private async Task ReadOnAsync()
    {
        if (_reader is null) Open();
        while (_queue.HasRoom && _reader!.TryRead(out var found))
        {
            var takes = _filter.Takes(found);
            var rendered = takes ? await _services.Renderer.RenderAsync(_tenant, Endpoint.IsConcepts, _reader, found).ConfigureAwait(false) : null;
            lock (_lock)
            {
                if (rendered != null)
                {
                    _queue.Add(new Delivery { Event = found.Number, Wallet = found.Wallet, DueAt = _services.Now });
                    _rendered[found.Number] = rendered;
                }

                _queue.Position = _reader.Next;
                _isDirty = true;
            }
        }
    }

    private void Open()
    {
        try
        {
            _reader = _services.Streams.Open(_tenant, _queue.Position);
        }
        catch (SequenceTooOldException e)
        {
            _services.Log.LogError(LogEvents.WebhookEventsGone, "webhook {Endpoint}: events {From} to {To} are no longer here and were not delivered", Endpoint.Number, _queue.Position, e.Oldest - 1);
            _reader = _services.Streams.Open(_tenant, e.Oldest);
        }
    }

    private void StartDue()
    {
        lock (_lock)
        {
            _sends.RemoveAll(send => send.IsCompleted);
            var now = _lookedAt = _services.Now;
            var most = _queue.FailureCount >= BreakAfter ? 1 : Concurrency; // broken: one at a time tries whether it works again
            while (now >= _notBefore && _queue.UnderWay < most && _queue.TakeDue(now, Endpoint.IsOrderedByWallet) is { } delivery) _sends.Add(Task.Run(() => SendAsync(Endpoint, delivery)));
        }
    }

    private async Task SendAsync(WebhookEndpoint endpoint, Delivery delivery)
    {
        try
        {
            RenderedEvent? rendered;
            lock (_lock) _rendered.Remove(delivery.Event, out rendered);
            rendered ??= await RenderAgainAsync(endpoint, delivery.Event).ConfigureAwait(false);
            var headers = _services.HeadersOf(_tenant, endpoint, new SignedEvent(delivery.Event, rendered.Type, delivery.Failed + 1, delivery.IsReplay), rendered.Body);
            var attempt = await _services.Sender.SendAsync(endpoint.Url, headers, rendered.Body, _ending.Token).ConfigureAwait(false);
            Settle(endpoint, delivery, attempt);
        }
        catch (OperationCanceledException)
        {
            lock (_lock) _queue.Return(delivery);
        }
        catch (Exception e)
        {
            _services.Log.LogError(LogEvents.WebhookEventNotSent, e, "webhook {Endpoint}: event {Event} could not be sent", endpoint.Number, delivery.Event);
            Settle(endpoint, delivery, new Attempt(0, "it could not be rendered here", "", TimeSpan.Zero, null));
        }

        Wake();
    }

    private void Settle(WebhookEndpoint endpoint, Delivery delivery, Attempt attempt)
    {
        var now = _services.Now;
        var disable = attempt.IsGone ? "the receiver answered 410" : null;
        lock (_lock)
        {
            _isDirty = true;
            if (attempt.Error is null)
            {
                _queue.Succeed(delivery, now);
                _services.Attempts.CountDelivered();
                return;
            }

            var wait = RetrySchedule.After(delivery.Failed + 1, attempt.RetryAfter, _services.RetryScale);
            _queue.Fail(delivery, attempt, attempt.IsGone ? TimeSpan.Zero : wait, now);
            _services.Attempts.CountFailed(isLast: wait is null && !attempt.IsGone);
            if (attempt.IsGone) _notBefore = DateTimeOffset.MaxValue; // until it is disabled, and then enabled by hand
            else if (attempt.IsThrottling) _notBefore = now + (attempt.RetryAfter ?? BreakTime * _services.RetryScale);
            else if (_queue.FailureCount >= BreakAfter) _notBefore = now + (BreakTime * _services.RetryScale);
            if (now - _queue.FailingSince > DisableAfter) disable = "every delivery has failed for 5 days";
        }

        if (disable != null) _services.Disable(endpoint.Number, disable);
    }

    private async Task<RenderedEvent> RenderAgainAsync(WebhookEndpoint endpoint, ulong number)
    {
        using var reader = _services.Streams.Open(_tenant, number);
        if (!reader.TryRead(out var found) || found.Number != number) throw new InvalidOperationException("the event is not in the journal");
        return await _services.Renderer.RenderAsync(_tenant, endpoint.IsConcepts, reader, found).ConfigureAwait(false);
    }

    /// <summary>Position and pending deliveries are stored together: a crash repeats, and skips nothing.</summary>
    private void Store(bool force)
    {
        DeliveryState state;
        lock (_lock)
        {
            var now = _services.Now;
            if (!_isDirty || (!force && now < _storeAt)) return;
            (_isDirty, _storeAt) = (false, now + StoreInterval);
            state = _queue.ToState(now);
        }

        try
        {
            _services.Store.Write(Endpoint.Number, state);
        }
        catch (Journal.JournalIoException e)
        {
            _services.Log.LogWarning(LogEvents.WebhookPlaceNotStored, "webhook {Endpoint}: its place could not be stored ({Reason}); deliveries may be repeated after a restart", Endpoint.Number, e.Message);
            lock (_lock) _isDirty = true;
        }
    }

    private void Wake()
    {
        if (_changed.CurrentCount == 0) _changed.Release(); // one is enough, however many have something to say
    }

    /// <summary>Until something has ended or was asked for, something becomes due, or more is durable.</summary>
    private async Task PauseAsync(ulong seen)
    {
        TimeSpan pause;
        lock (_lock)
        {
            var now = _services.Now;
            var next = _queue.NextDueAfter(_lookedAt) is { } due ? due - now : PauseMax;
            if (_notBefore > _lookedAt && _notBefore - now < next) next = _notBefore - now;
            if (_isDirty && _storeAt - now < next) next = _storeAt - now;
            pause = next < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : next < PauseMax ? next : PauseMax;
        }

        _waiting ??= _changed.WaitAsync(_ending.Token); // kept until it completes: one that is left behind would swallow what the next one waits for
        var others = _queue.HasRoom && !Endpoint.IsDisabled ? _services.Streams.Pulse.WaitAsync(seen, pause, _ending.Token).AsTask() : Task.Delay(pause, _ending.Token);
        await Task.WhenAny(_waiting, others).ConfigureAwait(false);
        if (!_waiting.IsCompleted) return;
        await _waiting.ConfigureAwait(false);
        _waiting = null;
    }

    private static EventFilter FilterOf(WebhookEndpoint endpoint) => EventFilter.Parse(endpoint.Events, endpoint.Wallet, out _) ?? EventFilter.Everything;
}
