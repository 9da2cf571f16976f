using System.Buffers.Binary;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

internal sealed unsafe partial class PolicyDesk
{
    private static RuleRow* RulesOf(byte* program) => (RuleRow*)(program + ProgramHeader.SizeBytes);

    private static ReadOnlySpan<byte> TextOf(byte* program, Slot text) => new(program + text.Offset, text.Count);

    /// <summary>Index of the first rule that denies, or one of the negative constants.</summary>
    /// <param name="moved">The whole amount, or the slice.</param>
    private int FirstDenial(byte* program, ulong policy, in PolicyQuestion question, in LotSubject lot, Int128 moved)
    {
        if (program == null) return Allowed;
        var header = (ProgramHeader*)program;
        if (header->Operations != 0 && (header->Operations & (1 << (int)question.Operation)) == 0) return ByOperations;
        if (header->Intents.Count != 0 && !IsAmong(program, header->Intents, Intent)) return ByIntents;
        var rules = RulesOf(program);
        for (var i = 0; i < header->Rules; i++)
        {
            if (Hold(program, rules[i].When, question, lot) && Denies(program, rules + i, policy, question, lot, moved)) return i;
        }

        return Allowed;
    }

    private bool Denies(byte* program, RuleRow* rule, ulong policy, in PolicyQuestion question, in LotSubject lot, Int128 moved)
    {
        switch (rule->Kind)
        {
            case RuleKind.Category:
                var category = ContextText(TextOf(program, rule->Field), out var isGiven);
                return (isGiven && IsAmong(program, rule->Second, category)) || (rule->First.Count > 0 && !(isGiven && IsAmong(program, rule->First, category)));
            case RuleKind.Operation:
                var bit = 1 << (int)question.Operation;
                return (rule->Second.Count & bit) != 0 || (rule->First.Count != 0 && (rule->First.Count & bit) == 0);
            case RuleKind.Intent:
                return IsAmong(program, rule->Second, Intent) || (rule->First.Count > 0 && !IsAmong(program, rule->First, Intent));
            case RuleKind.Attribute:
                return lot.IsGiven && !Holds(program, (ConditionRow*)(program + rule->First.Offset), question, lot, ofAttributes: true);
            case RuleKind.Context:
                return !Holds(program, (ConditionRow*)(program + rule->First.Offset), question, lot, ofAttributes: false);
            case RuleKind.Amount:
                return (rule->MinForm != AmountForm.None && moved < Min(rule)) || (rule->MaxForm != AmountForm.None && moved > Max(rule));
            case RuleKind.Balance:
                return (question.Leaves && rule->MinForm != AmountForm.None && question.BalanceAfter < Min(rule))
                    || (question.Enters && rule->MaxForm != AmountForm.None && question.BalanceAfter > Max(rule));
            case RuleKind.Counterparty:
                return question.Other != 0
                    && (Names(program, rule->Second, question.Other) || (rule->First.Count > 0 && !Names(program, rule->First, question.Other)));
            case RuleKind.Schedule:
                return !PolicyMath.IsWithin(program, rule, _stamp);
            case RuleKind.Limit:
                return DeniesLimit(program, rule, policy, question, lot, moved);
            case RuleKind.Wagering:
                return lot.Wagering > 0 && (question.Operation == PolicyOperation.TransferOut || question.CarriesAway || Intent.SequenceEqual(PolicyNames.Cashout));
            case RuleKind.None or RuleKind.Expiry:
                return false;
        }

        throw new InvariantBrokenException($"a program has a rule of unknown kind {(int)rule->Kind}: it was compiled by a newer version");
    }

    private Int128 Min(RuleRow* rule) => PolicyMath.UnitsOf(rule->Min, rule->MinForm, _scale, roundUp: true);

    private Int128 Max(RuleRow* rule) => PolicyMath.UnitsOf(rule->Max, rule->MaxForm, _scale, roundUp: false);

    /// <summary>All conditions of a "when".</summary>
    private bool Hold(byte* program, Slot conditions, in PolicyQuestion question, in LotSubject lot)
    {
        var condition = (ConditionRow*)(program + conditions.Offset);
        for (var i = 0; i < conditions.Count; i++)
        {
            if (!Holds(program, condition + i, question, lot, ofAttributes: false)) return false;
        }

        return true;
    }

    private bool Holds(byte* program, ConditionRow* condition, in PolicyQuestion question, in LotSubject lot, bool ofAttributes)
    {
        var values = (ValueRow*)(program + condition->Values.Offset);
        var isNegated = condition->Operator is ConditionOperator.NotEqual or ConditionOperator.NotIn;
        if (condition->Known is >= KnownField.WalletId and <= KnownField.CounterpartyExternalId)
        {
            var wallet = condition->Known is KnownField.WalletId or KnownField.WalletExternalId ? question.Wallet : question.Other;
            return (wallet != 0 && Names(program, condition->Values, wallet)) != isNegated;
        }

        var buffer = default(UInt128);
        var isFound = TryFind(program, condition, question, lot, ofAttributes, out var value, out var text, &buffer);
        if (condition->Operator == ConditionOperator.Exists) return isFound == (values->Number != 0);
        if (!isFound) return isNegated;
        switch (condition->Operator)
        {
            case ConditionOperator.Equal or ConditionOperator.In or ConditionOperator.NotEqual or ConditionOperator.NotIn:
                for (var i = 0; i < condition->Values.Count; i++)
                {
                    if (Compare(value, text, values + i, program) == 0) return !isNegated;
                }

                return isNegated;
            case ConditionOperator.Contains:
                return value.Kind == PolicyValueKind.Text && new ReadOnlySpan<byte>(text, value.Text.Count).IndexOf(TextOf(program, values->Text)) >= 0;
            default:
                if (value.Kind == PolicyValueKind.Boolean || Compare(value, text, values, program) is not { } order) return false;
                return condition->Operator switch
                {
                    ConditionOperator.Greater => order > 0,
                    ConditionOperator.GreaterOrEqual => order >= 0,
                    ConditionOperator.Less => order < 0,
                    _ => order <= 0,
                };
        }
    }

    /// <summary>Null for values of different kinds.</summary>
    private static int? Compare(in ValueRow value, byte* text, ValueRow* other, byte* program)
    {
        if (value.Kind != other->Kind) return null;
        return value.Kind switch
        {
            PolicyValueKind.Text => new ReadOnlySpan<byte>(text, value.Text.Count).SequenceCompareTo(TextOf(program, other->Text)),
            PolicyValueKind.Number => PolicyMath.Compare(value.Number, value.Decimals, other->Number, other->Decimals),
            _ => value.Number.CompareTo(other->Number),
        };
    }

    /// <param name="buffer">Where a text may be put that lies nowhere.</param>
    private bool TryFind(byte* program, ConditionRow* condition, in PolicyQuestion question, in LotSubject lot, bool ofAttributes, out ValueRow value, out byte* text, UInt128* buffer)
    {
        if (ofAttributes) return ValueBlob.TryFind(lot.Attributes, TextOf(program, condition->Field), out value, out text);
        if (condition->Known == KnownField.None) return TryFindInContext(TextOf(program, condition->Field), out value, out text);
        value = new ValueRow { Kind = PolicyValueKind.Text };
        ReadOnlySpan<byte> word = default;
        switch (condition->Known)
        {
            case KnownField.Operation: word = PolicyNames.Of(question.Operation); break;
            case KnownField.Intent: word = Intent; break;
            case KnownField.LotSource when lot.IsGiven: word = lot.FromTransfer ? "transfer"u8 : "credit"u8; break;
            case KnownField.Asset:
                BinaryPrimitives.WriteUInt128LittleEndian(new Span<byte>(buffer, 16), _state.Assets.Read(_asset)->Code);
                word = new ReadOnlySpan<byte>(buffer, 16).TrimEnd((byte)0);
                break;
            case KnownField.LotAge when lot.IsGiven:
                value = new ValueRow { Kind = PolicyValueKind.Number, Number = (_stamp - lot.CreatedAt) / PolicyMath.Second };
                text = null;
                return true;
        }

        value.Text.Count = word.Length;
        text = PolicyNames.AddressOf(word);
        return !word.IsEmpty;
    }

    private bool TryFindInContext(ReadOnlySpan<byte> name, out ValueRow value, out byte* text) =>
        ValueBlob.TryFind(_context, name, out value, out text) || ValueBlob.TryFind(_contextBefore, name, out value, out text);

    private ReadOnlySpan<byte> ContextText(ReadOnlySpan<byte> name, out bool isGiven)
    {
        isGiven = TryFindInContext(name, out var value, out var text) && value.Kind == PolicyValueKind.Text;
        return isGiven ? new ReadOnlySpan<byte>(text, value.Text.Count) : default;
    }

    private static bool IsAmong(byte* program, Slot texts, ReadOnlySpan<byte> word)
    {
        var values = (ValueRow*)(program + texts.Offset);
        for (var i = 0; i < texts.Count; i++)
        {
            if (word.SequenceEqual(TextOf(program, values[i].Text))) return true;
        }

        return false;
    }

    /// <summary>Whether the list names the wallet, by number or by the hash of its external id.</summary>
    private bool Names(byte* program, Slot wallets, ulong number)
    {
        var values = (ValueRow*)(program + wallets.Offset);
        WalletRow* row = null;
        for (var i = 0; i < wallets.Count; i++)
        {
            if (values[i].Kind == PolicyValueKind.Wallet)
            {
                if (values[i].Number == number) return true;
                continue;
            }

            if (row == null) row = _state.Wallets.Read(_state.FindWallet(_tenant, number));
            if (unchecked((UInt128)values[i].Number) == new UInt128(row->AliasHi, row->AliasLo)) return true;
        }

        return false;
    }
}
