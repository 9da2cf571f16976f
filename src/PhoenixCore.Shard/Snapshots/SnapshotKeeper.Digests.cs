namespace PhoenixCore.Shard.Snapshots;

/// <summary>Digests of the running state, for copies that compare them.</summary>
public sealed partial class SnapshotKeeper
{
    private const long MarkPatienceNanoseconds = 2_000_000_000;
    private TaskCompletionSource<StateMark?>? _mark;

    /// <summary>Sequence of the last digest that was begun with <see cref="DigestAsync"/>; said before anybody can have read that record. Any thread.</summary>
    public ulong Marked => _gate.Marked;

    /// <summary>The digest of the state as of the end of the next group that is written; on a copy that follows, as of a sequence.</summary>
    /// <param name="at">Ends a run, and is not applied yet; 0 = the next group.</param>
    /// <returns>Null when a snapshot or another digest is under way or wanted, or nothing was written for a while, or the sequence was not met.</returns>
    public Task<StateMark?> DigestAsync(ulong at = 0)
    {
        TaskCompletionSource<StateMark?> mark;
        lock (_lock)
        {
            if (_ended || _work is not null || _waiting is not null || _mark is not null || _gate.IsPending) return Task.FromResult<StateMark?>(null);
            mark = _mark = new TaskCompletionSource<StateMark?>(TaskCreationOptions.RunContinuationsAsynchronously);
            if (at == 0) _gate.BeginMark();
            else _gate.BeginAt(at); // here, and not on the thread that takes it: what is received after this call may be applied at once
        }

        _wait.Signal();
        return mark.Task;
    }

    private IEnumerator<int> Digest(TaskCompletionSource<StateMark?> mark)
    {
        var until = Now + MarkPatienceNanoseconds;
        ImageDigest? digest = null;
        try
        {
            while (_gate.IsPending)
            {
                if (Now >= until || Volatile.Read(ref _waiting) is not null) _gate.Withdraw();
                yield return AwaitMilliseconds;
            }

            if (_gate.Image is not { } image)
            {
                mark.TrySetResult(null);
                yield break;
            }

            digest = new ImageDigest(image);
            while (digest.MoveNext()) yield return 0;
            mark.TrySetResult(new StateMark(_gate.Sequence, digest.Value));
        }
        finally
        {
            digest?.Dispose();
            if (_gate.Image is not null) _gate.End();
        }
    }
}
