namespace PhoenixCore;

/// <summary>Compiled into the simulation's own copy of the rooms, and into nothing that ships: which planted bug is awake.</summary>
internal static class Mutant
{
    /// <summary>0 = none.</summary>
    internal static int Number = 0;

    internal static bool Is(int number) => Number == number;
}
