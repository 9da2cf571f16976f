using PhoenixCore.Model.Books;
using PhoenixCore.Model.Rules.Policies;

namespace PhoenixCore.Model.Rules;

/// <summary>A command's own checks and, when all pass, its effect on the draft. The order of the checks is the law's.</summary>
/// <remarks>A refused batch or transfer of several legs may be half done: throw the draft's books away.</remarks>
internal static class Rulebook
{
    private const int BatchOperationsMax = 1024;
    private const int LegsMax = 100;
    private const int PostingsMax = 2048;

    public static ModelResult Decide(Draft draft, ModelCommand command) => command switch
    {
        CreateAsset c => AdminRules.CreateAsset(draft, c),
        SetAssetStatus c => AdminRules.SetAssetStatus(draft, c),
        CreateWallet c => AdminRules.CreateWallet(draft, c),
        SetWalletStatus c => AdminRules.SetWalletStatus(draft, c),
        SetBounds c => AdminRules.SetBounds(draft, c),
        CreateCredit c => MoneyRules.Credit(draft, c),
        CreateDebit c => MoneyRules.Debit(draft, c),
        CreateTransfer c => Transfer(draft, c),
        CreateReservation c => ReservationRules.Create(draft, c),
        CommitReservation c => ReservationRules.Commit(draft, c),
        ReleaseReservation c => ReservationRules.Release(draft, c),
        IncrementReservation c => HoldRules.Increment(draft, c),
        ExtendReservation c => HoldRules.Extend(draft, c),
        UpdateLot c => LotRules.Update(draft, c),
        ExpireLot c => LotRules.Expire(draft, c),
        ReverseCredit c => ReversalRules.Credit(draft, c),
        ReverseTransfer c => ReversalRules.Transfer(draft, c),
        PutPolicy c => PolicyAdminRules.Put(draft, c),
        SetPolicyStatus c => PolicyAdminRules.SetStatus(draft, c),
        BindWallet c => PolicyAdminRules.BindWallet(draft, c),
        BindAsset c => PolicyAdminRules.BindAsset(draft, c),
        AtomicBatch c => Batch(draft, c),
        _ => throw new ArgumentException($"Not a command of the books: {command}", nameof(command)),
    };

    private static ModelResult Transfer(Draft draft, CreateTransfer command)
    {
        if (command.Legs.Count is < 1 or > LegsMax)
        {
            throw new ArgumentException("A transfer has 1 to 100 legs.", nameof(command));
        }

        foreach (var leg in command.Legs)
        {
            var result = MoneyRules.TransferLeg(draft, leg);
            if (result != ModelResult.Accepted)
            {
                return result;
            }

            if (draft.Movements.Count > PostingsMax)
            {
                return ModelResult.TooManyOperations;
            }
        }

        return ModelResult.Accepted;
    }

    private static ModelResult Batch(Draft draft, AtomicBatch command)
    {
        if (command.Operations.Count is < 1 or > BatchOperationsMax || command.Operations.Any(operation => operation is AtomicBatch or ReverseCredit or ReverseTransfer))
        {
            throw new ArgumentException("A batch has 1 to 1,024 operations, none of them a batch or a reversal.", nameof(command));
        }

        for (var index = 0; index < command.Operations.Count; index++)
        {
            var part = new Draft(draft.Books, draft.Stamp);
            var result = Decide(part, command.Operations[index]);
            if (result == ModelResult.Accepted && draft.Movements.Count + part.Movements.Count > PostingsMax)
            {
                result = ModelResult.TooManyOperations;
            }

            if (result != ModelResult.Accepted)
            {
                draft.RefusedIndex = index;
                draft.AlsoAllowed = part.AlsoAllowed;
                draft.Violation = part.Violation;
                return result;
            }

            draft.Operations.Add(part.Accepted());
            draft.Movements.AddRange(part.Movements);
            draft.LotIds.AddRange(part.LotIds);
            draft.TransactionIds.AddRange(part.TransactionIds);
        }

        return ModelResult.Accepted;
    }
}
