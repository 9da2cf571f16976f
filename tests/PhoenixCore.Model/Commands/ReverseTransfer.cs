using System.Numerics;

namespace PhoenixCore.Model;

/// <summary>Undoes a transfer, or a capture to a wallet, in part or as a whole. Amount null: what is not undone yet.</summary>
public sealed record ReverseTransfer(int Transaction, BigInteger? Amount) : ModelCommand
{
    /// <inheritdoc/>
    public override string Describe() => $"ReverseTransfer({Transaction}, {Amount})";
}
