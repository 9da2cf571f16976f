namespace PhoenixCore.Server.Hosting;

/// <summary>A setting that is unknown or cannot be used; the message names it and where it came from, never its value when that is a secret.</summary>
public sealed class SettingsException(string message) : Exception(message);
