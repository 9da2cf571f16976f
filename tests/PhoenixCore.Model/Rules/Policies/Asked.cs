using System.Numerics;
using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>One list of rules that is asked. Pin null: a lot's restrictions. Amount: whole on layers 1–2, the slice on 3–4. OfNewLot: about the lot that a credit makes.</summary>
internal sealed record Asked(Question Question, int Layer, PolicyPin? Pin, Lot? Lot, BigInteger Amount)
{
    public bool OfNewLot { get; init; }
}
