using System.Runtime.InteropServices;

namespace PhoenixCore.Shard.Metering;

/// <summary>A number for each loop, on its own cache lines.</summary>
internal sealed class LoopSteps
{
    private Lines _lines;

    public void Sequencer() => Volatile.Write(ref _lines.Sequencer, unchecked(_lines.Sequencer + 1));

    public void Committer() => Volatile.Write(ref _lines.Committer, unchecked(_lines.Committer + 1));

    public void Answering() => Volatile.Write(ref _lines.Answering, unchecked(_lines.Answering + 1));

    public (long Sequencer, long Committer, long Answering) Read() => (Volatile.Read(ref _lines.Sequencer), Volatile.Read(ref _lines.Committer), Volatile.Read(ref _lines.Answering));

    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct Lines
    {
        [FieldOffset(128)] public long Sequencer;
        [FieldOffset(256)] public long Committer;
        [FieldOffset(384)] public long Answering;
    }
}
