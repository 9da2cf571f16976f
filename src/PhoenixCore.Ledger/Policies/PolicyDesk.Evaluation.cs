using PhoenixCore.Ledger.Reads;

namespace PhoenixCore.Ledger.Policies;

// What only the question "what would policies say?" needs.
internal sealed unsafe partial class PolicyDesk
{
    /// <summary>The intent that a command of the operation has when it names none.</summary>
    public void SetDefaultIntent(PolicyOperation operation) => SetIntent(PolicyNames.DefaultIntent(operation switch
    {
        PolicyOperation.Credit => CommandKind.CreateCredit,
        PolicyOperation.TransferOut or PolicyOperation.TransferIn => CommandKind.CreateTransfer,
        PolicyOperation.Consume => CommandKind.CreateDebit,
        PolicyOperation.None or PolicyOperation.Reserve or PolicyOperation.Commit => CommandKind.CreateReservation,
    }));

    public void ForgetRefusal() => _refusal.IsGiven = false;

    /// <summary>How much was counted so far; goes back to that.</summary>
    public int Charges
    {
        get => _chargeCount;
        set => _chargeCount = value;
    }

    public void CopyRefusal(VerdictView* to)
    {
        (to->Policy, to->Version, to->Layer, to->RuleBytes) = (_refusal.Item.Policy, _refusal.Item.Version, _refusal.Item.Layer, _refusal.Item.RuleBytes);
        for (var i = 0; i < _refusal.Item.RuleBytes; i++) to->Rule[i] = _refusal.Rule[i];
    }
}
