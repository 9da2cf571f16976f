using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PhoenixCore.Journal.Recovery;

/// <summary>Device → verification → visitor. With threads of its own the three overlap, so that a cold start is as fast as its slowest stage.</summary>
internal sealed unsafe class ReplayPipeline(BlockReader reader, JournalScan scan, IRecordVisitor? visitor, RecoveryProgress? progress)
{
    private const int ThreadedBlocks = 6;
    private const int ThreadedBlockBytes = 4 << 20;
    private const int InlineBlockBytes = 1 << 20;

    /// <summary>Everything on the calling thread.</summary>
    public void RunInline(long largestSegment)
    {
        using var block = new ScanBlock((int)Math.Min(InlineBlockBytes, Math.Max(Page.Size, Page.RoundUp(largestSegment))));
        while (reader.TryFill(block))
        {
            scan.Feed(block);
            Visit(block);
        }
    }

    /// <summary>Reading and verifying on two threads, visiting on the calling one.</summary>
    public void RunThreaded()
    {
        using var free = new BlockingCollection<ScanBlock>();
        using var filled = new BlockingCollection<ScanBlock>();
        using var verified = new BlockingCollection<ScanBlock>();
        using var stop = new CancellationTokenSource();
        var blocks = Enumerable.Range(0, ThreadedBlocks).Select(_ => new ScanBlock(ThreadedBlockBytes)).ToArray();
        ExceptionDispatchInfo? failure = null;
        foreach (var block in blocks)
            free.Add(block);

        var reading = Start("journal-read", () => Move(free, filled, block => reader.TryFill(block), stop.Token));
        var verifying = Start("journal-verify", () => Move(filled, verified, block => { scan.Feed(block); return true; }, stop.Token));
        try
        {
            foreach (var block in verified.GetConsumingEnumerable(stop.Token))
            {
                Visit(block);
                free.Add(block);
            }
        }
        catch (OperationCanceledException) when (Volatile.Read(ref failure) is not null)
        {
            // The stage that failed has said why; it is thrown below.
        }
        finally
        {
            stop.Cancel();
            reading.Join();
            verifying.Join();
            foreach (var block in blocks)
                block.Dispose();
        }
        failure?.Throw();

        Thread Start(string name, Action stage)
        {
            var thread = new Thread(() =>
            {
                try
                {
                    stage();
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    // Another stage failed or the visitor threw.
                }
                catch (Exception error)
                {
                    Interlocked.CompareExchange(ref failure, ExceptionDispatchInfo.Capture(error), null);
                    stop.Cancel();
                }
            })
            { Name = name, IsBackground = true };
            thread.Start();
            return thread;
        }
    }

    private static void Move(BlockingCollection<ScanBlock> from, BlockingCollection<ScanBlock> to, Func<ScanBlock, bool> work, CancellationToken stop)
    {
        foreach (var block in from.GetConsumingEnumerable(stop))
        {
            if (!work(block))
                break;
            to.Add(block, stop);
        }
        to.CompleteAdding();
    }

    private void Visit(ScanBlock block)
    {
        if (visitor is not null)
        {
            foreach (var piece in block.Pieces)
                visitor.VisitRun(piece.Records, piece.Bytes, piece.Count);
        }
        progress?.Advance(block.Bytes);
    }
}
