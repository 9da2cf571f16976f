using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger;

/// <summary>Checks that stay on in release: each costs one compare, and a broken one is our bug.</summary>
public static class Invariant
{
    /// <exception cref="InvariantBrokenException">The condition is false; the shard must stop.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void That([DoesNotReturnIf(false)] bool condition, [CallerArgumentExpression(nameof(condition))] string expression = "")
    {
        if (!condition) Break(expression);
    }

    [DoesNotReturn]
    private static void Break(string expression) => throw new InvariantBrokenException(expression);
}
