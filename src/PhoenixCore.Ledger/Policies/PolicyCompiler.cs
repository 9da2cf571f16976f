using System.Text;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Makes programs of drafts: everything a rule needs at decision time, in one block of bytes. Any thread.</summary>
/// <remarks>Errors: <see cref="TryCompile"/> says what is wrong with a draft, in words for its author.</remarks>
public sealed class PolicyCompiler
{
    private const byte Layout = 1;
    private const long Billion = 1_000_000_000;

    private readonly ProgramWriter _program = new();
    private string? _error;

    private PolicyCompiler()
    {
    }

    public static bool TryCompile(PolicyDraft draft, out byte[] program, out string? error)
    {
        var compiler = new PolicyCompiler();
        compiler.Compile(draft, PolicyLimits.RulesMax, isPolicy: true);
        return compiler.TryFinish(out program, out error);
    }

    /// <summary>Inline restrictions of a lot: rules alone, at most 16, without wagering.</summary>
    public static bool TryCompileRestrictions(IReadOnlyList<RuleDraft> rules, out byte[] program, out string? error)
    {
        var compiler = new PolicyCompiler();
        compiler.Compile(new PolicyDraft { Rules = rules }, PolicyLimits.RestrictionsMax, isPolicy: false);
        return compiler.TryFinish(out program, out error);
    }

    private bool TryFinish(out byte[] program, out string? error)
    {
        if (_program.Length > PolicyLimits.ProgramBytesMax) Refuse("is too large");
        error = _error;
        program = _error is null ? _program.Written.ToArray() : [];
        return _error is null;
    }

    private void Refuse(string error) => _error ??= error;

    private void Compile(PolicyDraft draft, int rulesMax, bool isPolicy)
    {
        if (draft.Rules.Count > rulesMax) Refuse($"has more than {rulesMax} rules");
        if (draft.Priority is < 0 or > PolicyLimits.PriorityMax) Refuse("consumption.priority must be 0 to 1000");
        if (draft.Strategy is SelectionStrategy.Specific) Refuse("consumption.strategy must be fifo, lifo or expiring_first");
        CheckExpiry(draft.Expiry, "expiry");
        if (_error != null) return;

        _program.Reserve(ProgramHeader.SizeBytes);
        var rules = _program.Reserve(draft.Rules.Count * RuleRow.SizeBytes);
        var wagering = -1;
        var ids = new List<string>();
        for (var i = 0; i < draft.Rules.Count && _error is null; i++)
        {
            var rule = draft.Rules[i];
            var id = rule.Id ?? i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (id.Length == 0 || Encoding.UTF8.GetByteCount(id) > PolicyLimits.RuleIdBytesMax) Refuse($"rules[{i}].id must have 1 to {PolicyLimits.RuleIdBytesMax} bytes");
            if (ids.Contains(id, StringComparer.Ordinal)) Refuse($"rules[{i}].id is that of another rule");
            ids.Add(id);
            if (rule is WageringRule && (wagering >= 0 || !isPolicy)) Refuse(isPolicy ? "has two wagering rules" : "a restriction cannot be a wagering rule");
            if (rule is WageringRule) wagering = i;
            var row = RowOf(rule, id, $"rules[{i}]");
            _program.At<RuleRow>(rules + (i * RuleRow.SizeBytes)) = row;
        }

        var intents = draft.Intents.Contains("*") ? default : Intents(draft.Intents, "intents");
        ref var header = ref _program.At<ProgramHeader>(0);
        header.Layout = Layout;
        header.Operations = MaskOf(draft.Operations);
        header.Strategy = draft.Strategy is { } strategy ? (byte)strategy : ProgramHeader.NoStrategy;
        header.Priority = (ushort)(draft.Priority ?? PolicyLimits.PriorityDefault);
        header.Rules = (ushort)draft.Rules.Count;
        header.Intents = intents;
        header.Wagering = wagering;
        header.Expiry = WordsOf(draft.Expiry);
        header.OvercaptureMillionths = draft.OvercapturePercent is { } percent ? Millionths(percent, "overcapture.percent") : -1;
        header.OvercaptureAmount = draft.OvercaptureAmount?.Value ?? 0;
        header.OvercaptureForm = FormOf(draft.OvercaptureAmount, "overcapture.amount");
        header.Bytes = _program.Length;
    }

    private RuleRow RowOf(RuleDraft rule, string id, string place)
    {
        var row = new RuleRow { Id = _program.AddText(id) };
        row.When = Conditions(rule.When, place + ".when");
        if (rule.When.Any(condition => condition.Field == "operation")) row.Flags |= RuleFlags.WhenOperation;
        switch (rule)
        {
            case CategoryRule category:
                row.Kind = RuleKind.Category;
                row.Field = Field(category.Field, place);
                (row.First, row.Second) = (Texts(category.Allowed, place), Texts(category.Denied, place));
                break;
            case OperationRule operation:
                row.Kind = RuleKind.Operation;
                (row.First.Count, row.Second.Count) = (MaskOf(operation.Allowed), MaskOf(operation.Denied));
                break;
            case IntentRule intent:
                row.Kind = RuleKind.Intent;
                (row.First, row.Second) = (intent.Allowed.Contains("*") ? default : Intents(intent.Allowed, place), Intents(intent.Denied, place));
                break;
            case AttributeRule attribute:
                row.Kind = RuleKind.Attribute;
                row.First = Conditions([attribute.Condition], place, ofAttributes: true);
                break;
            case ContextRule context:
                row.Kind = RuleKind.Context;
                row.First = Conditions([context.Condition], place);
                break;
            case AmountRule amount:
                row.Kind = RuleKind.Amount;
                Range(ref row, amount.Min, amount.Max, mayBeNegative: false, place);
                break;
            case BalanceRule balance:
                row.Kind = RuleKind.Balance;
                Range(ref row, balance.Min, balance.Max, mayBeNegative: true, place);
                break;
            case ExpiryRule expiry:
                row.Kind = RuleKind.Expiry;
                CheckExpiry(expiry.Terms, place);
                row.Expiry = WordsOf(expiry.Terms);
                break;
            case CounterpartyRule counterparty:
                row.Kind = RuleKind.Counterparty;
                (row.First, row.Second) = (Wallets(counterparty.Allowed, place), Wallets(counterparty.Denied, place));
                break;
            case LimitRule limit: Fill(ref row, limit, id, place); break;
            case ScheduleRule schedule: Fill(ref row, schedule, place); break;
            case WageringRule wagering: Fill(ref row, wagering, place); break;
            default: Refuse(place + ".type is not known"); break;
        }

        return row;
    }

    private void Fill(ref RuleRow row, LimitRule limit, string id, string place)
    {
        row.Kind = RuleKind.Limit;
        row.Window = limit.Window;
        row.Duration = limit.Duration;
        if (limit.CountsOperations) row.Flags |= RuleFlags.Counts;
        if (limit.PerLot) row.Flags |= RuleFlags.PerLot;
        if (limit.Window == LimitWindow.Duration != limit.Duration > 0) Refuse(place + ".window must be a duration above zero or a named window");
        if (limit.CountsOperations && limit.Max.Decimals > 0) Refuse(place + ".max must be a whole number of operations");
        Range(ref row, null, limit.Max, mayBeNegative: false, place);
        if (limit.CountsOperations) row.MaxForm = AmountForm.Units;
        var named = Encoding.UTF8.GetBytes(id);
        var form = new UInt128((ulong)limit.Duration, (ulong)limit.Window | (limit.CountsOperations ? 0x100UL : 0) | (limit.PerLot ? 0x200UL : 0));
        row.Counter = SipHash.Hash128(form, named).Lo;
    }

    private void Fill(ref RuleRow row, ScheduleRule schedule, string place)
    {
        row.Kind = RuleKind.Schedule;
        if (schedule.Days is < 0 or > 127 || schedule.From is < 0 or > 1_439 || schedule.To is < 0 or > 1_440) Refuse(place + " must have days, and minutes of the day");
        row.Days = (byte)(schedule.Days == 0 ? 127 : schedule.Days);
        (row.From, row.To) = ((ushort)schedule.From, (ushort)schedule.To);
        row.First = new Slot { Offset = _program.Reserve(schedule.Zone.Count * 16), Count = schedule.Zone.Count };
        for (var i = 0; i < schedule.Zone.Count; i++)
        {
            if (i > 0 && schedule.Zone[i].AtSeconds <= schedule.Zone[i - 1].AtSeconds) Refuse(place + ".time_zone has transitions out of order");
            _program.At<ZoneRow>(row.First.Offset + (i * 16)) = new ZoneRow { AtSeconds = schedule.Zone[i].AtSeconds, OffsetSeconds = schedule.Zone[i].OffsetSeconds };
        }
    }

    private void Fill(ref RuleRow row, WageringRule wagering, string place)
    {
        row.Kind = RuleKind.Wagering;
        row.ReleasePolicy = wagering.ReleasePolicy;
        if (wagering.Required is null == wagering.Multiplier is null) Refuse(place + " must have either required or multiplier");
        if (wagering.Contribution.Count > PolicyLimits.ListMax) Refuse($"{place}.contribution has more than {PolicyLimits.ListMax} games");
        Range(ref row, wagering.Required, null, mayBeNegative: false, place);
        if (wagering.Multiplier is { } multiplier) row.Duration = TenThousandths(multiplier, place);
        row.First = new Slot { Offset = _program.Reserve(wagering.Contribution.Count * 16), Count = wagering.Contribution.Count };
        for (var i = 0; i < wagering.Contribution.Count; i++)
        {
            var (game, percent) = wagering.Contribution[i];
            var contribution = new ContributionRow { Game = _program.AddText(Checked(game, place)), Millionths = Millionths(percent, place + ".contribution") };
            _program.At<ContributionRow>(row.First.Offset + (i * 16)) = contribution;
        }
    }

    private Slot Conditions(IReadOnlyList<ConditionDraft> conditions, string place, bool ofAttributes = false)
    {
        if (conditions.Count > PolicyLimits.ConditionsMax) Refuse($"{place} has more than {PolicyLimits.ConditionsMax} conditions");
        var slot = new Slot { Offset = _program.Reserve(conditions.Count * 32), Count = conditions.Count };
        for (var i = 0; i < conditions.Count; i++)
        {
            var condition = conditions[i];
            var known = ofAttributes ? KnownField.None : PolicyNames.KnownFieldOf(condition.Field);
            Check(condition, known, place);
            var row = new ConditionRow { Operator = condition.Operator, Known = known, Field = Field(condition.Field, place) };
            row.Values = _program.AddValues(known is KnownField.Operation or KnownField.Intent ? condition.Values.Select(Canonical).ToArray() : condition.Values);
            _program.At<ConditionRow>(slot.Offset + (i * 32)) = row;
        }

        return slot;
    }

    /// <summary>Words that have two spellings are stored in one.</summary>
    private static PolicyValue Canonical(PolicyValue value) => value.Text switch
    {
        "transfer" => PolicyValue.OfText("transfer_out"),
        "withdrawal" => PolicyValue.OfText("cashout"),
        _ => value,
    };

    private void Check(ConditionDraft condition, KnownField known, string place)
    {
        var isList = condition.Operator is ConditionOperator.In or ConditionOperator.NotIn;
        if (condition.Operator == ConditionOperator.None) Refuse(place + ".op is not known");
        if (isList ? condition.Values.Count is 0 or > PolicyLimits.ListMax : condition.Values.Count != 1) Refuse(place + ".value must be one value, or a list for in and nin");
        var isWallet = known is KnownField.WalletId or KnownField.WalletExternalId or KnownField.CounterpartyId or KnownField.CounterpartyExternalId;
        if (isWallet && condition.Operator is not (ConditionOperator.Equal or ConditionOperator.NotEqual or ConditionOperator.In or ConditionOperator.NotIn)) Refuse(place + ": ids are compared with eq, ne, in and nin only");
        foreach (var value in condition.Values)
        {
            if (isWallet != value.Kind is PolicyValueKind.Wallet or PolicyValueKind.Alias || value.Kind == PolicyValueKind.None) Refuse(place + ".value is not of the field's kind");
            if (value.Text?.Length > PolicyLimits.TextBytesMax || value.Decimals is < 0 or > PolicyLimits.DecimalsMax) Refuse(place + ".value is too long");
            if (condition.Operator == ConditionOperator.Exists && value.Kind != PolicyValueKind.Boolean) Refuse(place + ".value must be true or false");
            if (condition.Operator == ConditionOperator.Contains && value.Kind != PolicyValueKind.Text) Refuse(place + ".value must be a text");
        }
    }

    private Slot Field(string name, string place) => _program.AddText(Checked(name, place));

    private string Checked(string text, string place)
    {
        if (text.Length is 0 or > PolicyLimits.TextBytesMax) Refuse(place + " has a text that is empty or too long");
        return text;
    }

    private Slot Texts(IReadOnlyList<string> texts, string place)
    {
        if (texts.Count > PolicyLimits.ListMax) Refuse($"{place} has a list of more than {PolicyLimits.ListMax}");
        foreach (var text in texts) Checked(text, place);
        return _program.AddTexts(texts);
    }

    private Slot Intents(IReadOnlyList<string> intents, string place)
    {
        foreach (var intent in intents)
        {
            if (!PolicyNames.IsIntent(intent)) Refuse($"{place} must be intents: 1 to 32 of a–z 0–9 _");
        }

        return Texts(intents.Select(intent => intent == "withdrawal" ? "cashout" : intent).ToArray(), place);
    }

    private Slot Wallets(IReadOnlyList<PolicyValue> wallets, string place)
    {
        if (wallets.Count > PolicyLimits.ListMax) Refuse($"{place} has a list of more than {PolicyLimits.ListMax}");
        if (wallets.Any(wallet => wallet.Kind is not (PolicyValueKind.Wallet or PolicyValueKind.Alias))) Refuse(place + " must name wallets");
        return _program.AddValues(wallets);
    }

    private static byte MaskOf(IReadOnlyList<PolicyOperation> operations)
    {
        var mask = 0;
        foreach (var operation in operations) mask |= 1 << (int)operation;
        return (byte)mask;
    }

    private void Range(ref RuleRow row, PolicyAmount? min, PolicyAmount? max, bool mayBeNegative, string place)
    {
        if (!mayBeNegative && (min?.Value < 0 || max?.Value < 0)) Refuse(place + " has an amount below zero");
        (row.Min, row.Max) = (min?.Value ?? 0, max?.Value ?? 0);
        (row.MinForm, row.MaxForm) = (FormOf(min, place), FormOf(max, place));
    }

    private AmountForm FormOf(PolicyAmount? amount, string place)
    {
        if (amount is not { } given) return AmountForm.None;
        if (given.Decimals is < -1 or > PolicyLimits.DecimalsMax || given.Value > LedgerLimits.UnitsMax || given.Value < -LedgerLimits.UnitsMax) Refuse(place + " has an amount out of range");
        return given.Decimals < 0 ? AmountForm.Units : (AmountForm)((int)AmountForm.Decimal + given.Decimals);
    }

    private long Millionths(PolicyAmount percent, string place)
    {
        var value = TenThousandths(percent, place);
        if (value > 100 * 10_000) Refuse(place + " must be 0 to 100 percent");
        return value; // ten-thousandths of a percent
    }

    private long TenThousandths(PolicyAmount amount, string place)
    {
        var decimals = Math.Max(0, amount.Decimals);
        if (decimals > PolicyLimits.FractionDecimalsMax || amount.Value < 0 || amount.Value > (Int128)PolicyLimits.MultiplierMax * 10_000)
        {
            Refuse($"{place} must be at most {PolicyLimits.MultiplierMax} with at most {PolicyLimits.FractionDecimalsMax} decimals");
            return 0;
        }

        var value = (long)amount.Value;
        for (var i = decimals; i < PolicyLimits.FractionDecimalsMax; i++) value *= 10;
        return value;
    }

    private void CheckExpiry(ExpiryTerms terms, string place)
    {
        if (terms.Ttl < 0 || terms.At < 0 || terms.MaxTtl < 0 || terms.Ttl > 100L * 366 * 86_400 * Billion / 2) Refuse(place + " must be times after 1970 and durations above zero");
    }

    private static ExpiryWords WordsOf(ExpiryTerms terms) => new() { Ttl = terms.Ttl, At = terms.At, MaxTtl = terms.MaxTtl };
}
