namespace PhoenixCore.Model;

/// <summary>A column of an account and of a lot.</summary>
public enum Column
{
    /// <summary>Can be spent.</summary>
    Available,

    /// <summary>Held by reservations.</summary>
    Reserved,
}
