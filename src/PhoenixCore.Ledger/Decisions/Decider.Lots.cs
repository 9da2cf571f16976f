using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Decisions;

internal sealed unsafe partial class Decider
{
    /// <summary>Terms that a receiver is given: the checks that follow the destination's own.</summary>
    private static LedgerResult CheckTerms(Command* command, in Party to, long stamp)
    {
        if (to.Is(AccountFlags.Pooled)) return LedgerResult.PooledTerms;
        return command->ExpiresAt != 0 && command->ExpiresAt <= stamp ? LedgerResult.ExpiryInPast : LedgerResult.Accepted;
    }

    /// <summary>Terms of a credit's lot; its policy is one of them, whether or not <see cref="CommandFlags.HasTerms"/> says so.</summary>
    private static bool GivesTerms(Command* command) => command->Has(CommandFlags.HasTerms) || command->Other != 0;

    /// <summary>The lot that a credit adds to.</summary>
    private LedgerResult FindNamedLot(Command* command, int account, out int lot)
    {
        lot = account != 0 ? _lots.Find(_state.Accounts.Read(account), command->Subject) : 0;
        if (lot == 0) return LedgerResult.LotNotFound;
        if (GivesTerms(command)) return LedgerResult.PooledTerms;
        return (_state.Lots.Read(lot)->Flags & LotFlags.Expired) != 0 ? LedgerResult.LotNotAvailable : LedgerResult.Accepted;
    }

    /// <summary>The account that the command says its lot belongs to; 0 = none of this tenant.</summary>
    private int AccountOfLot(Command* command) =>
        command->Wallet != 0 && _state.FindWallet(command->Tenant, command->Wallet) != 0 ? _state.FindAccount(command->Wallet, (int)command->Other) : 0;

    private LedgerResult FindLot(Command* command, out int account, out int lot)
    {
        account = AccountOfLot(command);
        lot = account != 0 ? _lots.Find(_state.Accounts.Read(account), command->Subject) : 0;
        if (lot == 0) return LedgerResult.LotNotFound;
        return (_state.Lots.Read(lot)->Flags & LotFlags.Pooled) != 0 ? LedgerResult.PooledTerms : LedgerResult.Accepted;
    }

    private LedgerResult DecideLotUpdate(Command* command, long stamp, ref FactWriter writer)
    {
        var found = FindLot(command, out var account, out var lot);
        if (found != LedgerResult.Accepted) return found;
        var row = _state.Lots.Read(lot);
        if ((row->Flags & LotFlags.Expired) != 0) return LedgerResult.LotNotAvailable;
        if (command->ExpiresAt != 0 && command->ExpiresAt <= stamp) return LedgerResult.ExpiryInPast;
        if (command->Has(CommandFlags.HasAmount) && (ulong)command->Amount != (row->Terms != 0 ? _state.Terms.Read(row->Terms)->Source : 0)) return LedgerResult.Outdated;

        var body = writer.Begin<LotUpdatedBody>(PartKind.LotUpdated);
        body->Number = row->Number;
        body->Handle = lot;
        body->Account = row->Account;
        body->Wallet = command->Wallet;
        body->Asset = _state.Accounts.Read(account)->Asset;
        body->Source = writer.NewNumber();
        body->ChangeBefore = _state.FindMemo(row->Number, MemoKind.LotChange) is var memo and not 0 ? _state.Memos.Read(memo)->Changed : 0;
        if (row->Terms != 0)
        {
            body->Terms = TermsOf(_state.Terms.Read(row->Terms));
            body->SourceBefore = _state.Terms.Read(row->Terms)->Source;
        }

        if (command->ExpiresAt != 0) body->Terms.ExpiresAt = command->ExpiresAt;
        if (Extras.TryFind(new ReadOnlySpan<byte>(ExtrasOf(command), command->ExtrasBytes), ExtraTag.Attributes, out var attributes))
            (body->Terms.AttributesLo, body->Terms.AttributesHi) = attributes.IsEmpty ? default : SipHash.Hash128(0, attributes);
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }

    private static CreditedBody TermsOf(TermsRow* row) => new()
    {
        ExpiresAt = row->ExpiresAt,
        AttributesLo = row->AttributesLo,
        AttributesHi = row->AttributesHi,
        RestrictionsLo = row->RestrictionsLo,
        RestrictionsHi = row->RestrictionsHi,
    };

    private LedgerResult DecideLotExpiry(Command* command, ref FactWriter writer)
    {
        var found = FindLot(command, out var account, out var lot);
        if (found != LedgerResult.Accepted) return found;
        var row = _state.Lots.Read(lot);
        if ((row->Flags & LotFlags.Expired) == 0)
        {
            ExpireLot(lot, _state.Accounts.Read(account), ExtrasOf(command), command->ExtrasBytes, ref writer);
            return LedgerResult.Accepted;
        }

        *writer.Begin<LotExpiredBody>(PartKind.LotExpiryRepeated) = new LotExpiredBody { Number = row->Number, Handle = lot, Account = account };
        writer.End(ExtrasOf(command), command->ExtrasBytes);
        return LedgerResult.Accepted;
    }
}
