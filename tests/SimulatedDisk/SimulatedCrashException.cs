namespace PhoenixCore.Journal.Simulation;

/// <summary>The power is off: this call and every later one ends here.</summary>
public sealed class SimulatedCrashException() : Exception("The simulated machine lost power.");
