using Microsoft.Extensions.Logging;

namespace PhoenixCore.Grpc;

/// <summary>Numbers of what this room logs: 4101 to 4199.</summary>
public static class GrpcEvents
{
    public static readonly EventId CallFailed = new(4101, nameof(CallFailed));
    public static readonly EventId ClientStalled = new(4102, nameof(ClientStalled));
    public static readonly EventId ClientLeft = new(4103, nameof(ClientLeft));

    public static IReadOnlyList<EventId> All { get; } = [CallFailed, ClientStalled, ClientLeft];
}
