using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Sequencer;
using PhoenixCore.Shard.Metering;

namespace PhoenixCore.Shard.Loops;

/// <summary>The three threads of a shard. All else is step machines.</summary>
internal sealed class ShardThreads(
    SequencerLoop sequencer, CommitterLoop committer, AnsweringLoop answering, CommandRing<Command> ring, GroupQueue groups,
    IWaitStrategy sequencerWait, IWaitStrategy committerWait, IWaitStrategy answeringWait, Journal.Journal journal, LoopSteps steps, Action<ShardFault> onFault)
{
    private const int IdleMicroseconds = 100_000; // due reservations are looked for at least ten times a second
    private const int SealCheckMicroseconds = 10_000;
    private readonly List<Thread> _threads = [];
    private volatile bool _stopSequencer;
    private volatile bool _stopRest;
    private int _faulted;
    private long _sequencerBytes;
    private long _committerBytes;

    public void Start()
    {
        Run("phoenix-sequencer", RunSequencer);
        Run("phoenix-committer", RunCommitter);
        Run("phoenix-answering", RunAnswering);
    }

    /// <summary>Bytes that the sequencer and the committer have allocated on the garbage-collected heap, as of their last 4,096th and 256th step.</summary>
    public long LoopAllocations => Volatile.Read(ref _sequencerBytes) + Volatile.Read(ref _committerBytes);

    /// <summary>Finishes what was published, makes it durable, answers it, ends. Producers must have stopped.</summary>
    public void Stop()
    {
        _stopSequencer = true;
        sequencerWait.Signal();
        _threads[0].Join();
        _stopRest = true;
        committerWait.Signal();
        answeringWait.Signal();
        _threads[1].Join();
        _threads[2].Join();
    }

    private void Run(string name, Action body)
    {
        var thread = new Thread(() => Guard(body)) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void Guard(Action body)
    {
        try
        {
            body();
        }
        catch (Exception e)
        {
            // One fault ends the shard; what follows from it on the other threads is noise.
            if (Interlocked.Exchange(ref _faulted, 1) == 0) onFault(new ShardFault(e is JournalIoException ? ShardFault.StorageFailed : ShardFault.InvariantBroken, e));
        }
    }

    private void RunSequencer()
    {
        var step = 0;
        while (_faulted == 0)
        {
            sequencer.Seat.Take();
            do
            {
                // Nobody else comes in while there is work: the committer has its own then.
                if (((step = unchecked(step + 1)) & 4_095) == 0) Volatile.Write(ref _sequencerBytes, GC.GetAllocatedBytesForCurrentThread());
                steps.Sequencer();
            }
            while (sequencer.Step() && _faulted == 0);

            if (_stopSequencer && ring.Available(1) == 0 && groups.Open is { Count: 0 } or null && groups.IsCommitterIdle)
            {
                sequencer.Seat.Leave();
                return;
            }

            if (sequencer.IsHeldUp)
            {
                sequencer.Seat.Leave();
                Thread.Sleep(1); // the preparer makes room and signals nobody
            }
            else
            {
                sequencer.Wait(sequencerWait, IdleMicroseconds);
            }
        }
    }

    private void RunCommitter()
    {
        for (var step = 0; _faulted == 0; step = unchecked(step + 1))
        {
            if ((step & 255) == 0) Volatile.Write(ref _committerBytes, GC.GetAllocatedBytesForCurrentThread());
            steps.Committer();
            if (committer.Step()) continue;
            if (_stopRest) return;
            if (!committerWait.Wait(groups, SealCheckMicroseconds)) journal.SealIfIdle(Environment.TickCount64);
        }
    }

    private void RunAnswering()
    {
        while (_faulted == 0)
        {
            steps.Answering();
            if (answering.Step()) continue;
            if (_stopRest && !answering.HasWork) return;
            answeringWait.Wait(answering, IdleMicroseconds);
        }
    }
}
