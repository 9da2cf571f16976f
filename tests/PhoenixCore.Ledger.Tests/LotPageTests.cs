using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Ledger.State;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Pages of lots go on behind a lot, with the help of its handle, and miss none whatever became of it.</summary>
public sealed unsafe class LotPageTests : IDisposable
{
    private const int Lots = 40;
    private readonly Bookshop _books = new();

    public LotPageTests()
    {
        _books.Run(_books.Wallet("many", pooled: false));
        _books.Run(_books.Wallet("other", pooled: false));
        for (var i = 1; i <= Lots; i++)
        {
            _books.Credit("many", i);
            _books.Credit("other", i);
        }
    }

    public void Dispose() => _books.Dispose();

    [Fact]
    public void A_hint_changes_nothing_but_the_way()
    {
        var all = _books.Lots("many");
        Assert.Equal(Lots, all.Length);
        for (var i = 0; i < Lots; i++)
        {
            var expected = all[(i + 1)..].Select(lot => lot.Number);
            Assert.Equal(expected, Behind(all[i].Number, all[i].Handle).Select(lot => lot.Number));
            Assert.Equal(expected, Behind(all[i].Number, 0).Select(lot => lot.Number));
        }
    }

    /// <summary>A lot whose place in the list is made up: only who starts there, and not at the first one, does not see those before.</summary>
    [Fact]
    public void The_walk_begins_at_the_hint()
    {
        var all = _books.Lots("many");
        Assert.Equal(Lots - 10, Behind(all[9].Number, all[9].Handle).Length);
        var (number, handle) = (all[9].Number, all[9].Handle);
        Row(all[4].Handle)->Number = number + 1; // out of order: a walk from the first would show it
        Assert.Equal(Lots - 9, Behind(number, 0).Length);
        Assert.Equal(Lots - 10, Behind(number, handle).Length);
        Row(all[4].Handle)->Number = all[4].Number;
    }

    [Fact]
    public void A_hint_that_is_no_longer_right_is_not_followed()
    {
        var (many, other) = (_books.Lots("many"), _books.Lots("other"));
        var expected = many[10..].Select(lot => lot.Number).ToArray();
        Assert.Equal(expected, Behind(many[9].Number, other[9].Handle).Select(lot => lot.Number)); // another wallet's
        Assert.Equal(expected, Behind(many[9].Number, many[20].Handle).Select(lot => lot.Number)); // another lot's
        Assert.Equal(expected, Behind(many[9].Number, int.MaxValue).Select(lot => lot.Number));
        Assert.Equal(expected, Behind(many[9].Number, 1).Select(lot => lot.Number));
        _books.Run(_books.Transfer("many", "other", 10 * 11 / 2)); // the first ten are gone, and their places may be others' now
        _books.Credit("other", 7);
        Assert.Equal(expected, Behind(many[9].Number, many[9].Handle).Select(lot => lot.Number));
    }

    private LotRow* Row(int handle) => (LotRow*)(_books.Rig.Ledger.Sections().Single(section => section.Table == StateTable.Accounts).Memory + ((long)handle * LotRow.SizeBytes));

    private LotView[] Behind(ulong number, int handle)
    {
        var question = _books.Of(CommandKind.ReadLots, "many", 0);
        (question->Other, question->Subject) = (number, (ulong)handle);
        Assert.Equal(LedgerResult.Accepted, _books.Rig.Read(question, _books.Now, out var answer));
        return MemoryMarshal.Cast<byte, LotView>(answer).ToArray();
    }
}
