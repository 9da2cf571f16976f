using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;

namespace PhoenixCore.Server.Edge;

/// <summary>Reads from the journal what a command about older things needs, because the state keeps only what is: whose lot it is, what a transfer did. Any thread.</summary>
/// <remarks>What is found never changes, so it does not matter when it was read.</remarks>
internal sealed class JournalLookup(LedgerShard shard)
{
    private readonly StateReads _reads = new(shard);

    public static bool IsNeeded(CommandKind kind) => kind is CommandKind.UpdateLot or CommandKind.ExpireLot || kind.IsReversal();

    /// <summary>Fills what the command will need; what is not found stays empty, and the ledger refuses it under the key.</summary>
    public async ValueTask PrepareAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        if (!request.Kind.IsReversal()) request.Home = HomeOf(tenant, request.Lot);
        else if (request.Original is { } id) request.Undone = await FindOriginalAsync(tenant, id, request.Kind == CommandKind.ReverseCredit, ct).ConfigureAwait(false);
    }

    private LotHome? HomeOf(TenantContext tenant, string? lot) =>
        lot != null && tenant.Ids.TryParse(IdKind.Lot, lot, out var number) && FactOf(tenant, Numbers.SequenceOf(number)) is { } made ? LotHome.Find(made, number) : null;

    private async ValueTask<Original?> FindOriginalAsync(TenantContext tenant, string id, bool credit, CancellationToken ct)
    {
        if (!tenant.Ids.TryParse(credit ? IdKind.Credit : IdKind.Transfer, id, out var number)) return null;
        if (FactOf(tenant, Numbers.SequenceOf(number)) is not { } fact || Original.Find(fact, number, credit) is not { } original) return null;
        for (var i = 0; i < original.Slices.Length && !credit; i++)
        {
            var search = new LotTermsSearch(sequence => FactOf(tenant, sequence), original.Slices[i].From, Numbers.SequenceOf(number), Numbers.OrdinalOf(number));
            while (!search.TryStep(await _reads.LastLotChangeAsync(tenant, search.Lot, ct).ConfigureAwait(false)))
            {
                // The terms were inherited: the search goes on with the lot they came from.
            }

            original.SetTerms(i, search, sequence => FactOf(tenant, sequence));
        }

        return original;
    }

    private byte[]? FactOf(TenantContext tenant, ulong sequence)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        return sequence != 0 && shard.Facts.TryRead(sequence, payload, out var context) && context.Tenant == tenant.Number ? payload.WrittenSpan.ToArray() : null;
    }
}
