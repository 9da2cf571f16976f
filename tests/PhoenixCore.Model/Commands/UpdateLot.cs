namespace PhoenixCore.Model;

/// <summary>Changes the terms of a lot. ExpiresAt in unix nanoseconds; null: stays. Attributes null: stay; empty: none from now on.</summary>
public sealed record UpdateLot(int Lot, long? ExpiresAt, string? Attributes) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"UpdateLot({Lot}, expires={ExpiresAt}, attributes={(Attributes is null ? "as they are" : $"'{Attributes}'")})";
}
