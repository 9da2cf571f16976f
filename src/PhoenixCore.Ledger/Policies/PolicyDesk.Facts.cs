using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

internal sealed unsafe partial class PolicyDesk
{

    private int ItemBytes => (_askedCount * (PolicyItemReader.HeaderBytes + sizeof(AskedItem))) + (_chargeCount * (PolicyItemReader.HeaderBytes + sizeof(CountedItem)))
        + (_wagerCount * (2 * PolicyItemReader.HeaderBytes + sizeof(WageredItem) + sizeof(LotSwitchedItem)));

    /// <summary>What a reservation adds for its memo.</summary>
    public int MemoBytes => (2 * PolicyItemReader.HeaderBytes) + sizeof(MemoItem) + PolicyLimits.IntentBytesMax + (_context == null ? 0 : _contextBytes);

    public bool HasMemo => HasIntent || _context != null;

    /// <summary>After the part's postings: what was asked, counted and wagered.</summary>
    public void WriteTo(ref FactWriter writer)
    {
        for (var i = 0; i < _askedCount; i++) *(AskedItem*)writer.AddPolicyItem(PolicyItemKind.Asked, sizeof(AskedItem)) = _asked[i];
        RowCursor counters = default;
        for (var i = 0; i < _chargeCount; i++)
        {
            ref var charge = ref _charges[i];
            if (charge.Handle == 0) NameCounter(i, ref counters);
            *(CountedItem*)writer.AddPolicyItem(PolicyItemKind.Counted, sizeof(CountedItem)) = charge;
        }

        for (var i = 0; i < _wagerCount; i++)
        {
            *(WageredItem*)writer.AddPolicyItem(PolicyItemKind.Wagered, sizeof(WageredItem)) = _wagers[i];
            if (_switches[i].Lot != 0) *(LotSwitchedItem*)writer.AddPolicyItem(PolicyItemKind.LotSwitched, sizeof(LotSwitchedItem)) = _switches[i];
        }
    }

    /// <summary>Of a reservation: its intent and context, for the capture.</summary>
    public void WriteMemo(ref FactWriter writer)
    {
        if (!HasMemo) return;
        var intentBytes = HasIntent ? _intentLength : 0;
        var contextBytes = _context == null ? 0 : _contextBytes;
        var item = (MemoItem*)writer.AddPolicyItem(PolicyItemKind.Memo, sizeof(MemoItem) + ((intentBytes + 7) & ~7) + contextBytes);
        *item = new MemoItem { IntentBytes = intentBytes, ContextBytes = contextBytes };
        var to = (byte*)item + sizeof(MemoItem);
        Intent[..intentBytes].CopyTo(new Span<byte>(to, intentBytes));
        new ReadOnlySpan<byte>(_context, contextBytes).CopyTo(new Span<byte>(to + ((intentBytes + 7) & ~7), contextBytes));
    }

    /// <summary>Into a remembered refusal.</summary>
    public void WriteRefusal(ref FactWriter writer)
    {
        if (!_refusal.IsGiven) return;
        var item = (RefusedItem*)writer.AddPolicyItem(PolicyItemKind.Refused, sizeof(RefusedItem) + _refusal.Item.RuleBytes);
        *item = _refusal.Item;
        fixed (byte* rule = _refusal.Rule) new ReadOnlySpan<byte>(rule, _refusal.Item.RuleBytes).CopyTo(new Span<byte>(item + 1, _refusal.Item.RuleBytes));
    }

    /// <summary>A counter that does not exist yet gets the handle that applying will give it; an earlier charge of the same operation may have taken it.</summary>
    private void NameCounter(int index, ref RowCursor counters)
    {
        ref var charge = ref _charges[index];
        for (var i = 0; i < index; i++)
        {
            ref var earlier = ref _charges[i];
            if (earlier.Rule != charge.Rule || earlier.Policy != charge.Policy || earlier.Owner != charge.Owner) continue;
            charge.Handle = earlier.Handle;
            return;
        }

        charge.Handle = _state.Counters.Upcoming(ref counters);
        charge.Flags |= CountedItem.IsNew;
    }
}
