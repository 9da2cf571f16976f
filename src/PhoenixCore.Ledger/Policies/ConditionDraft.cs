namespace PhoenixCore.Ledger.Policies;

/// <summary>A comparison of one field; POLICIES.md, "Operations, intents, context".</summary>
/// <param name="Field">A name of the context, or one that the ledger answers (<c>operation</c>, <c>wallet.id</c>, …).</param>
/// <param name="Values">One value; several for <c>in</c> and <c>nin</c>.</param>
public sealed record ConditionDraft(string Field, ConditionOperator Operator, IReadOnlyList<PolicyValue> Values)
{
    public ConditionDraft(string field, ConditionOperator op, params PolicyValue[] values)
        : this(field, op, (IReadOnlyList<PolicyValue>)values)
    {
    }
}
