namespace PhoenixCore.Server.Webhooks;

/// <summary>An event as one endpoint gets it.</summary>
/// <param name="Type">Its name in the body, which a header repeats.</param>
/// <param name="Body">JSON.</param>
internal sealed record RenderedEvent(string Type, byte[] Body);
