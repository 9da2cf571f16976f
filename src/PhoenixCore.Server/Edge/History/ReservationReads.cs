using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Shard;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Search;

namespace PhoenixCore.Server.Edge.History;

/// <summary>What became of reservations, at any time in the past. Any thread.</summary>
internal sealed class ReservationReads(LedgerShard shard, AccountReads accounts)
{
    /// <summary>Null when the tenant never had it.</summary>
    public async ValueTask<(HistoryRow Made, ReservationOutcome Outcome)?> FindAsync(TenantContext tenant, ulong reservation, CancellationToken ct)
    {
        if (FindMade(tenant, reservation) is not { } made) return null;
        try
        {
            return (made, await OutcomeAsync(tenant, made, [], ct).ConfigureAwait(false));
        }
        catch (Exception failure) when (HistoryRefusedException.IsOfSearch(failure))
        {
            throw HistoryRefusedException.Of(failure);
        }
    }

    /// <summary>How it ended; None when the tenant never had it, null when that cannot be looked up now.</summary>
    public async ValueTask<ReservationStatus?> EndingAsync(TenantContext tenant, ulong reservation, CancellationToken ct)
    {
        try
        {
            return await FindAsync(tenant, reservation, ct).ConfigureAwait(false) is { } found ? found.Outcome.Status : ReservationStatus.None;
        }
        catch (HistoryRefusedException)
        {
            return null;
        }
    }

    /// <param name="made">Fact and part that made it.</param>
    /// <param name="known">Endings that were seen already.</param>
    public async ValueTask<ReservationOutcome> OutcomeAsync(TenantContext tenant, HistoryRow made, Dictionary<ulong, ReservationOutcome> known, CancellationToken ct)
    {
        var (reservation, wallet, asset) = Describe(made);
        if (known.TryGetValue(reservation, out var seen)) return seen;
        if (await accounts.PendingAsync(tenant, reservation, ct).ConfigureAwait(false) is { } live)
            return new ReservationOutcome(ReservationStatus.Pending, live.View.Captured, live.View.Released, 0, 0, 0, 0) { Live = live };

        // It has ended, and the account is read after that: the ending lies at or before its last entry.
        var account = await accounts.FindAsync(tenant, null, wallet, ct).ConfigureAwait(false) ?? throw new InvariantBrokenException("a reservation's wallet is not there");
        return Search(reservation, made.Context.Sequence, account.HeadOf(asset));
    }

    private HistoryRow? FindMade(TenantContext tenant, ulong reservation)
    {
        var fact = new HeldFact();
        var sequence = Numbers.SequenceOf(reservation);
        if (sequence == 0 || !fact.TryRead(shard.History, sequence) || fact.Context.Tenant != tenant.Number) return null;
        var index = 0;
        foreach (var part in fact.Parts)
        {
            if (part.Kind == PartKind.Reserved && part.Body<ReservedBody>().Number == reservation) return new HistoryRow(fact.Copy(), fact.Context, index);
            index++;
        }

        return null;
    }

    private ReservationOutcome Search(ulong reservation, ulong madeAt, AccountHead head)
    {
        var fact = new HeldFact();
        var search = new EndingSearch(new ReadBudget(shard.History, HistoryLimits.SearchFactsMax));
        Invariant.That(search.TryFind(HistoryKeys.ReservationEnded(reservation), madeAt, head, found => ReservationEndings.Find(found, reservation) != null, fact));
        return ReservationEndings.Find(fact, reservation)!.Value;
    }

    private static unsafe (ulong Number, ulong Wallet, int Asset) Describe(HistoryRow made)
    {
        fixed (byte* payload = made.Fact)
        {
            var index = 0;
            foreach (var part in new FactParts(payload))
            {
                if (index++ != made.Place) continue;
                var body = part.Body<ReservedBody>();
                return (body.Number, body.Wallet, part.Postings[0].Asset);
            }
        }

        throw new InvariantBrokenException("a row names a part that its fact does not have");
    }
}
