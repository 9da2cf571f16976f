using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>A bookshop whose tests talk of policies.</summary>
public sealed unsafe class PolicyBooks : IDisposable
{
    public Bookshop Shop { get; } = new();

    public long Now
    {
        get => Shop.Now;
        set => Shop.Now = value;
    }

    public static ConditionDraft When(string field, ConditionOperator op, string value) => new(field, op, PolicyValue.OfText(value));

    public ulong Put(PolicyDraft draft, ulong policy = 0)
    {
        Shop.Accept(Putting(draft, policy));
        fixed (byte* payload = Shop.LastFact.Bytes) return new FactParts(payload).First.Body<PolicyPutBody>().Number;
    }

    public Command* Putting(PolicyDraft draft, ulong policy = 0)
    {
        Assert.True(PolicyCompiler.TryCompile(draft, out var program, out var error), error);
        var command = Shop.New(CommandKind.PutPolicy);
        command->Subject = policy;
        Add(command, ExtraTag.PolicyProgram, program);
        return command;
    }

    public Command* SettingStatus(ulong policy, PolicyStatus status)
    {
        var command = Shop.New(CommandKind.SetPolicyStatus);
        command->Subject = policy;
        command->Other = (ulong)status;
        return command;
    }

    public Command* BindingWallet(string wallet, params ulong[] policies)
    {
        var command = Shop.Of(CommandKind.BindWallet, wallet, 0);
        return Listing(command, policies);
    }

    public Command* BindingAsset(params ulong[] policies)
    {
        var command = Shop.New(CommandKind.BindAsset);
        command->AssetCode = Bookshop.Points;
        return Listing(command, policies);
    }

    /// <summary>A credit of a lot with terms.</summary>
    public Command* Crediting(string wallet, Int128 amount, ulong policy = 0, RuleDraft[]? restrictions = null, (string, PolicyValue)[]? attributes = null)
    {
        var command = Shop.Of(CommandKind.CreateCredit, wallet, amount);
        command->Other = policy;
        if (restrictions != null)
        {
            Assert.True(PolicyCompiler.TryCompileRestrictions(restrictions, out var program, out var error), error);
            Shop.Arena.AddText(command, ExtraTag.Restrictions, $"[{Convert.ToHexString(program)}]");
            Add(command, ExtraTag.RestrictionProgram, program);
            command->Flags |= CommandFlags.HasTerms;
        }

        if (attributes != null)
        {
            var values = ValueBlob.Write(attributes)!;
            Shop.Arena.AddText(command, ExtraTag.Attributes, Convert.ToHexString(values));
            Add(command, ExtraTag.AttributeValues, values);
            command->Flags |= CommandFlags.HasTerms;
        }

        return command;
    }

    public Command* With(Command* command, string? intent, params (string, PolicyValue)[] context)
    {
        if (intent != null) Shop.Arena.AddText(command, ExtraTag.Intent, intent);
        var values = context.Length == 0 ? [] : ValueBlob.Write(context, ValueBlob.HasContext)!;
        var place = (command->ExtrasBytes + 7) & ~7;
        var bytes = Shop.Arena.Bytes(place + 8 + values.Length);
        new ReadOnlySpan<byte>(command->Extras, command->ExtrasBytes).CopyTo(new Span<byte>(bytes, command->ExtrasBytes));
        *(int*)(bytes + place) = values.Length;
        values.CopyTo(new Span<byte>(bytes + place + 8, values.Length));
        command->Extras = bytes;
        command->Flags |= CommandFlags.HasPolicyInput;
        return command;
    }

    public Command* Debit(string wallet, Int128 amount) => Shop.Of(CommandKind.CreateDebit, wallet, amount);

    public Command* Reservation(string wallet, Int128 amount, long expiresAt = 0)
    {
        var command = Shop.Of(CommandKind.CreateReservation, wallet, amount);
        command->ExpiresAt = expiresAt;
        return command;
    }

    public ulong Reserve(Command* command)
    {
        Shop.Accept(command);
        fixed (byte* payload = Shop.LastFact.Bytes) return new FactParts(payload).First.Body<ReservedBody>().Number;
    }

    /// <summary>Layer, rule and lot of a refusal by policy, with a key and without one: they are the same.</summary>
    public (int Layer, ulong Policy, int Version, string Rule, ulong Lot) Deny(Command* command)
    {
        var before = Shop.Rig.Ledger.Digest();
        var payload = (byte*)NativeMemory.AlignedAlloc(LedgerLimits.FactBytesMax, 64);
        try
        {
            var outcome = Shop.Rig.Ledger.Decide(command, default, Now, payload, LedgerLimits.FactBytesMax);
            Assert.Equal((LedgerResult.PolicyViolation, 0), (outcome.Result, outcome.FactBytes));
            Assert.Equal(before, Shop.Rig.Ledger.Digest());
            var without = RefusalIn(payload);
            command->Flags |= CommandFlags.HasKey;
            outcome = Shop.Rig.Ledger.Decide(command, default, Now, payload, LedgerLimits.FactBytesMax);
            Assert.True(outcome.FactBytes > 0);
            Assert.Equal(without, RefusalIn(payload));
            command->Flags &= ~CommandFlags.HasKey;
            return without;
        }
        finally
        {
            NativeMemory.AlignedFree(payload);
        }
    }

    public (LedgerResult Result, VerdictView[] Verdicts) Evaluate(Command* command, PolicyOperation operation)
    {
        var question = Shop.Arena.Commands(1);
        *question = *command;
        question->Kind = CommandKind.EvaluatePolicy;
        if ((question->Flags & CommandFlags.OtherByAlias) != 0 || question->Other != 0) question->Flags |= CommandFlags.HasDestination;
        if (command->Kind == CommandKind.CreateCredit) question->Flags &= ~(CommandFlags.HasDestination | CommandFlags.HasTerms);
        question->Subject = (ulong)operation;
        Assert.Equal(LedgerResult.Accepted, Shop.Rig.Read(question, Now, out var answer));
        return (MemoryMarshal.Read<EvaluationView>(answer).Result, MemoryMarshal.Cast<byte, VerdictView>(answer[sizeof(EvaluationView)..]).ToArray());
    }

    /// <summary>The same facts give the same books, without any policy being asked.</summary>
    public void Replay()
    {
        using var replayed = Shop.Rig.Replay();
        Assert.Equal(Shop.Rig.Ledger.Digest(), replayed.Digest());
        Assert.Null(replayed.FindFault());
    }

    public void Dispose() => Shop.Dispose();

    private static (int, ulong, int, string, ulong) RefusalIn(byte* payload)
    {
        var items = new FactParts(payload).First.PolicyItems;
        Assert.True(items.TryFind(PolicyItemKind.Refused));
        ref readonly var item = ref items.As<RefusedItem>();
        return (item.Layer, item.Policy, item.Version, Encoding.UTF8.GetString(items.RuleOfRefusal), item.Lot);
    }

    private Command* Listing(Command* command, ulong[] policies)
    {
        command->Arguments = Shop.Arena.Numbers(policies);
        command->ArgumentCount = policies.Length;
        return command;
    }

    private void Add(Command* command, ExtraTag tag, byte[] value)
    {
        var total = command->ExtrasBytes + Extras.ItemHeaderBytes + value.Length;
        var extras = Shop.Arena.Bytes(total);
        new ReadOnlySpan<byte>(command->Extras, command->ExtrasBytes).CopyTo(new Span<byte>(extras, total));
        Extras.Write(new Span<byte>(extras + command->ExtrasBytes, total - command->ExtrasBytes), tag, value);
        command->Extras = extras;
        command->ExtrasBytes = total;
    }
}
