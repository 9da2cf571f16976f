using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Journal;

/// <summary>Conditions that only a bug of ours can break. They stay on in release and cost one compare.</summary>
internal static class Invariant
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void That(
        [DoesNotReturnIf(false)] bool condition,
        [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition)
            Break(expression);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Break(string expression) =>
        throw new InvalidOperationException($"Journal invariant broken: {expression}");
}
