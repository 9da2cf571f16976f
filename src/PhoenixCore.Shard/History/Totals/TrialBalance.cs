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
    private long _stamp;

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

    /// <summary>Sequence of the last fact that counts.</summary>
    public ulong Through
    {
        get
        {
            lock (_lock) return _through;
        }
    }

    /// <summary>What was added up so far.</summary>
    public TrialMark Mark()
    {
        lock (_lock)
        {
            return new TrialMark(
                _through, _stamp,
                [.. _tenants.Select(tenant => new TenantMark(tenant.Key, tenant.Value.Made, tenant.Value.Event, tenant.Value.Stamp))],
                [.. _sums.Select(sums => sums.Value.Mark(sums.Key.Tenant))]);
        }
    }

    /// <summary>Goes on from there, before anything was added.</summary>
    /// <returns>False, and nothing is taken over, when this journal does not have that fact.</returns>
    public bool TryResume(TrialMark mark)
    {
        lock (_lock)
        {
            if (_through != 0 || mark.Through == 0 || mark.Through > reader.LastSequence || mark.Through < reader.FirstSequence) return false;
            using var cursor = reader.OpenCursor(mark.Through);
            if (!cursor.MoveNext() || cursor.Header.Sequence != mark.Through || cursor.Header.StampedAt != mark.Stamp) return false;
            foreach (var tenant in mark.Tenants) _tenants[tenant.Tenant] = (tenant.Made, tenant.Event, tenant.Stamp);
            foreach (var sums in mark.Sums) _sums[(sums.Tenant, sums.Asset)] = new AssetSums(sums);
            (_through, _stamp) = (mark.Through, mark.Stamp);
            return true;
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
            (_through, _stamp) = (cursor.Header.Sequence, cursor.Header.StampedAt);
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
