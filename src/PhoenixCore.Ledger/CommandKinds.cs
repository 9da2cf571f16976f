using System.Runtime.CompilerServices;

namespace PhoenixCore.Ledger;

/// <summary>What sorts commands.</summary>
public static class CommandKinds
{
    /// <summary>Reads, questions about keys, what the shard itself asks for and what operators write down: no effect on the books.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsQuestion(this CommandKind kind) =>
        kind is (>= CommandKind.KeyStatus and <= CommandKind.StartEpoch) or CommandKind.ReadLotChange or CommandKind.RecordAdminAction or >= CommandKind.EvaluatePolicy;

    /// <summary>Undoes what an older fact did; its arguments are <see cref="OriginalSlice"/>s.</summary>
    public static bool IsReversal(this CommandKind kind) => kind is CommandKind.ReverseCredit or CommandKind.ReverseTransfer;

    /// <summary>Made from texts that the ledger held a moment before: stands alone, so that it can be made again.</summary>
    public static bool IsUpdate(this CommandKind kind) => kind is CommandKind.UpdateWallet or CommandKind.UpdateAsset;
}
