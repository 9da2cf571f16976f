using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Credits that are given a policy where a lot cannot take one.</summary>
public sealed unsafe class PolicyCreditTests : IDisposable
{
    private readonly PolicyBooks _books = new();

    public void Dispose()
    {
        _books.Replay();
        _books.Dispose();
    }

    [Fact]
    public void The_lot_of_a_pool_is_given_no_policy()
    {
        var policy = _books.Put(new PolicyDraft { Operations = [PolicyOperation.Credit] });
        _books.Shop.Refuse(LedgerResult.PooledTerms, _books.Crediting("pool", 10, policy));
        _books.Shop.Refuse(LedgerResult.PooledTerms, _books.Crediting("pool", 10, 777)); // the terms are looked at before the policy
        _books.Shop.Credit("pool", 10);
        _books.Shop.Refuse(LedgerResult.PooledTerms, _books.Crediting("pool", 10, policy));

        Assert.Equal((0UL, 10), _books.Shop.Lots("pool").Single() is var lot ? (lot.Policy, (int)lot.Available) : default);
        _books.Shop.Accept(_books.Debit("pool", 10));
    }

    [Fact]
    public void The_policy_of_a_lot_stays_when_a_credit_adds_to_it()
    {
        var policy = _books.Put(new PolicyDraft());
        _books.Shop.Accept(_books.Crediting("ann", 10, policy));
        var lot = _books.Shop.Lots("ann").Single().Number;
        _books.Shop.Refuse(LedgerResult.PooledTerms, Adding(lot, _books.Put(new PolicyDraft())));
        _books.Shop.Refuse(LedgerResult.PooledTerms, Adding(lot, policy));
        _books.Shop.Refuse(LedgerResult.PooledTerms, Adding(lot, 777));
        _books.Shop.Refuse(LedgerResult.LotNotFound, Adding(lot + 1, policy));

        _books.Shop.Accept(Adding(lot, 0));
        Assert.Equal((policy, 15), _books.Shop.Lots("ann").Single() is var view ? (view.Policy, (int)view.Available) : default);
    }

    [Fact]
    public void What_comes_before_the_terms_is_still_refused_first()
    {
        var policy = _books.Put(new PolicyDraft());
        _books.Shop.Refuse(LedgerResult.InvalidAmount, _books.Crediting("pool", 0, policy));
        _books.Shop.Refuse(LedgerResult.SystemWallet, _books.Crediting("system:breakage", 10, policy));
    }

    private Command* Adding(ulong lot, ulong policy)
    {
        var command = _books.Crediting("ann", 5, policy);
        command->Subject = lot;
        return command;
    }
}
