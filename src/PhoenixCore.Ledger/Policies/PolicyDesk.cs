using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Asks the policies that govern one operation, and keeps what its fact has to carry. Changes no state, allocates nothing.</summary>
/// <remarks>The law is POLICIES.md. One desk serves one operation at a time: <see cref="Begin"/>, questions, <see cref="WriteTo"/>.</remarks>
internal sealed unsafe partial class PolicyDesk
{
    public const int AssetLayer = 1;
    public const int WalletLayer = 2;
    public const int LotLayer = 3;
    public const int RestrictionLayer = 4;

    private const int Allowed = -1;
    private const int ByOperations = -2;
    private const int ByIntents = -3;

    /// <summary>Things of one kind that an operation's items may hold; more do not fit their bytes.</summary>
    private const int ItemsMax = 256;

    private readonly LedgerState _state;
    private readonly AskedItem[] _asked = new AskedItem[ItemsMax];
    private int _askedCount;
    private bool _isOverfull;
    private PolicyRefusal _refusal;

    private uint _tenant;
    private long _stamp;
    private int _asset;
    private int _scale;
    private byte* _intent;
    private int _intentLength;
    private byte* _context;
    private byte* _contextBefore;
    private int _contextBytes;
    private PolicyQuestion _question;
    private PolicyQuestion _second;
    private bool _hasSecond;

    public PolicyDesk(LedgerState state) => _state = state;

    /// <summary>Why the last operation was refused, when its result is <see cref="LedgerResult.PolicyViolation"/>.</summary>
    public ref readonly PolicyRefusal Refusal => ref _refusal;

    public ReadOnlySpan<byte> Intent => new(_intent, _intentLength);

    /// <summary>The request has a context of its own.</summary>
    public bool HasContext => (ValueBlob.FlagsOf(_context) & ValueBlob.HasContext) != 0;

    public bool HasIntent { get; private set; }

    public bool IsWager => Intent.SequenceEqual(PolicyNames.Wager);

    /// <summary>Starts over for an operation.</summary>
    /// <param name="command">Null: nothing was asked (an expiry).</param>
    public void Begin(Command* command, uint tenant, long stamp, int asset)
    {
        (_tenant, _stamp, _asset, _scale) = (tenant, stamp, asset, _state.Assets.Read(asset)->Scale);
        (_askedCount, _chargeCount, _wagerCount, _isOverfull, _hasSecond) = (0, 0, 0, false, false);
        _context = null;
        _contextBefore = null;
        HasIntent = false;
        _refusal.IsGiven = false;
        if (command == null) return;
        SetIntent(PolicyNames.DefaultIntent(command->Kind));
        if (command->Has(CommandFlags.HasPolicyInput)) ReadInput(command);
    }

    /// <summary>What the reservation that is captured was made with counts where the capture says nothing.</summary>
    public void Recall(int memo)
    {
        if (memo == 0) return;
        var header = (MemoHeader*)_state.Blobs.Read(memo);
        var intent = (byte*)header + sizeof(MemoHeader) + (header->Charges * sizeof(ChargeMemo));
        if (!HasIntent && header->IntentBytes > 0) SetIntent(new ReadOnlySpan<byte>(intent, header->IntentBytes));
        if (header->ContextBytes > 0) _contextBefore = intent + ((header->IntentBytes + 7) & ~7);
    }

    /// <summary>Asks layers 1 and 2.</summary>
    public LedgerResult AskLayers(in PolicyQuestion question)
    {
        var asked = AskBinding(_state.Assets.Read(_asset)->Binding, AssetLayer, question);
        return asked != LedgerResult.Accepted ? asked : AskBinding(BindingOf(question), WalletLayer, question);
    }

    public LedgerResult AskBinding(int binding, int layer, in PolicyQuestion question)
    {
        if (binding == 0) return LedgerResult.Accepted;
        var row = _state.Bindings.Read(binding);
        LotSubject none = default;
        for (var i = 0; i < row->Count; i++)
        {
            var policy = _state.Policies.Read(row->Policies[i]);
            var version = _state.PolicyVersions.Read(policy->Latest);
            NoteAsked(policy->Number, version->Version, policy->Latest);
            if (policy->Status == PolicyStatus.Inactive)
            {
                _refusal.Set(policy->Number, version->Version, layer, 0, PolicyNames.StatusInactive);
                return LedgerResult.PolicyViolation;
            }

            var program = _state.Blobs.Read(version->Program);
            var denial = FirstDenial(program, policy->Number, question, none, question.Amount);
            if (denial == Allowed) continue;
            _refusal.Set(policy->Number, version->Version, layer, 0, NameOf(program, denial));
            return LedgerResult.PolicyViolation;
        }

        return LedgerResult.Accepted;
    }

    /// <summary>The largest over-capture that a list's policies grant; a version that gives a percentage and an amount means the smaller one. Inactive ones grant nothing.</summary>
    /// <param name="first">What the reservation was made with.</param>
    public Int128 OvercaptureOf(int binding, Int128 first, int scale)
    {
        Int128 most = 0;
        if (binding == 0) return most;
        var row = _state.Bindings.Read(binding);
        for (var i = 0; i < row->Count; i++)
        {
            var policy = _state.Policies.Read(row->Policies[i]);
            var program = (ProgramHeader*)_state.ProgramOf(policy->Latest);
            if (program == null || policy->Status == PolicyStatus.Inactive) continue;
            var hasAmount = program->OvercaptureForm != AmountForm.None;
            Int128 cap = hasAmount ? PolicyMath.UnitsOf(program->OvercaptureAmount, program->OvercaptureForm, scale, roundUp: false) : 0;
            if (program->OvercaptureMillionths >= 0 && PolicyMath.ShareOf(first, program->OvercaptureMillionths) is var share && (!hasAmount || share < cap)) cap = share;
            if (cap > most) most = cap;
        }

        return most;
    }

    public int BindingOf(in PolicyQuestion question) => _state.Wallets.Read(question.WalletHandle)->Binding;

    /// <summary>Lots are asked this from now on; a second question about the same slice follows when there is one.</summary>
    public void AskLots(in PolicyQuestion question)
    {
        (_question, _hasSecond) = (question, false);
    }

    public void AskLots(in PolicyQuestion question, in PolicyQuestion second)
    {
        (_question, _second, _hasSecond) = (question, second, true);
    }

    /// <summary>Layers 3 and 4 of a lot for a slice of it. Denied: nothing of it was counted, and the operation's first denial is kept.</summary>
    public bool MayTake(int handle, Int128 slice)
    {
        var row = _state.Lots.Read(handle);
        if (row->Terms == 0) return true;
        var terms = _state.Terms.Read(row->Terms);
        if (!terms->IsGoverned) return true;
        var lot = new LotSubject
        {
            Number = row->Number,
            Handle = handle,
            FromTransfer = (row->Flags & LotFlags.FromTransfer) != 0,
            CreatedAt = row->CreatedAt,
            Attributes = _state.Blobs.Read(terms->Attributes),
            Wagering = row->Wagering,
        };
        var charges = _chargeCount;
        var restrictions = _state.Blobs.Read(terms->Restrictions);
        if (AskLot(terms->Version, restrictions, lot, _question, slice) && (!_hasSecond || AskLot(terms->Version, restrictions, lot, _second, slice))) return true;
        _chargeCount = charges;
        return false;
    }

    /// <param name="version">Handle; 0 = the lot has no policy.</param>
    private bool AskLot(int version, byte* restrictions, in LotSubject lot, in PolicyQuestion question, Int128 slice)
    {
        if (version != 0)
        {
            var pinned = _state.PolicyVersions.Read(version);
            var policy = _state.Policies.Read(pinned->Policy);
            var program = _state.Blobs.Read(pinned->Program);
            NoteAsked(policy->Number, pinned->Version, version);
            if (policy->Status == PolicyStatus.Inactive) return Denied(policy->Number, pinned->Version, LotLayer, lot, PolicyNames.StatusInactive);
            var denial = FirstDenial(program, policy->Number, question, lot, slice);
            if (denial != Allowed) return Denied(policy->Number, pinned->Version, LotLayer, lot, NameOf(program, denial));
        }

        if (restrictions == null) return true;
        var restricted = FirstDenial(restrictions, 0, question, lot, slice);
        return restricted == Allowed || Denied(0, 0, RestrictionLayer, lot, NameOf(restrictions, restricted));
    }

    /// <summary>All that the fact has to carry fits; else so many lots or limits cannot stand in one operation.</summary>
    public bool Fits(int memoBytes = 0) => !_isOverfull && ItemBytes + memoBytes <= PolicyLimits.ItemBytesMax;

    private bool Denied(ulong policy, int version, int layer, in LotSubject lot, ReadOnlySpan<byte> rule)
    {
        if (!_refusal.IsGiven) _refusal.Set(policy, version, layer, lot.Handle != 0 ? lot.Number : 0, rule);
        return false;
    }

    private void NoteAsked(ulong policy, int version, int handle)
    {
        for (var i = 0; i < _askedCount; i++)
        {
            if (_asked[i].VersionHandle == handle) return;
        }

        if (_askedCount == ItemsMax)
        {
            _isOverfull = true;
            return;
        }

        _asked[_askedCount++] = new AskedItem { Policy = policy, Version = version, VersionHandle = handle };
    }

    private static ReadOnlySpan<byte> NameOf(byte* program, int denial) => denial switch
    {
        ByOperations => PolicyNames.OperationsList,
        ByIntents => PolicyNames.IntentsList,
        _ => TextOf(program, RulesOf(program)[denial].Id),
    };

    private void SetIntent(ReadOnlySpan<byte> intent)
    {
        if (intent.SequenceEqual(PolicyNames.Withdrawal)) intent = PolicyNames.Cashout;
        _intent = PolicyNames.AddressOf(intent);
        _intentLength = intent.Length;
    }

    private void ReadInput(Command* command)
    {
        if (Extras.TryFind(new ReadOnlySpan<byte>(command->Extras, command->ExtrasBytes), ExtraTag.Intent, out var intent))
        {
            SetIntent(intent);
            HasIntent = true;
        }

        var context = command->Extras + ((command->ExtrasBytes + 7) & ~7);
        if (*(int*)context > 0) _context = context + 8;
        _contextBytes = *(int*)context;
    }
}
