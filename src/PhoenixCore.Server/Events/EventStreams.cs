using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Events;

/// <summary>Opens tenants' event streams, for every front. Any thread.</summary>
public sealed class EventStreams
{
    /// <summary>Between two signs of life on an idle stream.</summary>
    public static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);

    private readonly LedgerShard _shard;
    private readonly StateReads _reads;

    public EventStreams(LedgerShard shard)
    {
        _shard = shard;
        _reads = new StateReads(shard);
        Pulse = new CommitPulse(shard);
    }

    public CommitPulse Pulse { get; }

    public SubscriberCount Subscribers { get; } = new();

    /// <summary>The shard's last durable sequence: what <see cref="CommitPulse.WaitAsync"/> wants to know before a reader is asked.</summary>
    public ulong Committed => _shard.Cursors.Committed;

    /// <exception cref="SequenceTooOldException">The events stand in segments that are no longer here.</exception>
    public EventReader Open(TenantContext tenant, ulong from) => new(_shard, tenant.Number, from);

    /// <summary>Number of the first event that can be read.</summary>
    public ulong OldestOf(TenantContext tenant) => EventReader.OldestOf(_shard, tenant.Number);

    /// <summary>Number that the tenant's next event will get.</summary>
    public async ValueTask<ulong> NextAsync(TenantContext tenant, CancellationToken ct)
    {
        var (_, rows) = await _reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadTenant), ct).ConfigureAwait(false);
        return MemoryMarshal.Read<TenantView>(rows).NextEvent;
    }

    /// <summary>A wallet's number by id or external id; 0 = the tenant has none.</summary>
    public async ValueTask<ulong> WalletAsync(TenantContext tenant, string name, CancellationToken ct)
    {
        var (result, rows) = await _reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadWallet, Name: name), ct).ConfigureAwait(false);
        return result == LedgerResult.Accepted ? MemoryMarshal.Read<WalletView>(rows).Number : 0;
    }
}
