using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger;

public static class CommandKinds
{
    /// <summary>Asks, and makes no fact of its own but for epochs and closed keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsQuestion(this CommandKind kind) => kind is (>= CommandKind.KeyStatus and <= CommandKind.StartEpoch) or >= CommandKind.EvaluatePolicy;
}
