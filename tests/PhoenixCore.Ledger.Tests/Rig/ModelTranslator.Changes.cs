using System.Numerics;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.History;
using PhoenixCore.Model;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Commands that change what is there: they take what the server reads from the journal before it sends them.</summary>
public sealed unsafe partial class ModelTranslator
{
    private void Change(Command* to, ModelCommand command)
    {
        switch (command)
        {
            case IncrementReservation c:
                to->Kind = CommandKind.IncrementReservation;
                to->Subject = ReservationOf(c.Reservation);
                to->Amount = Units(c.Amount);
                SetSelection(to, c.Selection);
                break;
            case ExtendReservation c:
                to->Kind = CommandKind.ExtendReservation;
                to->Subject = ReservationOf(c.Reservation);
                to->ExpiresAt = c.ExpiresAt;
                break;
            case UpdateLot c:
                to->Kind = CommandKind.UpdateLot;
                SetLot(to, c.Lot);
                to->ExpiresAt = c.ExpiresAt ?? 0;
                if (c.Attributes is { Length: 0 }) arena.AddText(to, ExtraTag.Attributes, "");
                else if (c.Attributes is { } tag) SetAttributes(to, tag);
                break;
            case ExpireLot c:
                to->Kind = CommandKind.ExpireLot;
                SetLot(to, c.Lot);
                break;
            case ReverseCredit c:
                to->Kind = CommandKind.ReverseCredit;
                SetOriginal(to, c.Transaction, c.Amount);
                break;
            case ReverseTransfer c:
                to->Kind = CommandKind.ReverseTransfer;
                SetOriginal(to, c.Transaction, c.Amount);
                break;
            default:
                throw new ArgumentException($"changes nothing: {command}");
        }
    }

    private static string AttributesOf(string tag) => $"{{\"tag\":\"{tag}\"}}";

    private static void SetAmount(Command* to, BigInteger? amount)
    {
        if (amount is not { } given) return;
        to->Flags |= CommandFlags.HasAmount;
        to->Amount = Units(given);
    }

    private void SetDestination(Command* to, Terms? terms, int? policy)
    {
        if (terms is null) return;
        SetTerms(to, terms);
        if (policy is { } given) arena.AddBytes(to, ExtraTag.LotPolicy, BitConverter.GetBytes(book.PolicyOf(given)));
        to->Flags |= CommandFlags.HasTerms;
    }

    private void SetLot(Command* to, int ordinal)
    {
        to->Subject = LotOf(ordinal);
        if (book.HomeOf(to->Subject) is not { } home) return;
        to->Wallet = home.Wallet;
        to->Other = (ulong)home.Asset;
    }

    private void SetOriginal(Command* to, int transaction, BigInteger? amount)
    {
        SetAmount(to, amount);
        to->Subject = transaction < book.Transactions.Count ? book.Transactions[transaction] : Unknown;
        if (book.FactAt(Numbers.SequenceOf(to->Subject)) is not { } fact || Original.Find(fact, to->Subject, to->Kind == CommandKind.ReverseCredit) is not { } original) return;

        to->Wallet = original.Giver;
        to->Other = original.Taker;
        for (var i = 0; i < original.Slices.Length; i++) FindTerms(original, i);
        to->Arguments = arena.Bytes(original.ArgumentBytes);
        original.WriteTo((byte*)to->Arguments);
        to->ArgumentCount = original.Slices.Length;
    }

    private void FindTerms(Original original, int slice)
    {
        if (original.Slices[slice].From == 0) return;
        var search = new LotTermsSearch(book.FactAt, original.Slices[slice].From, Numbers.SequenceOf(original.Number), Numbers.OrdinalOf(original.Number));
        while (!search.TryStep(lastChangeOf(search.Lot)))
        {
        }

        original.SetTerms(slice, search, book.FactAt);
    }
}
