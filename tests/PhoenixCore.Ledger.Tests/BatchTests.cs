using System.Text;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Several operations in one fact: each sees the ones before it, and none stays when one is refused.</summary>
public sealed unsafe class BatchTests : IDisposable
{
    private readonly Bookshop _books = new();

    public void Dispose() => _books.Dispose();

    [Fact]
    public void A_leg_spends_what_the_leg_before_it_brought()
    {
        _books.Credit("ann", 10);
        _books.Accept(_books.Several(CommandKind.TransferLegs, (nint)_books.Transfer("ann", "bob", 10), (nint)_books.Transfer("bob", "pool", 10), (nint)_books.Transfer("pool", "ann", 4)));
        Assert.Equal((4, 0, 6), ((int)_books.Balance("ann").Available, (int)_books.Balance("bob").Available, (int)_books.Balance("pool").Available));
    }

    [Fact]
    public void A_refused_leg_takes_the_legs_before_it_back()
    {
        _books.Credit("ann", 10);
        var legs = _books.Several(CommandKind.TransferLegs, (nint)_books.Transfer("ann", "bob", 10), (nint)_books.Transfer("bob", "pool", 11));
        _books.Refuse(LedgerResult.InsufficientBalance, legs);
        Assert.Equal(1, _books.Run(legs).RefusedIndex);
    }

    [Fact]
    public void A_wallet_made_in_a_batch_receives_in_the_same_batch()
    {
        var credit = _books.Of(CommandKind.CreateCredit, "eve", 5);
        _books.Accept(_books.Several(CommandKind.AtomicBatch, (nint)_books.Wallet("eve", pooled: false), (nint)credit, (nint)_books.Transfer("eve", "bob", 2)));
        Assert.Equal((3, 2), ((int)_books.Balance("eve").Available, (int)_books.Balance("bob").Available));
    }

    [Fact]
    public void A_batch_in_a_batch_and_an_operation_of_another_tenant_are_refused()
    {
        _books.Rig.MakeTenant(2);
        var inner = _books.Several(CommandKind.AtomicBatch, (nint)_books.Wallet("eve", pooled: false));
        var legs = _books.Several(CommandKind.TransferLegs, (nint)_books.Transfer("ann", "bob", 1));
        var question = _books.New(CommandKind.KeyStatus);
        var foreign = _books.Wallet("eve", pooled: false);
        foreign->Tenant = 2;
        foreach (var operation in (nint[])[(nint)inner, (nint)legs, (nint)question, (nint)foreign])
        {
            var batch = _books.Several(CommandKind.AtomicBatch, (nint)_books.Wallet("zoe", pooled: false), operation);
            _books.Refuse(LedgerResult.OperationNotAllowed, batch);
            Assert.Equal(1, _books.Run(batch).RefusedIndex);
        }
    }

    [Theory]
    [InlineData(CommandKind.AtomicBatch, 1_024)]
    [InlineData(CommandKind.TransferLegs, 100)]
    public void The_largest_number_of_operations_passes_and_one_more_is_refused(CommandKind kind, int most)
    {
        _books.Bounds("pool", floor: -1_000_000, ceiling: null);
        var operation = (nint)_books.Transfer("pool", "bob", 1);
        _books.Accept(_books.Several(kind, [.. Enumerable.Repeat(operation, most)]));
        _books.Refuse(LedgerResult.TooManyOperations, _books.Several(kind, [.. Enumerable.Repeat(operation, most + 1)]));
        _books.Refuse(LedgerResult.TooManyOperations, _books.Several(kind));
        Assert.Equal(most, _books.Balance("bob").Available);
    }

    [Fact]
    public void Many_assets_in_one_batch_fit_small_tables()
    {
        var operations = new nint[700];
        for (var i = 0; i < operations.Length; i++)
        {
            var asset = _books.New(CommandKind.CreateAsset);
            asset->AssetCode = AssetCode.Pack(Encoding.ASCII.GetBytes("A" + i));
            operations[i] = (nint)asset;
        }

        _books.Accept(_books.Several(CommandKind.AtomicBatch, operations));
        using var replayed = _books.Rig.Replay();
        Assert.Equal(_books.Rig.Ledger.Digest(), replayed.Digest());
    }
}
