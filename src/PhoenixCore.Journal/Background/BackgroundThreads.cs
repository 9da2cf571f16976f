namespace PhoenixCore.Journal.Background;

/// <summary>The journal's own threads, one for each kind of background work.</summary>
internal sealed class BackgroundThreads(JournalBackground work) : IDisposable
{
    private const int LowestPriority = 19;
    private const int LowPriority = 5;

    private readonly ManualResetEventSlim _stop = new(false, spinCount: 0); // what it is waited with is milliseconds: looking for it would only cost
    private readonly List<Thread> _threads = [];

    public void Start()
    {
        Run("journal-prepare", work.Segments, 0);
        Run("journal-index", work.SideIndexes, LowestPriority); // only the lookups of history wait for it
        if (work.Keys is { } keys)
            Run("journal-keys", keys, LowPriority);
    }

    /// <summary>Stops the threads and waits for the piece of work they are at.</summary>
    public void Dispose()
    {
        _stop.Set();
        foreach (var thread in _threads)
            thread.Join();
        _stop.Dispose();
    }

    private void Run(string name, IBackgroundWork piecework, int priority)
    {
        var thread = new Thread(() => Loop(piecework, priority)) { Name = name, IsBackground = true };
        _threads.Add(thread);
        thread.Start();
    }

    private void Loop(IBackgroundWork piecework, int priority)
    {
        // Without the right to ask for this it just runs like the others.
        if (priority != 0)
            BackgroundThread.StepBack(priority);
        while (!_stop.IsSet)
        {
            if (piecework.Step() is > 0 and var pause)
                _stop.Wait(pause);
        }
    }
}
