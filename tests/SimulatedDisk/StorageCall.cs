namespace PhoenixCore.Journal.Simulation;

/// <summary>One call to the storage, in the order of the calls.</summary>
public readonly record struct StorageCall(int Number, string Operation, string File);
