using System.Diagnostics;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard.History.Totals;

/// <summary>Adds up every entry of the journal, tenant by tenant and asset by asset, and goes on from where it was when it is asked again. Any thread.</summary>
/// <remarks>It reads durable records, not the live state, so the writer never waits for it; one question adds at most <see cref="FactsMax"/> facts, and no
/// more than <see cref="MillisecondsMax"/> take.</remarks>
public sealed unsafe class TrialBalance(JournalReader reader)
{
    public const int FactsMax = 1_000_000;
    public const int MillisecondsMax = 250;
    private const int FactsBetweenLooks = 4_096;

    private readonly Lock _lock = new();
    private readonly Dictionary<(uint Tenant, int Asset), AssetSums> _sums = [];
    private readonly Dictionary<uint, (ulong Made, ulong Event, long Stamp)> _tenants = [];
    private ulong _through;

    /// <exception cref="HistoryArchivedException">The journal's beginning is not here.</exception>
    public TrialReport Read(uint tenant)
    {
        lock (_lock)
        {
            var isComplete = AddUp();
            var (_, number, stamp) = _tenants.GetValueOrDefault(tenant);
            var assets = _sums.Where(sums => sums.Key.Tenant == tenant).OrderBy(sums => sums.Key.Asset).Select(sums => sums.Value.Read()).ToArray();
            return new TrialReport(number, stamp, isComplete, assets);
        }
    }

    /// <returns>Whether all is added that was durable at the start.</returns>
    private bool AddUp()
    {
        if (reader.FirstSequence > _through + 1) throw new HistoryArchivedException(_through + 1);
        var end = reader.LastSequence;
        if (_through >= end) return true;
        var started = Stopwatch.GetTimestamp();
        using var cursor = reader.OpenCursor(_through + 1);
        for (var facts = 0; _through < end; facts++)
        {
            if (facts == FactsMax || (facts % FactsBetweenLooks == 0 && Stopwatch.GetElapsedTime(started).TotalMilliseconds > MillisecondsMax)) return false;
            if (!cursor.MoveNext()) return false;
            Add(cursor);
            _through = cursor.Header.Sequence;
        }

        return true;
    }

    private void Add(JournalCursor cursor)
    {
        var header = cursor.Header;
        if (header.Tenant == 0) return;
        fixed (byte* payload = cursor.Payload)
        {
            var parts = new FactParts(payload);
            var made = parts.First.Kind == PartKind.TenantCreated ? header.Sequence : _tenants[header.Tenant].Made;
            var events = parts.Header->Events;
            _tenants[header.Tenant] = (made, events > 0 ? parts.Header->EventFirst : _tenants.GetValueOrDefault(header.Tenant).Event, header.StampedAt);
            foreach (var part in parts)
            {
                foreach (ref readonly var posting in part.Postings) SumsOf(header.Tenant, posting.Asset).Add(posting, made);
            }
        }
    }

    private AssetSums SumsOf(uint tenant, int asset)
    {
        if (_sums.TryGetValue((tenant, asset), out var known)) return known;
        return _sums[(tenant, asset)] = new AssetSums(asset);
    }
}
