using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>One list of rules that is asked. Pin null: a lot's restrictions. Amount: whole on layers 1–2, the slice on 3–4. NewLotFrom: about a lot that is not made yet, and its source.</summary>
internal sealed record Asked(Question Question, int Layer, PolicyPin? Pin, Lot? Lot, BigInteger Amount)
{
    public string? NewLotFrom { get; init; }
}
