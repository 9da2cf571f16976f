using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Makes what rules read out of what a request says: contexts, attributes and restrictions in the forms that the ledger evaluates.</summary>
internal static class PolicyInput
{
    /// <summary>Null, or why the request cannot stand.</summary>
    public static string? Prepare(TenantContext tenant, OperationRequest request)
    {
        try
        {
            PrepareOne(tenant, request);
            foreach (var part in request.Parts ?? []) PrepareOne(tenant, part);
            return null;
        }
        catch (PolicySyntaxException e)
        {
            return e.Message;
        }
    }

    private static void PrepareOne(TenantContext tenant, OperationRequest request)
    {
        if (request.Kind is not (CommandKind.CreateCredit or CommandKind.CreateTransfer or CommandKind.CreateDebit or CommandKind.CreateReservation or CommandKind.CommitReservation
            or CommandKind.IncrementReservation or CommandKind.UpdateLot or CommandKind.EvaluatePolicy)) return;
        var words = request.ContextOf ?? request;
        request.ContextValues = ContextReader.Read(words.Context, words.Metadata);
        if ((request.Update?.Json ?? request.Attributes) is { Length: > 2 } attributes) request.AttributeValues = ContextReader.Read(null, attributes);
        if (request.Restrictions != null) request.RestrictionProgram = new PolicyReader(tenant, request.BareDigitsAreUnits).CompileRestrictions(request.Restrictions);
    }
}
