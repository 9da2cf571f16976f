namespace PhoenixCore.Server.Hosting;

/// <summary>Whom the process speaks to.</summary>
public enum LogFormat
{
    /// <summary>People: lines on standard output, logs on standard error.</summary>
    Human,

    /// <summary>Machines: all events as JSON on standard output, one on a line.</summary>
    Json,
}
