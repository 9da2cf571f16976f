namespace PhoenixCore.Model.Policies;

/// <summary>Numbers with numbers, texts with texts; a missing field or another type compares as false, with <see cref="NotEqual"/> and <see cref="NotIn"/> as true.</summary>
public enum Comparison
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>Not the same.</summary>
    NotEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or the same.</summary>
    GreaterOrEqual,

    /// <summary>Less.</summary>
    Less,

    /// <summary>Less or the same.</summary>
    LessOrEqual,

    /// <summary>One of these.</summary>
    In,

    /// <summary>None of these.</summary>
    NotIn,

    /// <summary>The text has the part.</summary>
    Contains,

    /// <summary>The field is there, or (no) is missing.</summary>
    Exists,
}
