using PhoenixCore.Model.Books;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Rules.Policies;

/// <summary>What an operation would be answered: CLOSED, FROZEN, policies, then the lots that it would take.</summary>
internal static class EvaluationRules
{
    public static Evaluation Evaluate(Draft draft, EvaluationQuestion asked)
    {
        var check = Check(draft.Books, asked, out var asset);
        if (check != ModelResult.Accepted) return new(false, check, null);

        var layers = new List<LayerVerdict>();
        var lots = new List<LotVerdict>();
        var desk = new PolicyDesk(draft);
        var questions = Questions(asked, asset);
        var result = AskLayers(draft, desk, questions, layers);
        if (result == ModelResult.Accepted && IsLeaving(asked.Operation)) result = Take(draft, desk, asked, [.. questions.Where(question => question.Wallet == asked.Wallet)], asset, lots);

        var status = StatusOf(draft.Books, asked, asset);
        return new(true, status == ModelResult.Accepted ? result : status, draft.AlsoAllowed) { Layers = layers, Lots = lots };
    }

    private static ModelResult Check(TenantBooks books, EvaluationQuestion asked, out string asset)
    {
        asset = "";
        WalletView? other = null;
        if (!MoneyRules.AmountValid(asked.Amount)) return ModelResult.InvalidAmount;
        if (!books.Wallets.TryGetValue(asked.Wallet, out var wallet)) return ModelResult.WalletNotFound;
        if (asked.Other is not null && !books.Wallets.TryGetValue(asked.Other, out other)) return ModelResult.WalletNotFound;
        if (wallet.System || other is { System: true }) return ModelResult.SystemWallet;
        if (asked.Wallet == asked.Other) return ModelResult.SameWallet;
        return books.ResolveAsset(asked.Wallet, asked.Asset, out asset);
    }

    private static ModelResult StatusOf(TenantBooks books, EvaluationQuestion asked, string asset)
    {
        var status = books.Wallets[asked.Wallet].Status;
        if (asked.Operation == PolicyOperation.Credit && !books.Assets[asset].Active) return ModelResult.AssetInactive;
        if (status == WalletStatus.Closed) return ModelResult.WalletClosed;
        if (status == WalletStatus.Frozen && IsLeaving(asked.Operation)) return ModelResult.WalletFrozen;
        return asked.Other is { } other && books.Wallets[other].Status == WalletStatus.Closed ? ModelResult.WalletClosed : ModelResult.Accepted;
    }

    private static bool IsLeaving(PolicyOperation operation) => operation is not (PolicyOperation.Credit or PolicyOperation.TransferIn);

    private static List<Question> Questions(EvaluationQuestion asked, string asset)
    {
        var intent = asked.Operation switch
        {
            PolicyOperation.Credit => "deposit",
            PolicyOperation.Consume => "consume",
            PolicyOperation.TransferOut => "transfer",
            PolicyOperation.Reserve => "reserve",
            _ => throw new ArgumentException($"no operation of its own: {asked.Operation}", nameof(asked)),
        };
        var first = new Question(asked.Operation, asked.Wallet, asset, asked.Other, asked.Amount, Question.IntentOf(asked.Input, intent), Question.ContextOf(asked.Input));
        return asked.Operation switch
        {
            PolicyOperation.TransferOut when asked.Other is { } other => [first, first with { Operation = PolicyOperation.TransferIn, Wallet = other, Other = asked.Wallet }],
            PolicyOperation.Reserve => [first, first.As(PolicyOperation.Commit)],
            _ => [first],
        };
    }

    private static ModelResult AskLayers(Draft draft, PolicyDesk desk, List<Question> questions, List<LayerVerdict> verdicts)
    {
        foreach (var question in questions)
        {
            foreach (var layer in new[] { 1, 2 })
            {
                var answer = desk.AskLayer(question, layer);
                verdicts.Add(new(layer, question.Wallet != questions[0].Wallet, answer == ModelResult.Accepted ? null : draft.Violation));
                if (answer != ModelResult.Accepted) return answer;
            }
        }

        return ModelResult.Accepted;
    }

    private static ModelResult Take(Draft draft, PolicyDesk desk, EvaluationQuestion asked, List<Question> questions, string asset, List<LotVerdict> verdicts)
    {
        return TakeRule.Take(draft, draft.Books.Account(asked.Wallet, asset), asked.Amount, asked.Selection, Ask, out _);

        Violation? Ask(Lot lot, System.Numerics.BigInteger part)
        {
            var denial = desk.AskLot(questions, lot, part);
            if (!lot.Pooled && asked.Selection.Strategy != SelectionStrategy.Specific) verdicts.Add(new(lot.Id, part, denial));
            return denial;
        }
    }
}
