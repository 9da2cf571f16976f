using System.Globalization;
using System.Text.Json;
using PhoenixCore.Journal;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Webhooks;

/// <summary>Subscriptions and how far each is, in small files beside the ledger's journal. One writer per endpoint.</summary>
public sealed class WebhookStore(string directory)
{
    private const string EndpointSuffix = ".endpoint.json";
    private const string StateSuffix = ".state.json";
    private const string NewestFile = "newest";
    private const string RemovedFile = "removed";

    private readonly PosixStorage _storage = new(directory);

    public IReadOnlyList<WebhookEndpoint> ReadAll() =>
        [.. _storage.List().Where(name => name.EndsWith(EndpointSuffix, StringComparison.Ordinal)).Select(name => Read<WebhookEndpoint>(name)!).OrderBy(endpoint => endpoint.Number)];

    /// <summary>The highest number ever given: that of a removed webhook never comes again.</summary>
    public ulong ReadNewest() => Math.Max(
        ulong.TryParse(DurableFile.ReadText(_storage, NewestFile), NumberStyles.None, CultureInfo.InvariantCulture, out var newest) ? newest : 0,
        ReadAll().Select(endpoint => endpoint.Number).DefaultIfEmpty().Max());

    /// <inheritdoc cref="Write(WebhookEndpoint)"/>
    public void WriteNewest(ulong number) => DurableFile.WriteText(_storage, NewestFile, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<RemovedWebhook> ReadRemoved() => Read<RemovedWebhook[]>(RemovedFile) ?? [];

    /// <inheritdoc cref="Write(WebhookEndpoint)"/>
    public void WriteRemoved(IReadOnlyList<RemovedWebhook> removed) => DurableFile.WriteText(_storage, RemovedFile, JsonSerializer.Serialize(removed));

    public DeliveryState ReadState(ulong endpoint) => Read<DeliveryState>(Name(endpoint, StateSuffix)) ?? new DeliveryState();

    /// <summary>Returns when no crash can take it back.</summary>
    public void Write(WebhookEndpoint endpoint) => DurableFile.WriteText(_storage, Name(endpoint.Number, EndpointSuffix), JsonSerializer.Serialize(endpoint));

    /// <inheritdoc cref="Write(WebhookEndpoint)"/>
    public void Write(ulong endpoint, DeliveryState state) => DurableFile.WriteText(_storage, Name(endpoint, StateSuffix), JsonSerializer.Serialize(state));

    public void Delete(ulong endpoint)
    {
        foreach (var name in new[] { Name(endpoint, EndpointSuffix), Name(endpoint, StateSuffix) })
        {
            if (_storage.Exists(name)) _storage.Delete(name);
        }

        _storage.SyncDirectory();
    }

    private T? Read<T>(string name)
        where T : class => DurableFile.ReadText(_storage, name) is { } text ? JsonSerializer.Deserialize<T>(text) : null;

    private static string Name(ulong endpoint, string suffix) => endpoint.ToString("D12", CultureInfo.InvariantCulture) + suffix;
}
