using System.Numerics;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>What an operation would be answered. Other: the other wallet, null where there is none. Asset null: to be resolved.</summary>
public sealed record EvaluationQuestion(PolicyOperation Operation, string Wallet, string? Other, BigInteger Amount, string? Asset, Selection Selection, PolicyInput Input);
