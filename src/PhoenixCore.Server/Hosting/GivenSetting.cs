namespace PhoenixCore.Server.Hosting;

/// <summary>A setting as a start found it.</summary>
/// <param name="Value">As it was given; of a secret only whether it was.</param>
/// <param name="Origin">default, or the flag, variable or file that gave it.</param>
public sealed record GivenSetting(string Name, string Value, string Origin);
