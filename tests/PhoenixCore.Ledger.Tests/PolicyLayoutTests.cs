using System.Reflection;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Policies' bytes are where they were drawn, and a governed operation allocates nothing.</summary>
public sealed unsafe class PolicyLayoutTests
{
    [Fact]
    public void Every_struct_has_its_size()
    {
        Assert.Equal((16, 72, 32, 32), (sizeof(AskedItem), sizeof(CountedItem), sizeof(LotGovernedItem), sizeof(WageredItem)));
        Assert.Equal((32, 8, 32, 104), (sizeof(LotSwitchedItem), sizeof(MemoItem), sizeof(RefusedItem), sizeof(BoundItem)));
        Assert.Equal((24, 16, 16), (sizeof(PolicyPutBody), sizeof(PolicyStatusSetBody), sizeof(PoliciesBoundBody)));
        Assert.Equal((96, 128, 32, 32, 16, 16), (sizeof(ProgramHeader), sizeof(RuleRow), sizeof(ConditionRow), sizeof(ValueRow), sizeof(ContributionRow), sizeof(ZoneRow)));
        Assert.Equal((64, 32, 64, 64, 96), (sizeof(PolicyRow), sizeof(PolicyVersionRow), sizeof(BindingRow), sizeof(CounterRow), sizeof(TermsRow)));
    }

    [Theory]
    [InlineData(typeof(AskedItem), "Policy 0 Version 8 VersionHandle 12")]
    [InlineData(typeof(CountedItem), "Rule 0 Policy 8 Owner 16 WindowStart 24 After 32 Asset 48 Handle 52 Lot 56 Flags 60")]
    [InlineData(typeof(LotGovernedItem), "Policy 0 Version 8 VersionHandle 12 Wagering 16")]
    [InlineData(typeof(WageredItem), "Lot 0 Handle 8 After 16")]
    [InlineData(typeof(LotSwitchedItem), "Lot 0 Policy 8 Handle 16 Version 20 VersionHandle 24")]
    [InlineData(typeof(RefusedItem), "Policy 0 Lot 8 Version 16 Layer 20 RuleBytes 24")]
    [InlineData(typeof(BoundItem), "Handle 0 Count 4 Policies 8 Handles 72")]
    [InlineData(typeof(PolicyPutBody), "Number 0 Handle 8 Version 12 VersionHandle 16")]
    public void Every_field_is_where_it_was_drawn(Type type, string expected)
    {
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public).Select(field => $"{field.Name} {field.GetCustomAttribute<FieldOffsetAttribute>()!.Value}");
        Assert.Equal(expected, string.Join(" ", fields));
    }

    [Fact]
    public void Nothing_is_allocated_when_rules_limits_and_lots_are_asked()
    {
        using var books = new PolicyBooks();
        var policy = books.Put(new PolicyDraft
        {
            Priority = 5,
            Rules =
            [
                new LimitRule { Window = LimitWindow.Day, Max = new(1_000_000_000) },
                new CategoryRule { Allowed = ["food"] },
                new BalanceRule { Max = new(1_000_000_000) },
            ],
        });
        books.Shop.Accept(books.With(books.Crediting("ann", 1_000_000_000, policy), null, ("category", PolicyValue.OfText("food"))));
        books.Shop.Accept(books.BindingWallet("ann", policy));
        var debit = books.With(books.Debit("ann", 1), null, ("category", PolicyValue.OfText("food")));
        var reserve = books.With(books.Reservation("ann", 2), "wager", ("category", PolicyValue.OfText("food")));
        var commit = books.Shop.Commit(0, 1, null);
        var refused = books.Debit("ann", 1);
        books.Shop.Rig.Keeps = false;
        for (var i = 0; i < 200; i++) Round();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 2_000; i++) Round();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            Do(debit, LedgerResult.Accepted);
            Do(reserve, LedgerResult.Accepted);
            commit->Subject = Numbers.Of(books.Shop.Rig.Ledger.Sequence, 1);
            Do(commit, LedgerResult.Accepted);
            Do(refused, LedgerResult.PolicyViolation);
        }

        void Do(Command* command, LedgerResult expected)
        {
            var result = books.Shop.Rig.Execute(command, books.Now).Result;
            if (result != expected) throw new InvalidOperationException(result.ToString());
        }
    }
}
