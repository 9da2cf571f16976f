namespace PhoenixCore.Model.Policies;

/// <summary>A policy at a version, as a lot has it.</summary>
public sealed record PolicyPin(int Policy, int Version);
