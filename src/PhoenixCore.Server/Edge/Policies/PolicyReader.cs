using System.Text.Json;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Reads policies and restrictions out of JSON into drafts, and compiles them.</summary>
/// <remarks>Errors: <see cref="PolicySyntaxException"/>, in words for the author.</remarks>
internal sealed class PolicyReader(TenantContext tenant, bool bareDigitsAreUnits)
{
    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public byte[] Compile(JsonElement policy)
    {
        var draft = DraftOf(new JsonFields(policy, "", bareDigitsAreUnits));
        return PolicyCompiler.TryCompile(draft, out var program, out var error) ? program : throw new PolicySyntaxException(error!);
    }

    /// <param name="json">Canonical JSON array.</param>
    public byte[] CompileRestrictions(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var rules = document.RootElement.EnumerateArray().Select((rule, i) => RuleOf(new JsonFields(rule, $"restrictions[{i}]", bareDigitsAreUnits))).ToArray();
        return PolicyCompiler.TryCompileRestrictions(rules, out var program, out var error) ? program : throw new PolicySyntaxException($"restrictions: {error}");
    }

    private PolicyDraft DraftOf(JsonFields policy)
    {
        foreach (var known in (ReadOnlySpan<string>)["name", "metadata", "description"]) policy.TryGet(known, out _);
        var consumption = policy.Object("consumption");
        var overcapture = policy.Object("overcapture");
        var draft = new PolicyDraft
        {
            Operations = Operations(policy, "operations"),
            Intents = policy.Texts("intents"),
            Rules = policy.Items("rules").Select(rule => RuleOf(new JsonFields(rule.Value, rule.Place, bareDigitsAreUnits))).ToArray(),
            Strategy = consumption?.Text("strategy") is { } strategy ? StrategyOf(strategy) : null,
            Priority = consumption?.Integer("priority"),
            Expiry = policy.Object("expiry") is { } expiry ? Ended(ExpiryOf(expiry), expiry) : default,
            OvercapturePercent = overcapture?.Number("percent"),
            OvercaptureAmount = overcapture?.Amount("amount"),
        };
        consumption?.End();
        overcapture?.End();
        policy.End();
        return draft;
    }

    private RuleDraft RuleOf(JsonFields rule)
    {
        var type = rule.Required("type");
        RuleDraft draft = type switch
        {
            "category" => new CategoryRule { Field = rule.Text("field") ?? "category", Allowed = rule.Texts("allowed"), Denied = rule.Texts("denied") },
            "operation" => new OperationRule { Allowed = Operations(rule, "allowed"), Denied = Operations(rule, "denied") },
            "intent" => new IntentRule { Allowed = rule.Texts("allowed"), Denied = rule.Texts("denied") },
            "attribute" => new AttributeRule(ConditionOf(rule, isAttribute: true)),
            "context" => new ContextRule(ConditionOf(rule)),
            "amount" => new AmountRule { Min = rule.Amount("min"), Max = rule.Amount("max") },
            "balance" => new BalanceRule { Min = rule.Amount("min"), Max = rule.Amount("max") },
            "expiry" => new ExpiryRule(ExpiryOf(rule)),
            "limit" => LimitOf(rule),
            "counterparty" => new CounterpartyRule { Allowed = Wallets(rule, "allowed"), Denied = Wallets(rule, "denied") },
            "schedule" => ScheduleOf(rule),
            "wagering" => WageringOf(rule),
            _ => throw rule.Wrong("type", "is not a rule's type"),
        };
        draft = draft with { Id = rule.Text("id"), When = When(rule) };
        rule.TryGet("message", out _);
        rule.End();
        return draft;
    }

    private static LimitRule LimitOf(JsonFields rule)
    {
        var metric = rule.Text("metric") ?? "amount";
        if (metric is not ("amount" or "count")) throw rule.Wrong("metric", "must be amount or count");
        var scope = rule.Text("scope") ?? "wallet";
        if (scope is not ("wallet" or "lot")) throw rule.Wrong("scope", "must be wallet or lot");
        var window = rule.Required("window");
        LimitWindow? named = window switch
        {
            "transaction" => LimitWindow.Transaction,
            "day" => LimitWindow.Day,
            "week" => LimitWindow.Week,
            "month" => LimitWindow.Month,
            "lifetime" => LimitWindow.Lifetime,
            _ => null,
        };
        var max = metric == "count" ? rule.Number("max") : rule.Amount("max");
        return new LimitRule
        {
            CountsOperations = metric == "count",
            PerLot = scope == "lot",
            Window = named ?? LimitWindow.Duration,
            Duration = named is null ? Durations.Parse(window) ?? throw rule.Wrong("window", "must be transaction, day, week, month, lifetime or a duration") : 0,
            Max = max ?? throw rule.Wrong("max", "is missing"),
        };
    }

    private static ScheduleRule ScheduleOf(JsonFields rule)
    {
        var days = 0;
        foreach (var name in rule.Texts("days"))
        {
            var day = Array.FindIndex(Days, known => known == name.ToLowerInvariant() || (name.Length == 3 && known.StartsWith(name.ToLowerInvariant(), StringComparison.Ordinal)));
            days |= day >= 0 ? 1 << day : throw rule.Wrong("days", "must be names of days");
        }

        var from = rule.Minute("from") ?? 0;
        if (from == 1_440) throw rule.Wrong("from", "must be before 24:00");
        return new ScheduleRule { Days = days, From = from, To = rule.Minute("to") ?? 1_440, Zone = ZoneReader.Read(rule.Text("time_zone") ?? rule.Text("timezone") ?? "UTC") };
    }

    private WageringRule WageringOf(JsonFields rule)
    {
        var games = new List<(string, PolicyAmount)>();
        if (rule.Object("contribution") is { } contribution) games.AddRange(contribution.Members().Select(member => (member.Name, contribution.NumberOf(member.Value, member.Name))));
        var release = rule.Text("release_policy_id") ?? rule.Text("release_policy");
        return new WageringRule
        {
            Required = rule.Amount("required"),
            Multiplier = rule.Number("multiplier"),
            Contribution = games,
            ReleasePolicy = release is null ? 0 : PolicyIds.NumberOf(tenant, release),
        };
    }

    private static ExpiryTerms ExpiryOf(JsonFields fields) => new(fields.Duration("ttl"), fields.Time("at"), fields.Duration("max_ttl"));

    private static ExpiryTerms Ended(ExpiryTerms terms, JsonFields fields)
    {
        fields.End();
        return terms;
    }

    private static SelectionStrategy StrategyOf(string name) => name.ToLowerInvariant() switch
    {
        "fifo" => SelectionStrategy.Fifo,
        "lifo" => SelectionStrategy.Lifo,
        "expiring_first" => SelectionStrategy.ExpiringFirst,
        _ => throw new PolicySyntaxException("consumption.strategy must be fifo, lifo or expiring_first"),
    };

    private static PolicyOperation[] Operations(JsonFields fields, string name) => fields.Texts(name).Where(operation => operation is not ("release" or "expire")).Select(operation =>
        PolicyNames.OperationOf(operation) is var known and not PolicyOperation.None ? known : throw fields.Wrong(name, $"has {operation}, which is no operation")).ToArray();

    private PolicyValue[] Wallets(JsonFields fields, string name) => fields.Texts(name).Select(WalletOf).ToArray();

    private PolicyValue WalletOf(string name)
    {
        if (tenant.Ids.TryParse(Ledger.Ids.IdKind.Wallet, name, out var number)) return PolicyValue.OfWallet(number);
        if (name.StartsWith("wal_", StringComparison.Ordinal) || name.Length is 0 or > RequestLimits.TextMax) throw new PolicySyntaxException($"{name} is no wallet");
        var (lo, hi) = CommandBuilder.HashText(tenant, name);
        return PolicyValue.OfAlias(lo, hi);
    }

    /// <summary>One condition, a list of them, or an object whose members have to be equal.</summary>
    private ConditionDraft[] When(JsonFields rule)
    {
        if (!rule.TryGet("when", out var when)) return [];
        if (when.ValueKind == JsonValueKind.Array) return when.EnumerateArray().Select((condition, i) => Whole(new JsonFields(condition, $"{rule.Place}.when[{i}]", bareDigitsAreUnits))).ToArray();
        var fields = new JsonFields(when, rule.Place + ".when", bareDigitsAreUnits);
        if (fields.TryGet("field", out _)) return [Whole(fields)];
        return fields.Members().Select(member => Condition(member.Name, member.Value.ValueKind == JsonValueKind.Array ? ConditionOperator.In : ConditionOperator.Equal, member.Value, fields, false)).ToArray();
    }

    private ConditionDraft Whole(JsonFields fields)
    {
        var condition = ConditionOf(fields);
        fields.End();
        return condition;
    }

    private ConditionDraft ConditionOf(JsonFields fields, bool isAttribute = false)
    {
        var field = fields.Required("field");
        var op = (fields.Text("op") ?? "eq") switch
        {
            "eq" => ConditionOperator.Equal,
            "ne" => ConditionOperator.NotEqual,
            "gt" => ConditionOperator.Greater,
            "gte" => ConditionOperator.GreaterOrEqual,
            "lt" => ConditionOperator.Less,
            "lte" => ConditionOperator.LessOrEqual,
            "in" => ConditionOperator.In,
            "nin" => ConditionOperator.NotIn,
            "contains" => ConditionOperator.Contains,
            "exists" => ConditionOperator.Exists,
            _ => throw fields.Wrong("op", "must be eq, ne, gt, gte, lt, lte, in, nin, contains or exists"),
        };
        if (fields.TryGet("value", out var value)) return Condition(field, op, value, fields, isAttribute);
        return op == ConditionOperator.Exists ? new ConditionDraft(field, op, PolicyValue.OfBoolean(true)) : throw fields.Wrong("value", "is missing");
    }

    private ConditionDraft Condition(string field, ConditionOperator op, JsonElement value, JsonFields fields, bool isAttribute)
    {
        var isWallet = !isAttribute && field is "wallet.id" or "wallet.external_id" or "counterparty.id" or "counterparty.external_id";
        var values = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
        return new ConditionDraft(field, op, values.Select(one => ValueOf(one, isWallet, fields)).ToArray());
    }

    private PolicyValue ValueOf(JsonElement value, bool isWallet, JsonFields fields)
    {
        if (isWallet) return value.ValueKind == JsonValueKind.String ? WalletOf(value.GetString()!) : throw fields.Wrong("value", "must name a wallet");
        return value.ValueKind switch
        {
            JsonValueKind.String => PolicyValue.OfText(value.GetString()!),
            JsonValueKind.True or JsonValueKind.False => PolicyValue.OfBoolean(value.GetBoolean()),
            JsonValueKind.Number when ContextReader.TryReadNumber(value.GetRawText(), out var number, out var decimals) => PolicyValue.OfNumber(number, decimals),
            _ => throw fields.Wrong("value", "must be a text, a number of at most 38 digits, true or false"),
        };
    }
}
