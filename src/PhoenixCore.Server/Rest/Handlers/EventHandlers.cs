using System.Globalization;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest.Handlers;

/// <summary>The tenant's events: pages of them, and the stream.</summary>
internal sealed class EventHandlers(CommandRunner runner, EventStreams streams)
{
    /// <summary>Events that one page may look at while it filters.</summary>
    private const int ScanMax = 10_000;

    /// <summary>Events that leave together while a consumer catches up.</summary>
    private const int BatchMax = 256;

    public IEnumerable<Route> Routes =>
    [
        new("GET", "/events", Scope.EventsRead, ListAsync, NeedsKey: false),
        new("GET", "/events/stream", Scope.EventsRead, StreamAsync, NeedsKey: false),
    ];

    /// <summary>With <c>from_sequence</c> oldest first, as a consumer reads on; without it newest first.</summary>
    private async ValueTask ListAsync(RestCall call)
    {
        var page = Page.Of(call);
        var filter = await FilterAsync(call);
        var next = await streams.NextAsync(call.Tenant, runner.Patience);
        var from = SequenceOf(call, "from_sequence");
        if (from is null && page.Cursor is null) await SendNewestAsync(call, page.Limit, filter, next);
        else if (page.Cursor is { } cursor) await GoOnAsync(call, page.Limit, filter, next, cursor);
        else await SendFromAsync(call, page.Limit, filter, from!.Value);
    }

    private async ValueTask GoOnAsync(RestCall call, int limit, EventFilter filter, ulong next, string cursor)
    {
        if (cursor.Length < 2 || !EventSequence.TryParse(cursor[1..], out var number) || number > next) throw new ApiErrorException(Page.UnknownCursor);
        if (cursor[0] == '+') await SendFromAsync(call, limit, filter, number);
        else if (cursor[0] == '-') await SendNewestAsync(call, limit, filter, number);
        else throw new ApiErrorException(Page.UnknownCursor);
    }

    private async ValueTask SendFromAsync(RestCall call, int limit, EventFilter filter, ulong from)
    {
        using var reader = Open(call, from);
        var rows = await TakeAsync(call, reader, filter, limit, ulong.MaxValue, ScanMax);
        var hasMore = rows.Count == limit || reader.Next - from >= ScanMax;
        Send(call, rows, hasMore ? "+" + EventSequence.Format(reader.Next) : null);
    }

    /// <summary>Those below a number, in steps that grow while a filter drops them.</summary>
    private async ValueTask SendNewestAsync(RestCall call, int limit, EventFilter filter, ulong below)
    {
        var oldest = streams.OldestOf(call.Tenant);
        var rows = new List<EventText>();
        var start = below;
        for (var step = (ulong)limit; rows.Count < limit && start > oldest && below - start < ScanMax; step *= 2)
        {
            var end = start;
            start = end - oldest > step ? end - step : oldest;
            using var reader = Open(call, start);
            var found = await TakeAsync(call, reader, filter, int.MaxValue, end, ScanMax);
            found.Reverse();
            rows.AddRange(found);
        }

        if (rows.Count > limit)
        {
            rows.RemoveRange(limit, rows.Count - limit);
            start = rows[^1].Number;
        }

        Send(call, rows, start > oldest ? "-" + EventSequence.Format(start) : null);
    }

    private static void Send(RestCall call, List<EventText> rows, string? cursor)
    {
        var body = JsonBody.Start(call.Dialect);
        Page.Open(body);
        foreach (var row in rows) body.Json.WriteRawValue(row.Json, skipInputValidation: true);
        Page.Close(body, cursor);
        body.Send(call.Http, StatusCodes.Status200OK);
    }

    private async ValueTask<List<EventText>> TakeAsync(RestCall call, EventReader reader, EventFilter filter, int limit, ulong below, int scanMax)
    {
        var rows = new List<EventText>();
        for (var scanned = 0; scanned < scanMax && rows.Count < limit && reader.Next < below && reader.TryRead(out var found) && found.Number < below; scanned++)
        {
            if (filter.Takes(found)) rows.Add(await RenderAsync(call, reader, found));
        }

        return rows;
    }

    private async ValueTask<EventText> RenderAsync(RestCall call, EventReader reader, LedgerEvent found)
    {
        await runner.Scope.KnowAssetsAsync(call.Tenant, reader.FactBytes);
        var body = JsonBody.Start(call.Dialect);
        EventJson.Write(body, runner.Scope, call.Tenant, found, reader.Fact);
        return new EventText(found.Number, EventNames.Of(found.Kind), body.Written().ToArray());
    }

    private async ValueTask StreamAsync(RestCall call)
    {
        var filter = await FilterAsync(call);
        var from = SequenceOf(call, "from_sequence");
        var last = call.Http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } id] ? Number("Last-Event-ID", id) + 1 : (ulong?)null;
        using var reader = Open(call, last ?? from ?? await streams.NextAsync(call.Tenant, runner.Patience));
        using var counted = streams.Subscribers.HoldRest();
        var response = call.Http.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        await response.StartAsync(call.Http.RequestAborted);
        // An id without data is no event; it gives the consumer a place to come back to before anything has happened.
        await response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes($"retry: 2000\nid: {EventSequence.Format(reader.Next - 1)}\n\n"), call.Http.RequestAborted);
        await PumpAsync(call, reader, filter);
    }

    /// <summary>Until the client goes or the server stops. A slow consumer waits here for its own socket and nobody waits for it.</summary>
    private async Task PumpAsync(RestCall call, EventReader reader, EventFilter filter)
    {
        var (http, to) = (call.Http, call.Http.Response.BodyWriter);
        var ends = http.RequestAborted;
        var heartbeatAt = Environment.TickCount64 + (long)EventStreams.HeartbeatInterval.TotalMilliseconds;
        while (!ends.IsCancellationRequested && !runner.IsStopping)
        {
            var seen = streams.Committed;
            var count = 0;
            while (count < BatchMax && reader.TryRead(out var found))
            {
                count++;
                if (!filter.Takes(found)) continue;
                var text = await RenderAsync(call, reader, found);
                WriteFrame(to, text.Type, EventSequence.Format(text.Number), text.Json);
            }

            if (Environment.TickCount64 >= heartbeatAt) WriteHeartbeat(to, reader.Next - 1);
            if (count > 0 || Environment.TickCount64 >= heartbeatAt)
            {
                heartbeatAt = Environment.TickCount64 + (long)EventStreams.HeartbeatInterval.TotalMilliseconds;
                if ((await to.FlushAsync(ends)).IsCompleted) return;
            }

            if (count < BatchMax) await streams.Pulse.WaitAsync(seen, TimeSpan.FromMilliseconds(Math.Clamp(heartbeatAt - Environment.TickCount64, 1, 1_000)), ends);
        }
    }

    /// <summary>Carries the last number that was looked at, also where the filter dropped it, so that an idle consumer can keep its place.</summary>
    private static void WriteHeartbeat(System.IO.Pipelines.PipeWriter to, ulong number)
    {
        var now = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        WriteFrame(to, EventNames.Heartbeat, EventSequence.Format(number), Encoding.ASCII.GetBytes($"{{\"type\":\"heartbeat\",\"sequence\":\"{EventSequence.Format(number)}\",\"data\":{{\"timestamp\":\"{now}\"}}}}"));
    }

    private static void WriteFrame(System.IO.Pipelines.PipeWriter to, string type, string id, ReadOnlySpan<byte> json)
    {
        var head = Encoding.ASCII.GetBytes($"event: {type}\nid: {id}\ndata: ");
        var span = to.GetSpan(head.Length + json.Length + 2);
        head.CopyTo(span);
        json.CopyTo(span[head.Length..]);
        "\n\n"u8.CopyTo(span[(head.Length + json.Length)..]);
        to.Advance(head.Length + json.Length + 2);
    }

    private EventReader Open(RestCall call, ulong from)
    {
        try
        {
            return streams.Open(call.Tenant, from);
        }
        catch (SequenceTooOldException e)
        {
            throw new ApiErrorException(new ApiError(StatusCodes.Status410Gone, "SEQUENCE_TOO_OLD", e.Message, [("oldest_sequence", EventSequence.Format(e.Oldest))]));
        }
    }

    private async ValueTask<EventFilter> FilterAsync(RestCall call)
    {
        var wallet = 0UL;
        if (call.Query("wallet_id") is { } name)
        {
            wallet = await streams.WalletAsync(call.Tenant, name, runner.Patience);
            if (wallet == 0) throw new ApiErrorException(ApiError.Of(LedgerResult.WalletNotFound, -1));
        }

        var names = call.Query("types")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        return EventFilter.Parse(names, wallet, out var unknown) ?? throw new ApiErrorException(ApiError.Invalid("types", $"{unknown} is no event type"));
    }

    private static ulong? SequenceOf(RestCall call, string name) => call.Query(name) is { } text ? Number(name, text) : null;

    private static ulong Number(string name, string text) =>
        EventSequence.TryParse(text, out var number) ? number : throw new ApiErrorException(ApiError.Invalid(name, "must be seq_ and digits, or digits"));

    private readonly record struct EventText(ulong Number, string Type, byte[] Json);
}
