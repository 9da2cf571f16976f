using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Deciding and applying leave nothing for the garbage collector.</summary>
public sealed unsafe class AllocationTests : IDisposable
{
    private const int Operations = 10_000;

    private readonly Bookshop _books = new();

    public AllocationTests() => _books.Rig.Keeps = false;

    public void Dispose() => _books.Dispose();

    [Theory]
    [InlineData(SelectionStrategy.Fifo)]
    [InlineData(SelectionStrategy.ExpiringFirst)]
    public void No_transfer_allocates(SelectionStrategy strategy)
    {
        _books.Credit("ann", 1_000_000);
        _books.Credit("bob", 1_000_000);
        var there = _books.Transfer("ann", "bob", 3);
        var back = _books.Transfer("bob", "ann", 3);
        there->Strategy = back->Strategy = strategy;
        AllocatesNothing(() =>
        {
            Do(there);
            Do(back);
        });
    }

    [Fact]
    public void No_reservation_and_no_capture_allocates()
    {
        _books.Credit("ann", 1_000_000);
        _books.Credit("bob", 1);
        var reserve = _books.Of(CommandKind.CreateReservation, "ann", 2);
        var commit = _books.Commit(0, 1, "bob");
        var release = _books.Release(0);
        AllocatesNothing(() =>
        {
            Do(reserve);
            commit->Subject = Numbers.Of(_books.Rig.Ledger.Sequence, 1);
            Do(commit);
            Do(reserve);
            release->Subject = Numbers.Of(_books.Rig.Ledger.Sequence, 1);
            Do(release);
        });
    }

    [Fact]
    public void No_keyed_command_accepted_refused_or_repeated_allocates()
    {
        _books.Credit("ann", 1_000_000);
        _books.Credit("bob", 1);
        var transfer = _books.Transfer("ann", "bob", 1);
        var refused = _books.Transfer("bob", "ann", Int128.One << 80);
        transfer->Flags |= CommandFlags.HasKey;
        refused->Flags |= CommandFlags.HasKey;
        transfer->KeysCheckedTo = refused->KeysCheckedTo = ulong.MaxValue;
        AllocatesNothing(() =>
        {
            transfer->KeyLo += 2;
            refused->KeyLo = transfer->KeyLo + 1;
            Do(transfer);
            Do(refused, LedgerResult.InsufficientBalance);
            Do(transfer);
        });
    }

    private void Do(Command* command, LedgerResult expected = LedgerResult.Accepted)
    {
        var outcome = _books.Rig.Execute(command, _books.Now);
        if (outcome.Result != expected) throw new InvalidOperationException(outcome.Result.ToString());
    }

    private static void AllocatesNothing(Action round)
    {
        for (var i = 0; i < 200; i++) round();
        // The compiler may still replace code on a busy machine, and its first pass allocates; what a command allocates, it does in every pass.
        var allocated = long.MaxValue;
        for (var pass = 0; pass < 3 && allocated != 0; pass++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Operations; i++) round();
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }
}
