using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

internal sealed unsafe partial class PolicyDesk
{
    private readonly WageredItem[] _wagers = new WageredItem[ItemsMax];
    private readonly LotSwitchedItem[] _switches = new LotSwitchedItem[ItemsMax];
    private int _wagerCount;

    /// <summary>Units that a new lot of the version has to be wagered for.</summary>
    public Int128 WageringOf(int version, Int128 initial)
    {
        var rule = WageringRuleOf(version, out _);
        if (rule == null) return 0;
        return rule->MinForm != AmountForm.None ? Min(rule) : PolicyMath.MultipleOf(initial, rule->Duration);
    }

    /// <summary>A settled wager lowers what remains on the account's lots, oldest first.</summary>
    public void SettleWager(int account, Int128 amount)
    {
        if (!IsWager) return;
        for (var handle = _state.Accounts.Read(account)->FirstLot; handle != 0 && amount > 0; handle = _state.Lots.Read(handle)->Next)
        {
            var lot = _state.Lots.Read(handle);
            if (lot->Wagering == 0 || (lot->Flags & LotFlags.Expired) != 0) continue;
            var rule = WageringRuleOf(_state.Terms.Read(lot->Terms)->Version, out var program);
            var percent = ContributionOf(program, rule);
            var contribution = PolicyMath.ShareOf(amount, percent);
            if (contribution == 0) continue;
            if (_wagerCount == ItemsMax)
            {
                _isOverfull = true;
                return;
            }

            var done = contribution >= lot->Wagering;
            _wagers[_wagerCount] = new WageredItem { Lot = lot->Number, Handle = handle, After = done ? 0 : lot->Wagering - contribution };
            _switches[_wagerCount] = done ? SwitchOf(lot, handle, rule) : default;
            _wagerCount++;
            amount = done ? amount - PolicyMath.WholeOf(lot->Wagering, percent) : 0;
        }
    }

    private LotSwitchedItem SwitchOf(LotRow* lot, int handle, RuleRow* rule)
    {
        var policy = rule->ReleasePolicy == 0 ? LedgerState.DefaultPolicy : _state.FindPolicy(_tenant, rule->ReleasePolicy);
        var row = _state.Policies.Read(policy);
        return new LotSwitchedItem { Lot = lot->Number, Handle = handle, Policy = row->Number, Version = _state.PolicyVersions.Read(row->Latest)->Version, VersionHandle = row->Latest };
    }

    private RuleRow* WageringRuleOf(int version, out byte* program)
    {
        program = version == 0 ? null : _state.ProgramOf(version);
        return program == null || ((ProgramHeader*)program)->Wagering < 0 ? null : RulesOf(program) + ((ProgramHeader*)program)->Wagering;
    }

    /// <summary>In millionths, by the context's game.</summary>
    private long ContributionOf(byte* program, RuleRow* rule)
    {
        var game = ContextText(PolicyNames.Game, out var isGiven);
        var rows = (ContributionRow*)(program + rule->First.Offset);
        for (var i = 0; i < rule->First.Count && isGiven; i++)
        {
            if (game.SequenceEqual(TextOf(program, rows[i].Game))) return rows[i].Millionths;
        }

        return 1_000_000;
    }

    /// <summary>When a new lot expires: given, or by the version and the rules that say so; unix nanoseconds, 0 = never.</summary>
    /// <param name="given">By the request; 0 = not.</param>
    public long ExpiryOf(int version, byte* restrictions, in PolicyQuestion question, in LotSubject lot, long given)
    {
        var (earliest, latest) = (long.MaxValue, long.MaxValue);
        var program = version == 0 ? null : _state.ProgramOf(version);
        if (program != null) AddExpiries(program, ((ProgramHeader*)program)->Expiry, question, lot, ref earliest, ref latest);
        if (restrictions != null) AddExpiries(restrictions, default, question, lot, ref earliest, ref latest);
        var expiry = Math.Min(given != 0 ? given : earliest, latest);
        return expiry == long.MaxValue ? 0 : expiry;
    }

    private void AddExpiries(byte* program, in ExpiryWords own, in PolicyQuestion question, in LotSubject lot, ref long earliest, ref long latest)
    {
        AddExpiry(own, ref earliest, ref latest);
        var rules = RulesOf(program);
        for (var i = 0; i < ((ProgramHeader*)program)->Rules; i++)
        {
            if (rules[i].Kind == RuleKind.Expiry && Hold(program, rules[i].When, question, lot)) AddExpiry(rules[i].Expiry, ref earliest, ref latest);
        }
    }

    private void AddExpiry(in ExpiryWords words, ref long earliest, ref long latest)
    {
        if (words.Ttl != 0) earliest = Math.Min(earliest, After(words.Ttl));
        if (words.At != 0) earliest = Math.Min(earliest, words.At);
        if (words.MaxTtl != 0) latest = Math.Min(latest, After(words.MaxTtl));
    }

    private long After(long duration) => duration > long.MaxValue - 1 - _stamp ? long.MaxValue - 1 : _stamp + duration;
}
