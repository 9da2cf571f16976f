namespace PhoenixCore.Server.Edge.Policies;

/// <summary>A policy, restriction or context that cannot be read; the message is for its author.</summary>
internal sealed class PolicySyntaxException(string message) : Exception(message);
