using System.Diagnostics;
using System.Runtime.InteropServices;
using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Bench;

/// <summary>What one durable write costs on this disk by itself: the figure that the load's must be read against.</summary>
internal static unsafe class SyncControl
{
    private const int WriteBytes = 4_096;
    private const int Writes = 200;
    private const string FileName = "control-write";

    /// <summary>Writes 4 KiB into reserved blocks and syncs, one after the other.</summary>
    public static Latencies Measure(IJournalStorage storage)
    {
        var latencies = new Latencies();
        var page = (byte*)NativeMemory.AlignedAlloc(WriteBytes, WriteBytes);
        try
        {
            new Span<byte>(page, WriteBytes).Fill(0x5A);
            using var file = storage.Open(FileName, JournalFileMode.CreateDirect);
            file.Reserve(WriteBytes * Writes);
            file.Sync();
            for (var i = 0; i < Writes; i++)
            {
                var start = Stopwatch.GetTimestamp();
                file.Write((long)i * WriteBytes, page, WriteBytes);
                file.SyncData();
                latencies.Add(Stopwatch.GetTimestamp() - start);
            }
        }
        finally
        {
            NativeMemory.AlignedFree(page);
        }

        storage.Delete(FileName);
        return latencies;
    }
}
