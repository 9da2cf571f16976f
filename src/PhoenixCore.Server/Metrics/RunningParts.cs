using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge.History;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Metrics;

/// <summary>The parts of a server that has recovered.</summary>
internal sealed record RunningParts(LedgerShard Shard, TenantRegistry Tenants, Gate Gate, WebhookDispatcher Webhooks, EventStreams Streams, LedgerHistory History);
