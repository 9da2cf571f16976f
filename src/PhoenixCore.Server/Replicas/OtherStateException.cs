namespace PhoenixCore.Server.Replicas;

/// <summary>The leader's state is another one at a sequence that both have: this copy ends.</summary>
/// <param name="agreed">Last sequence at which both were equal; 0 = not known.</param>
internal sealed class OtherStateException(ulong agreed, string message) : Exception(message)
{
    public ulong Agreed { get; } = agreed;
}
