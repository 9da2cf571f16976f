using System.Numerics;
using System.Text;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Model;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Says to the real ledger what a command of the model says: ordinals become numbers, names become numbers or aliases.</summary>
public sealed unsafe partial class ModelTranslator(FactBook book, ModelLedger model, CommandArena arena, Func<ulong, ulong> lastChangeOf)
{
    /// <summary>What an ordinal or a name stands for that nobody ever got.</summary>
    private const ulong Unknown = 1UL << 50;

    private int _turn;

    /// <summary>Decides whether wallets are named by number or by alias; counts on by itself.</summary>
    public int Turn { init => _turn = value; }

    /// <summary>For each operation that a batch was translated to, the model's operation it came from.</summary>
    public List<int> OperationOf { get; } = [];

    /// <param name="command">Anything but a sweep.</param>
    public Command* Translate(ModelCommand command)
    {
        OperationOf.Clear();
        var to = arena.Commands(1);
        if (command is AtomicBatch batch) Batch(to, batch);
        else if (command is CreateTransfer { Legs.Count: > 1 } transfer) Legs(to, transfer);
        else One(to, command);

        to->Fingerprint = command.Fingerprint;
        to->Deadline = command.Deadline ?? 0;
        if (command.Key is { } key) SetKey(to, key);
        return to;
    }

    /// <summary>What passes Int128 passes every bound: it is cut, not refused, as parsing would.</summary>
    public static Int128 Units(BigInteger amount) => Int128.CreateSaturating(amount);

    private static void SetKey(Command* to, string key)
    {
        to->Flags |= CommandFlags.HasKey;
        (to->KeyLo, to->KeyHi) = CommandArena.HashOf(key);
    }

    /// <summary>The real batch has no transfers of several legs: their legs are its operations.</summary>
    private void Batch(Command* to, AtomicBatch batch)
    {
        var operations = new List<ModelCommand>();
        for (var i = 0; i < batch.Operations.Count; i++)
        {
            ModelCommand[] parts = batch.Operations[i] is CreateTransfer transfer ? [.. transfer.Legs.Select(leg => new CreateTransfer(leg))] : [batch.Operations[i]];
            operations.AddRange(parts);
            OperationOf.AddRange(Enumerable.Repeat(i, parts.Length));
        }

        to->Kind = CommandKind.AtomicBatch;
        Arguments(to, operations);
    }

    private void Legs(Command* to, CreateTransfer transfer)
    {
        to->Kind = CommandKind.TransferLegs;
        Arguments(to, [.. transfer.Legs.Select(leg => new CreateTransfer(leg))]);
    }

    private void Arguments(Command* to, List<ModelCommand> operations)
    {
        to->Tenant = LedgerRig.Tenant;
        to->ArgumentCount = operations.Count;
        var arguments = arena.Commands(operations.Count);
        to->Arguments = arguments;
        for (var i = 0; i < operations.Count; i++) One(arguments + i, operations[i]);
    }

    private void One(Command* to, ModelCommand command)
    {
        to->Tenant = LedgerRig.Tenant;
        switch (command)
        {
            case CreateAsset c:
                to->Kind = CommandKind.CreateAsset;
                to->Subject = unchecked((ulong)c.Scale);
                SetAsset(to, c.Code);
                break;
            case SetAssetStatus c:
                to->Kind = CommandKind.SetAssetStatus;
                to->Flags |= c.Active ? CommandFlags.Activate : CommandFlags.None;
                SetAsset(to, c.Code);
                break;
            case CreateWallet c:
                to->Kind = CommandKind.CreateWallet;
                to->Flags |= c.Pooled ? CommandFlags.Pooled : CommandFlags.None;
                (to->WalletAliasLo, to->WalletAliasHi) = CommandArena.HashOf(c.ExternalId);
                book.Learn(c.ExternalId);
                arena.AddText(to, ExtraTag.ExternalId, c.ExternalId);
                SetAsset(to, c.DefaultAsset);
                SetPolicies(to, c.Policies);
                break;
            case PutPolicy or SetPolicyStatus or BindWallet or BindAsset:
                Policy(to, command);
                break;
            case SetWalletStatus c:
                to->Kind = CommandKind.SetWalletStatus;
                to->Subject = (ulong)(c.Change switch
                {
                    WalletStatusChange.Freeze => WalletAction.Freeze,
                    WalletStatusChange.Unfreeze => WalletAction.Unfreeze,
                    WalletStatusChange.Close => WalletAction.Close,
                });
                SetWallet(to, c.Wallet);
                break;
            case KeyStatus c:
                to->Kind = CommandKind.KeyStatus;
                to->Flags |= c.Close ? CommandFlags.CloseKey : CommandFlags.None;
                SetKey(to, c.OfKey);
                break;
            case CommitReservation c:
                Commit(to, c);
                break;
            case ReleaseReservation c:
                to->Kind = CommandKind.ReleaseReservation;
                to->Subject = ReservationOf(c.Reservation);
                SetAmount(to, c.Amount);
                break;
            case IncrementReservation or ExtendReservation or UpdateLot or ExpireLot or ReverseCredit or ReverseTransfer:
                Change(to, command);
                break;
            default:
                Money(to, command);
                break;
        }

        SetInput(to, InputOf(command));
    }

    private void Money(Command* to, ModelCommand command)
    {
        switch (command)
        {
            case SetBounds c:
                to->Kind = CommandKind.SetBounds;
                to->Flags |= CommandFlags.HasFloor | (c.Ceiling is null ? CommandFlags.None : CommandFlags.HasCeiling);
                to->Amount = Units(c.Floor);
                to->Ceiling = Units(c.Ceiling ?? 0);
                SetWallet(to, c.Wallet);
                SetAsset(to, c.Asset);
                break;
            case CreateCredit c:
                to->Kind = CommandKind.CreateCredit;
                SetTerms(to, c.Terms);
                SetValue(to, c.Wallet, c.Amount, c.Asset);
                if (c.Policy is { } policy) to->Other = book.PolicyOf(policy);
                if (c.Lot is { } lot) to->Subject = LotOf(lot);
                break;
            case CreateDebit c:
                to->Kind = CommandKind.CreateDebit;
                SetValue(to, c.Wallet, c.Amount, c.Asset);
                SetSelection(to, c.Selection);
                break;
            case CreateReservation c:
                to->Kind = CommandKind.CreateReservation;
                to->ExpiresAt = c.ExpiresAt ?? 0;
                SetValue(to, c.Wallet, c.Amount, c.Asset);
                SetSelection(to, c.Selection);
                break;
            case CreateTransfer c:
                var leg = Assert.Single(c.Legs);
                to->Kind = CommandKind.CreateTransfer;
                SetValue(to, leg.From, leg.Amount, leg.Asset);
                SetOther(to, leg.To);
                SetDestination(to, leg.Destination, leg.DestinationPolicy);
                SetSelection(to, leg.Selection);
                break;
            default:
                throw new ArgumentException($"no such command in the ledger: {command}");
        }
    }

    private void Commit(Command* to, CommitReservation c)
    {
        to->Kind = CommandKind.CommitReservation;
        to->Subject = ReservationOf(c.Reservation);
        SetAmount(to, c.Amount);
        if (!c.Final) to->Flags |= CommandFlags.KeepRest;
        SetDestination(to, c.Destination, c.DestinationPolicy);
        if (c.To is null) return;
        to->Flags |= CommandFlags.HasDestination;
        SetOther(to, c.To);
    }

    private void SetValue(Command* to, string wallet, BigInteger amount, string? asset)
    {
        to->Amount = Units(amount);
        SetWallet(to, wallet);
        SetAsset(to, asset);
        if (_turn % 3 == 0) arena.AddText(to, ExtraTag.Reference, "order-" + _turn);
    }

    private static void SetAsset(Command* to, string? code) => to->AssetCode = code is null ? 0 : AssetCode.Pack(Encoding.ASCII.GetBytes(code));

    /// <summary>By number and by alias in turns: both must mean the same.</summary>
    private void SetWallet(Command* to, string wallet)
    {
        if (_turn++ % 2 == 0)
        {
            to->Wallet = book.TryNumberOf(wallet, out var number) ? number : Unknown;
            if (to->Wallet != Unknown || wallet == "nobody") return;
        }

        to->Flags |= CommandFlags.WalletByAlias;
        (to->WalletAliasLo, to->WalletAliasHi) = CommandArena.HashOf(wallet);
    }

    private void SetOther(Command* to, string wallet)
    {
        if (_turn++ % 2 == 0)
        {
            to->Other = book.TryNumberOf(wallet, out var number) ? number : Unknown;
            if (to->Other != Unknown || wallet == "nobody") return;
        }

        to->Flags |= CommandFlags.OtherByAlias;
        (to->OtherAliasLo, to->OtherAliasHi) = CommandArena.HashOf(wallet);
    }

    private void SetTerms(Command* to, Terms terms)
    {
        if (terms == Terms.Plain) return;
        to->Flags |= CommandFlags.HasTerms;
        to->ExpiresAt = terms.ExpiresAt ?? 0;
        if (terms.Attributes is { } tag) SetAttributes(to, tag);
        if (terms.Restrictions is { } restrictions) SetRestrictions(to, restrictions);
    }

    private void SetSelection(Command* to, Selection selection)
    {
        to->Strategy = selection.Strategy switch
        {
            Model.SelectionStrategy.Fifo => SelectionStrategy.Fifo,
            Model.SelectionStrategy.Lifo => SelectionStrategy.Lifo,
            Model.SelectionStrategy.ExpiringFirst => SelectionStrategy.ExpiringFirst,
            Model.SelectionStrategy.Specific => SelectionStrategy.Specific,
            Model.SelectionStrategy.ExplicitFifo => SelectionStrategy.ExplicitFifo,
        };
        if (selection.Strategy != Model.SelectionStrategy.Specific) return;
        to->ArgumentCount = selection.Lots.Count;
        to->Arguments = arena.Numbers([.. selection.Lots.Select(LotOf)]);
    }

    public ulong LotOf(int ordinal)
    {
        if (model.NameOf(ordinal) is not { } name) return Unknown;
        var lots = book.LotsOf(name.Wallet, name.Asset);
        return name.IndexOnAccount < lots.Count ? lots[name.IndexOnAccount] : Unknown;
    }

    public ulong ReservationOf(int ordinal) => ordinal < book.Reservations.Count ? book.Reservations[ordinal] : Unknown;
}
