using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>What evaluations say, told as stories; every story ends with a replay.</summary>
public sealed unsafe class EvaluationTests : IDisposable
{
    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Fact]
    public void An_evaluation_says_what_each_lot_would_give()
    {
        _books.Shop.Accept(_books.Crediting("ann", 25, restrictions: [new IntentRule { Id = "no", Denied = ["cashout"] }]));
        _books.Shop.Credit("ann", 100);
        var (result, verdicts) = _books.Evaluate(_books.With(_books.Debit("ann", 110), "cashout"), PolicyOperation.Consume);
        Assert.Equal(LedgerResult.PolicyViolation, result);
        Assert.Equal([(1, true, 0), (2, true, 0), (4, false, 0), (3, true, 100)], verdicts.Select(verdict => (verdict.Layer, verdict.IsAllowed, (int)verdict.Amount)));
        Assert.Equal(LedgerResult.Accepted, _books.Evaluate(_books.Debit("ann", 110), PolicyOperation.Consume).Result);
    }

    [Fact]
    public void An_evaluation_knows_a_closed_receiver_and_an_asset_that_is_not_issued()
    {
        _books.Shop.Credit("ann", 100);
        _books.Shop.Accept(Closing("bob"));
        Assert.Equal(LedgerResult.WalletClosed, _books.Evaluate(_books.Shop.Transfer("ann", "bob", 1), PolicyOperation.TransferOut).Result);
        _books.Shop.Refuse(LedgerResult.WalletClosed, _books.Shop.Transfer("ann", "bob", 1));

        var stop = _books.Shop.New(CommandKind.SetAssetStatus);
        stop->AssetCode = Bookshop.Points;
        _books.Shop.Accept(stop);
        Assert.Equal(LedgerResult.AssetInactive, _books.Evaluate(_books.Shop.Of(CommandKind.CreateCredit, "ann", 1), PolicyOperation.Credit).Result);
        _books.Shop.Refuse(LedgerResult.AssetInactive, _books.Shop.Of(CommandKind.CreateCredit, "ann", 1));
        Assert.Equal(LedgerResult.Accepted, _books.Evaluate(_books.Debit("ann", 1), PolicyOperation.Consume).Result);
    }

    private Command* Closing(string wallet)
    {
        var command = _books.Shop.Of(CommandKind.SetWalletStatus, wallet, 0);
        command->Subject = (ulong)WalletAction.Close;
        return command;
    }
}
