namespace PhoenixCore.Model.Policies;

/// <summary>One policy as seen from outside.</summary>
public sealed record PolicyView(int Id, PolicyStatus Status, int LatestVersion);
