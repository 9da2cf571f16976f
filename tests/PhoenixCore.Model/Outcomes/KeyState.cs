namespace PhoenixCore.Model;

/// <summary>What is known of an idempotency key.</summary>
public enum KeyState
{
    /// <summary>No command with this key was decided.</summary>
    Unknown,

    /// <summary>A command was decided; its outcome is remembered.</summary>
    Known,

    /// <summary>Closed: no command with this key will ever be decided.</summary>
    Closed,
}
