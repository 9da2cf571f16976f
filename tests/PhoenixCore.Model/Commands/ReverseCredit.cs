using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Undoes a credit in part or as a whole. Amount null: what is not undone yet.</summary>
public sealed record ReverseCredit(int Transaction, BigInteger? Amount) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"ReverseCredit({Transaction}, {Amount})";
}
