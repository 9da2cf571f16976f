using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Shard.Shadow;

/// <summary>Applies durable facts to books of its own on a thread behind the shard, and compares: every balance that a fact says, and in turns every account in memory (ADR 0023).</summary>
/// <remarks>An account that differs is told once, its wallet is frozen, and its postings since both last agreed are handed to whoever keeps them. It stops nobody.</remarks>
public sealed unsafe class ShadowChecker : IDisposable
{
    private const int StepBack = 5;
    private const int IdleMilliseconds = 100;
    private const int RowsOfSlice = 256;
    private const int FirstAccount = 1;

    private readonly LedgerShard _shard;
    private readonly long _everyFacts;
    private readonly Action<OperatorNote>? _log;
    private readonly Action<ShadowMismatch>? _onMismatch;
    private readonly ShadowBooks _books = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private JournalCursor? _cursor;
    private ulong _through;
    private long _mismatches;
    private long _rounds;
    private int _next = FirstAccount;

    /// <summary>Takes the accounts over as recovery has made them; before anything is sent.</summary>
    internal ShadowChecker(LedgerShard shard, LedgerCore ledger, long everyFacts, Action<OperatorNote>? log, Action<ShadowMismatch>? onMismatch)
    {
        (_shard, _everyFacts, _log, _onMismatch, _through) = (shard, everyFacts, log, onMismatch, ledger.Sequence);
        Span<AccountAuditView> rows = new AccountAuditView[RowsOfSlice];
        for (int from = FirstAccount, read; (read = ledger.AuditAccounts(from, rows)) > 0; from += read)
        {
            foreach (ref readonly var row in rows[..read]) _books.Put(row, ledger.Sequence);
        }

        _thread = new Thread(Run) { Name = "phoenix-shadow", IsBackground = true };
    }

    /// <summary>Sequence of the last fact that it has seen.</summary>
    public ulong Through => Volatile.Read(ref _through);

    /// <summary>Accounts that differed, since the start.</summary>
    public long Mismatches => Volatile.Read(ref _mismatches);

    /// <summary>How often every account in memory was compared, since the start.</summary>
    public long Rounds => Volatile.Read(ref _rounds);

    internal void Start() => _thread.Start();

    /// <summary>Before the shard's threads end: it may be waiting for an answer.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        if (_thread.IsAlive) _thread.Join();
        _cursor?.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        BackgroundThread.StepBack(StepBack);
        try
        {
            _cursor = _shard.History.OpenCursor(_through + 1);
            while (!_stop.IsCancellationRequested)
            {
                var until = _through + (ulong)_everyFacts;
                if (!ReadTo(until)) _stop.Token.WaitHandle.WaitOne(IdleMilliseconds);
                CompareSlice();
            }
        }
        catch (OperationCanceledException)
        {
            // The shard has ended.
        }
        catch (Exception error)
        {
            // Whatever it is: the shadow stops nobody, and says that it watches no more.
            _log?.Invoke(ShadowNotes.Ended($"shadow: ended at sequence {_through}: {error.Message}"));
        }
    }

    /// <returns>Whether there were so many durable facts.</returns>
    private bool ReadTo(ulong sequence)
    {
        while (_through < sequence && !_stop.IsCancellationRequested)
        {
            if (!_cursor!.MoveNext()) return false;
            var header = _cursor.Header;
            fixed (byte* payload = _cursor.Payload)
            {
                foreach (var part in new FactParts(payload))
                {
                    foreach (ref readonly var posting in part.Postings) Add(header, posting);
                }
            }

            Volatile.Write(ref _through, header.Sequence);
        }

        return true;
    }

    private void Add(in RecordHeader header, in Posting posting)
    {
        var differs = _books.Move(posting);
        if (differs == PostingSides.None) return;
        if ((differs & PostingSides.Debit) != 0) Raise(posting.DebitWallet, posting.Has(PostingFlags.DebitReserved), posting.DebitAfter, header, posting.Asset);
        if ((differs & PostingSides.Credit) != 0) Raise(posting.CreditWallet, posting.Has(PostingFlags.CreditReserved), posting.CreditAfter, header, posting.Asset);
    }

    private void Raise(ulong wallet, bool isReserved, Int128 after, in RecordHeader header, int asset)
    {
        var expected = _books.Of(wallet, asset).Balance;
        Raise(ShadowFlaw.Fact, header.Sequence, header.Tenant, wallet, asset, isReserved ? expected with { Reserved = after } : expected with { Available = after });
    }

    /// <summary>Asks the live state for some accounts, reads up to the fact that they have seen, compares.</summary>
    private void CompareSlice()
    {
        var call = _shard.Rent();
        try
        {
            var reply = (ReplyBlock*)call.Keep(ReplyBlock.SizeBytes + (RowsOfSlice * sizeof(AccountAuditView)));
            *reply = new ReplyBlock { Waiter = call.Index, Room = RowsOfSlice * sizeof(AccountAuditView) };
            (call.Command->Kind, call.Command->Subject, call.Command->Amount) = (CommandKind.AuditAccounts, (ulong)_next, RowsOfSlice);
            call.Command->Reply = reply;
            Await(call);
            ReadTo(reply->Sequence);
            if (_through != reply->Sequence) return; // stopped on the way
            Compare(new ReadOnlySpan<AccountAuditView>((byte*)reply + ReplyBlock.SizeBytes, reply->Bytes / sizeof(AccountAuditView)));
        }
        finally
        {
            call.Return();
        }
    }

    private void Compare(ReadOnlySpan<AccountAuditView> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (_books.Agrees(row, _through)) continue;
            var found = new ShadowBalance(row.Available, row.Reserved);
            var flaw = _books.Of(row.Wallet, row.Asset).Balance == found ? ShadowFlaw.Parts : ShadowFlaw.LiveRow;
            Raise(flaw, _through, row.Tenant, row.Wallet, row.Asset, found);
        }

        _next += rows.Length;
        if (rows.Length == RowsOfSlice) return;
        _next = FirstAccount;
        Interlocked.Increment(ref _rounds);
    }

    private void Raise(ShadowFlaw flaw, ulong sequence, uint tenant, ulong wallet, int asset, ShadowBalance found)
    {
        var (expected, agreedAt) = _books.Of(wallet, asset);
        _books.GiveUp(wallet, asset);
        Interlocked.Increment(ref _mismatches);
        var frozen = Freeze(tenant, wallet);
        _log?.Invoke(ShadowNotes.Differs(
            $"shadow: {flaw} of wallet {wallet}, asset {asset}, tenant {tenant} at sequence {sequence} is not what its postings give; both agreed at {agreedAt}. {(frozen ? "The wallet is frozen." : "The wallet could not be frozen.")}"));
        _onMismatch?.Invoke(new ShadowMismatch(flaw, sequence, agreedAt, tenant, wallet, asset, expected, found, ReplayOf(wallet, asset, agreedAt, sequence)));
    }

    private List<ShadowStep> ReplayOf(ulong wallet, int asset, ulong after, ulong upTo)
    {
        var steps = new List<ShadowStep>();
        using var cursor = _shard.History.OpenCursor(after + 1);
        while (cursor.MoveNext() && cursor.Header.Sequence <= upTo)
        {
            fixed (byte* payload = cursor.Payload)
            {
                foreach (var part in new FactParts(payload))
                {
                    foreach (ref readonly var posting in part.Postings)
                    {
                        if (posting.Asset != asset) continue;
                        if (posting.DebitWallet == wallet) steps.Add(new ShadowStep(cursor.Header.Sequence, -posting.Amount, posting.Has(PostingFlags.DebitReserved), posting.DebitAfter));
                        if (posting.CreditWallet == wallet) steps.Add(new ShadowStep(cursor.Header.Sequence, posting.Amount, posting.Has(PostingFlags.CreditReserved), posting.CreditAfter));
                    }
                }
            }
        }

        return steps;
    }

    /// <summary>Nothing more leaves the account until somebody has looked.</summary>
    private bool Freeze(uint tenant, ulong wallet)
    {
        var call = _shard.Rent();
        try
        {
            (call.Command->Kind, call.Command->Tenant, call.Command->Wallet, call.Command->Subject) = (CommandKind.SetWalletStatus, tenant, wallet, (ulong)WalletAction.Freeze);
            Await(call);
            return call.Reply->Result == LedgerResult.Accepted;
        }
        finally
        {
            call.Return();
        }
    }

    /// <exception cref="InvalidOperationException">The shard has failed and will never answer.</exception>
    private void Await(ShardCall call)
    {
        var sent = _shard.SendAsync(call, _stop.Token).AsTask();
        if (Task.WaitAny(sent, _shard.Fault) == 1) throw new InvalidOperationException("the shard has failed");
        sent.GetAwaiter().GetResult();
    }
}
