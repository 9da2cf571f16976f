using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    /// <summary>Name and metadata come whole, made from those that the fact <c>Subject</c> holds; where others have come meanwhile the edge has to begin again.</summary>
    private LedgerResult DecideWalletUpdate(Command* command, ref FactWriter writer)
    {
        if (!TryFindWallet(command, 0, out var wallet)) return LedgerResult.WalletNotFound;
        if (wallet.Is(AccountFlags.System)) return LedgerResult.SystemWallet;
        if (wallet.Is(AccountFlags.Closed)) return LedgerResult.WalletClosed;
        var row = _state.Wallets.Read(wallet.Wallet);
        var check = CheckNewBinding(command, row->Binding, out var bound);
        if (check != LedgerResult.Accepted) return check;
        if (command->Has(CommandFlags.HasTexts) && command->Subject != row->TextSequence) return LedgerResult.Outdated;

        *writer.Begin<WalletUpdatedBody>(PartKind.WalletUpdated) = new WalletUpdatedBody
        {
            Number = row->Number,
            Handle = wallet.Wallet,
            Status = row->Status,
            Texts = command->Has(CommandFlags.HasTexts) ? writer.Sequence : row->TextSequence,
        };
        if (IsBinding(command) || bound.Count > 0) WriteBinding(bound, ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private LedgerResult DecideAssetUpdate(Command* command, ref FactWriter writer)
    {
        var asset = AssetOf(command);
        if (asset == 0) return LedgerResult.AssetNotFound;
        var row = _state.Assets.Read(asset);
        var scale = command->Has(CommandFlags.HasAmount) ? command->Amount : row->Scale;
        if (scale < 0 || scale > LedgerLimits.ScaleMax) return LedgerResult.ScaleOutOfRange;
        if (scale != row->Scale && Applier.IsScaleFixed(_state, row)) return LedgerResult.ScaleImmutable;
        if (command->Has(CommandFlags.HasTexts) && command->Subject != row->TextSequence) return LedgerResult.Outdated;

        *writer.Begin<AssetUpdatedBody>(PartKind.AssetUpdated) = new AssetUpdatedBody
        {
            Code = row->Code,
            Handle = asset,
            Scale = (int)scale,
            Active = row->Active,
            Texts = command->Has(CommandFlags.HasTexts) ? writer.Sequence : row->TextSequence,
            Made = Numbers.SequenceOf(row->Number),
        };
        if (row->Binding != 0) WriteBinding(Bound(row->Binding), ref writer);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    /// <summary>Ends a part about a wallet whose name or metadata were changed: it says which fact holds them.</summary>
    private static void EndNamingTexts(Command* command, WalletRow* wallet, ref FactWriter writer)
    {
        var texts = wallet->TextSequence;
        if (texts == Numbers.SequenceOf(wallet->Number))
        {
            writer.End(ExtrasOf(command), command->ExtrasBytes);
            return;
        }

        var bytes = command->ExtrasBytes + Extras.ItemHeaderBytes + sizeof(ulong);
        var scratch = stackalloc byte[bytes];
        Extras.Write(new Span<byte>(scratch, bytes), ExtraTag.TextsAt, new ReadOnlySpan<byte>(&texts, sizeof(ulong)));
        new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes).CopyTo(new Span<byte>(scratch + bytes - command->ExtrasBytes, command->ExtrasBytes));
        writer.End(scratch, bytes);
    }

    /// <summary>The policies that are given, or else those that are there.</summary>
    private LedgerResult CheckNewBinding(Command* command, int present, out BoundItem bound)
    {
        if (IsBinding(command)) return CheckBinding(command, present, out bound);
        bound = present != 0 ? Bound(present) : default;
        return LedgerResult.Accepted;
    }

    private static bool IsBinding(Command* command) => command->Kind == CommandKind.BindWallet || command->Arguments != null;

    private BoundItem Bound(int binding)
    {
        var row = _state.Bindings.Read(binding);
        var bound = new BoundItem { Handle = binding, Count = row->Count };
        for (var i = 0; i < row->Count; i++)
        {
            bound.Handles[i] = row->Policies[i];
            bound.Policies[i] = _state.Policies.Read(row->Policies[i])->Number;
        }

        return bound;
    }

    /// <summary>The command's units were made from a decimal with a scale that the asset has no longer.</summary>
    private static bool IsOfOtherScale(Command* command, AssetRow* asset) => command->OtherAliasLo != 0 && command->OtherAliasLo != (ulong)asset->Scale + 1;
}
