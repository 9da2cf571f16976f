namespace PhoenixCore.Model.Scripts;

/// <summary>Keeps the ordinals of a script pointing at the same things after steps were dropped.</summary>
public static class ScriptRenumbering
{
    /// <summary>The kept steps of a script, their ordinals rewritten to what the same steps now make.</summary>
    /// <param name="original">The whole script.</param>
    /// <param name="kept">Indexes into it, ascending.</param>
    /// <returns>As many steps as are kept; what a dropped step had made is now named 1,000,000, which is unknown.</returns>
    public static IReadOnlyList<ScriptStep> Keep(IReadOnlyList<ScriptStep> original, IReadOnlyList<int> kept)
    {
        var whole = new ModelLedger();
        var before = original.Select(step => whole.Execute(step.Command, step.Stamp)).ToList();
        var ledger = new ModelLedger();
        var lots = new Dictionary<int, int>();
        var reservations = new Dictionary<int, int>();
        var transactions = new Dictionary<int, int>();
        var policies = new Dictionary<int, int> { [0] = 0 };
        var steps = new List<ScriptStep>();
        foreach (var index in kept)
        {
            var step = original[index] with { Command = PolicyRenumbering.Rewrite(Rewrite(original[index].Command, lots, reservations, transactions), policies) };
            var after = ledger.Execute(step.Command, step.Stamp);
            Map(before[index].LotIds, after.LotIds, lots);
            Map(before[index].TransactionIds, after.TransactionIds, transactions);
            Map(Reservations(before[index]), Reservations(after), reservations);
            Map(Policies(before[index]), Policies(after), policies);
            steps.Add(step);
        }

        return steps;
    }

    private static List<int> Reservations(Outcome outcome) =>
        [.. outcome.Operations.Prepend(outcome).Select(part => part.ReservationId).OfType<int>()];

    private static List<int> Policies(Outcome outcome) => [.. outcome.Operations.Prepend(outcome).Select(part => part.PolicyId).OfType<int>()];

    private static void Map(IReadOnlyList<int> before, IReadOnlyList<int> after, Dictionary<int, int> map)
    {
        // From the end: what a step makes first may be a pooled lot, which an earlier step makes in the other script.
        for (var back = 1; back <= Math.Min(before.Count, after.Count); back++)
        {
            map.TryAdd(before[^back], after[^back]);
        }
    }

    private static ModelCommand Rewrite(ModelCommand command, Dictionary<int, int> lots, Dictionary<int, int> reservations, Dictionary<int, int> transactions)
    {
        Selection Lots(Selection selection) => selection with { Lots = [.. selection.Lots.Select(lot => To(lots, lot))] };
        return command switch
        {
            CreateDebit c => c with { Selection = Lots(c.Selection) },
            CreateReservation c => c with { Selection = Lots(c.Selection) },
            CreateTransfer c => c with { Legs = [.. c.Legs.Select(leg => leg with { Selection = Lots(leg.Selection) })] },
            CommitReservation c => c with { Reservation = To(reservations, c.Reservation) },
            ReleaseReservation c => c with { Reservation = To(reservations, c.Reservation) },
            IncrementReservation c => c with { Reservation = To(reservations, c.Reservation), Selection = Lots(c.Selection) },
            ExtendReservation c => c with { Reservation = To(reservations, c.Reservation) },
            CreateCredit { Lot: { } lot } c => c with { Lot = To(lots, lot) },
            UpdateLot c => c with { Lot = To(lots, c.Lot) },
            ExpireLot c => c with { Lot = To(lots, c.Lot) },
            ReverseCredit c => c with { Transaction = To(transactions, c.Transaction) },
            ReverseTransfer c => c with { Transaction = To(transactions, c.Transaction) },
            AtomicBatch c => c with { Operations = [.. c.Operations.Select(operation => Rewrite(operation, lots, reservations, transactions))] },
            _ => command,
        };
    }

    private static int To(Dictionary<int, int> map, int ordinal) => map.GetValueOrDefault(ordinal, Chooser.UnknownOrdinal);
}
