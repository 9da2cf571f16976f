using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Model;
using Law = PhoenixCore.Model.Policies;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>Commands about policies, and what other commands say to them.</summary>
public sealed unsafe partial class ModelTranslator
{
    private readonly DraftTranslator _drafts = new(book);

    private void Policy(Command* to, ModelCommand command)
    {
        switch (command)
        {
            case PutPolicy c:
                to->Kind = CommandKind.PutPolicy;
                to->Subject = c.Policy is { } given ? book.PolicyOf(given) : 0;
                Assert.True(PolicyCompiler.TryCompile(_drafts.Of(c.Version), out var program, out var error), error);
                arena.AddBytes(to, ExtraTag.PolicyProgram, program);
                break;
            case SetPolicyStatus c:
                to->Kind = CommandKind.SetPolicyStatus;
                to->Subject = book.PolicyOf(c.Policy);
                to->Other = (ulong)Enum.Parse<PolicyStatus>(c.Status.ToString());
                break;
            case BindWallet c:
                to->Kind = CommandKind.BindWallet;
                SetWallet(to, c.Wallet);
                SetPolicies(to, c.Policies);
                break;
            case BindAsset c:
                to->Kind = CommandKind.BindAsset;
                SetAsset(to, c.Asset);
                SetPolicies(to, c.Policies);
                break;
            default:
                throw new ArgumentException($"is not about policies: {command}");
        }
    }

    private void SetPolicies(Command* to, IReadOnlyList<int> policies)
    {
        to->Arguments = arena.Numbers([.. policies.Select(book.PolicyOf)]);
        to->ArgumentCount = policies.Count;
    }

    private void SetAttributes(Command* to, string tag)
    {
        arena.AddText(to, ExtraTag.Attributes, AttributesOf(tag));
        arena.AddBytes(to, ExtraTag.AttributeValues, ValueBlob.Write(DraftTranslator.Of(Law.LotAttributes.Of(tag)))!);
    }

    private void SetRestrictions(Command* to, Law.RuleList restrictions)
    {
        Assert.True(PolicyCompiler.TryCompileRestrictions(_drafts.Of(restrictions.Rules), out var program, out var error), error);
        arena.AddText(to, ExtraTag.Restrictions, restrictions.ToString());
        arena.AddBytes(to, ExtraTag.RestrictionProgram, program);
    }

    private static Law.PolicyInput InputOf(ModelCommand command) => command switch
    {
        CreateCredit c => c.Input,
        CreateDebit c => c.Input,
        CreateReservation c => c.Input,
        CommitReservation c => c.Input,
        IncrementReservation c => c.Input,
        CreateTransfer { Legs: [var leg] } => leg.Input,
        _ => Law.PolicyInput.None,
    };

    /// <summary>Last of all: the values lie behind the texts.</summary>
    private void SetInput(Command* to, Law.PolicyInput input)
    {
        if (input == Law.PolicyInput.None) return;
        if (input.Intent is { } intent) arena.AddText(to, ExtraTag.Intent, intent);
        var values = ValueBlob.Write(DraftTranslator.Of([.. input.Context ?? [], .. input.Metadata]), input.Context is null ? 0 : ValueBlob.HasContext)!;
        arena.AddValues(to, values);
    }
}
