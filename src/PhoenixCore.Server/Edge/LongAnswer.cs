using System.Runtime.CompilerServices;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Gives a call a larger place for its answer than the one it was born with.</summary>
internal static unsafe class LongAnswer
{
    /// <summary>Bytes of rows: 100 wallets or lots, or the balances of a wallet in a thousand assets.</summary>
    private const int Room = 128 * 1_024;

    /// <summary>Before the call is sent.</summary>
    public static void MakeRoom(ShardCall call)
    {
        var block = (ReplyBlock*)call.Keep(ReplyBlock.SizeBytes + Room);
        *block = *call.Reply;
        block->Room = Room;
        call.Command->Reply = block;
    }

    public static ReplyBlock* ReplyOf(ShardCall call) => (ReplyBlock*)call.Command->Reply;

    /// <summary>The answer's bytes, wherever they lie.</summary>
    public static ReadOnlySpan<byte> Of(ShardCall call)
    {
        var block = ReplyOf(call);
        return new ReadOnlySpan<byte>((byte*)block + ReplyBlock.SizeBytes, Math.Min(block->Bytes, block->Room));
    }
}
