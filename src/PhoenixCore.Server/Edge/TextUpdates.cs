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

/// <summary>Makes the whole texts of a change, which the ledger cannot: it holds no texts, only which fact has them. Any thread.</summary>
/// <remarks>Two changes at once: the ledger takes the one that comes first and refuses the other as outdated, which is then made again.</remarks>
internal sealed class TextUpdates(LedgerShard shard, AssetDirectory assets)
{
    private readonly StateReads _reads = new(shard);

    public static bool IsNeeded(OperationRequest request) => request.Kind switch
    {
        CommandKind.UpdateWallet or CommandKind.UpdateAsset => request.NameIsGiven || request.Metadata != null,
        CommandKind.UpdateLot => request.Attributes != null,
        _ => false,
    };

    /// <returns>Null when there is no such thing: the ledger refuses it under the key.</returns>
    public async ValueTask<TextUpdate?> MakeAsync(TenantContext tenant, OperationRequest request, CancellationToken ct) => request.Kind switch
    {
        CommandKind.UpdateWallet => await OfWalletAsync(tenant, request, ct).ConfigureAwait(false),
        CommandKind.UpdateAsset => await OfAssetAsync(tenant, request, ct).ConfigureAwait(false),
        _ => await OfLotAsync(tenant, request, ct).ConfigureAwait(false),
    };

    private async ValueTask<TextUpdate?> OfWalletAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var (result, rows) = await _reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadWallet, request.Wallet ?? ""), ct).ConfigureAwait(false);
        if (result != LedgerResult.Accepted) return null;
        var view = MemoryMarshal.Read<WalletView>(rows);
        return Over(_reads.TextsOfWallet(tenant, view.TextSequence, view.Number), view.TextSequence, request);
    }

    private async ValueTask<TextUpdate?> OfAssetAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        var code = Encoding.UTF8.GetBytes(request.Asset ?? "");
        if (!AssetCode.IsValid(code)) return null;
        var (result, rows) = await _reads.AskAsync(tenant, new StateQuestion(CommandKind.ReadAsset, Asset: AssetCode.Pack(code)), ct).ConfigureAwait(false);
        if (result != LedgerResult.Accepted) return null;
        var view = MemoryMarshal.Read<AssetView>(rows);
        return Over(_reads.TextsOfAsset(tenant, view.TextSequence, view.Code), view.TextSequence, request);
    }

    private static TextUpdate Over(byte[] present, ulong madeFrom, OperationRequest request)
    {
        var name = request.NameIsGiven ? request.Name is { } given ? Encoding.UTF8.GetBytes(given) : null : Find(present, ExtraTag.Name);
        var metadata = Find(present, ExtraTag.Metadata);
        if (request.Metadata is { } changed) metadata = request.Replaces ? changed : JsonMerge.Apply(metadata, changed);
        return metadata is null && request.Metadata != null ? TextUpdate.TooLarge : new TextUpdate(madeFrom, name, metadata);
    }

    private async ValueTask<TextUpdate?> OfLotAsync(TenantContext tenant, OperationRequest request, CancellationToken ct)
    {
        if (request.Home is not { } home || !tenant.Ids.TryParse(IdKind.Lot, request.Lot!, out var number)) return null;
        if (await assets.FindAsync(tenant, home.Asset, ct).ConfigureAwait(false) is not { } asset) return null;
        var question = new StateQuestion(CommandKind.ReadLots, Number: home.Wallet, After: number - 1, Asset: AssetCode.Pack(Encoding.ASCII.GetBytes(asset.Code)), Room: Unsafe.SizeOf<LotView>());
        var (_, rows) = await _reads.AskAsync(tenant, question, ct).ConfigureAwait(false);
        if (rows.Length < Unsafe.SizeOf<LotView>() || MemoryMarshal.Read<LotView>(rows) is var view && view.Number != number) return null;
        var present = LotTexts.Find(sequence => _reads.FindFact(tenant, sequence)?.Payload, view.TermsSource, ExtraTag.Attributes);
        return JsonMerge.Apply(present, request.Attributes!) is { } merged ? new TextUpdate(view.TermsSource, null, merged) : TextUpdate.TooLarge;
    }

    private static byte[]? Find(byte[] texts, ExtraTag tag) => Extras.TryFind(texts, tag, out var text) ? text.ToArray() : null;
}
