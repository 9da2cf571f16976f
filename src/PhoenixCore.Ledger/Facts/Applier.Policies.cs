using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Facts;

internal sealed unsafe partial class Applier
{
    /// <summary>Before the postings: lots and counters are those that were decided about. A credit's lot does not exist yet, so its items come after.</summary>
    private void ApplyPolicyItemsBefore(PartHeader* part, in FactContext context)
    {
        if (part->Kind == PartKind.Credited) return;
        var items = new PolicyItemReader(part);
        while (items.MoveNext())
        {
            switch (items.Kind)
            {
                case PolicyItemKind.Counted: SetCounter(items.As<CountedItem>(), items.As<CountedItem>().Lot); break;
                case PolicyItemKind.Wagered: SetWagering(items.As<WageredItem>()); break;
            }
        }
    }

    private void ApplyPolicyItemsAfter(PartHeader* part, in FactContext context)
    {
        if (part->Switched != 0) SwitchLots(part);
        switch (part->Kind)
        {
            case PartKind.Credited: GovernLot(part); break;
            case PartKind.TransferredInto or PartKind.Captured: GovernArrival(part); break;
            case PartKind.Reserved: Remember(part); break;
            case PartKind.ReservationIncremented: RememberMore(part); break;
            case PartKind.WalletCreated: Bind(part, ((WalletCreatedBody*)((byte*)part + PartHeader.SizeBytes))->Handle); break;
        }
    }

    private void GovernLot(PartHeader* part)
    {
        var lot = ((Posting*)((byte*)part + PartHeader.SizeBytes + sizeof(CreditedBody)))->CreditLotHandle;
        var items = new PolicyItemReader(part);
        while (items.MoveNext())
        {
            if (items.Kind == PolicyItemKind.Counted) SetCounter(items.As<CountedItem>(), lot);
            else if (items.Kind == PolicyItemKind.LotGoverned) _state.Lots.Write(lot)->Wagering = items.As<LotGovernedItem>().Wagering;
        }
    }

    /// <summary>What remains to be wagered on the lot that was made with a policy of its own.</summary>
    private void GovernArrival(PartHeader* part)
    {
        var items = new PolicyItemReader(part);
        if (items.TryFind(PolicyItemKind.LotGoverned)) _state.Lots.Write(new FactPart(part).Postings[0].CreditLotHandle)->Wagering = items.As<LotGovernedItem>().Wagering;
    }

    private void SetCounter(in CountedItem item, int lot)
    {
        if ((item.Flags & CountedItem.IsNew) != 0)
        {
            Invariant.That(_state.Counters.Allocate() == item.Handle);
            var made = _state.Counters.Write(item.Handle);
            (made->Rule, made->Policy, made->Owner, made->Asset) = (item.Rule, item.Policy, item.Owner, item.Asset);
            _state.CounterIndex.Insert(LedgerState.CounterHash(item.Rule, item.Policy, item.Owner, item.Asset), item.Handle);
            if ((item.Flags & CountedItem.OfLot) != 0)
            {
                var row = _state.Lots.Write(lot);
                Invariant.That(row->Number == item.Owner);
                made->NextOfLot = row->Counters;
                row->Counters = item.Handle;
            }
        }

        var counter = _state.Counters.Write(item.Handle);
        Invariant.That(counter->Rule == item.Rule && counter->Owner == item.Owner);
        counter->WindowStart = item.WindowStart;
        counter->Value = item.After;
    }

    /// <summary>A lot's counters go with it.</summary>
    private void FreeCounters(LotRow* lot)
    {
        for (var handle = lot->Counters; handle != 0;)
        {
            var row = _state.Counters.Read(handle);
            var next = row->NextOfLot;
            _state.CounterIndex.Remove(LedgerState.CounterHash(row->Rule, row->Policy, row->Owner, row->Asset), handle);
            _state.Counters.Free(handle);
            handle = next;
        }
    }

    private void SetWagering(in WageredItem item)
    {
        var lot = _state.Lots.Write(item.Handle);
        Invariant.That(lot->Number == item.Lot);
        lot->Wagering = item.After;
    }

    /// <summary>Only now: what left these lots with the wager took along the terms that they had, as the decision about the receiving lot assumed.</summary>
    private void SwitchLots(PartHeader* part)
    {
        var items = new PolicyItemReader(part);
        while (items.MoveNext())
        {
            if (items.Kind == PolicyItemKind.LotSwitched) SwitchLot(items.As<LotSwitchedItem>());
        }
    }

    /// <summary>The same terms under another policy. A lot that the wager used up is gone.</summary>
    private void SwitchLot(in LotSwitchedItem item)
    {
        if (_state.Lots.Read(item.Handle)->Number != item.Lot) return;
        var lot = _state.Lots.Write(item.Handle);
        Invariant.That(lot->Wagering == 0);
        var old = lot->Terms;
        var wanted = *_state.Terms.Read(old);
        (wanted.Policy, wanted.Version, wanted.Lots) = (item.Policy, item.VersionHandle, 0);
        lot->Terms = InternTerms(wanted, _state.Blobs.Read(wanted.Attributes), _state.Blobs.LengthOf(wanted.Attributes), _state.Blobs.Read(wanted.Restrictions), _state.Blobs.LengthOf(wanted.Restrictions));
        _state.Terms.Write(lot->Terms)->Lots++;
        ReleaseTerms(old);
    }

    /// <summary>The terms of a credit that names a policy, attributes or restrictions.</summary>
    private int InternGovernedTerms(PartHeader* part, TermsRow wanted)
    {
        var items = new PolicyItemReader(part);
        if (items.TryFind(PolicyItemKind.LotGoverned)) (wanted.Policy, wanted.Version) = (items.As<LotGovernedItem>().Policy, items.As<LotGovernedItem>().VersionHandle);
        if (IsPlain(wanted)) return 0;
        var extras = new FactPart(part).Extras;
        var attributes = (wanted.AttributesLo | wanted.AttributesHi) != 0 && Extras.TryFind(extras, ExtraTag.AttributeValues, out var values) ? values : default;
        var restrictions = (wanted.RestrictionsLo | wanted.RestrictionsHi) != 0 && Extras.TryFind(extras, ExtraTag.RestrictionProgram, out var program) ? program : default;
        fixed (byte* attributeBytes = attributes, restrictionBytes = restrictions)
            return InternTerms(wanted, attributeBytes, attributes.Length, restrictionBytes, restrictions.Length);
    }

    /// <summary>A lot's terms after a change: its policy and restrictions stay, its attributes when they are not given.</summary>
    private int InternChangedTerms(PartHeader* part, LotUpdatedBody* body, int present, in FactContext context)
    {
        TermsRow wanted = default;
        if (present != 0) wanted = *_state.Terms.Read(present);
        var old = wanted;
        (wanted.ExpiresAt, wanted.AttributesLo, wanted.AttributesHi) = (body->Terms.ExpiresAt, body->Terms.AttributesLo, body->Terms.AttributesHi);
        (wanted.Source, wanted.Tenant, wanted.Lots) = (body->Source, context.Tenant, 0);
        Invariant.That(wanted.RestrictionsLo == body->Terms.RestrictionsLo && wanted.RestrictionsHi == body->Terms.RestrictionsHi);
        if (IsPlain(wanted)) return 0;
        var restrictions = _state.Blobs.Read(old.Restrictions);
        if (wanted.AttributesLo == old.AttributesLo && wanted.AttributesHi == old.AttributesHi)
            return InternTerms(wanted, _state.Blobs.Read(old.Attributes), _state.Blobs.LengthOf(old.Attributes), restrictions, _state.Blobs.LengthOf(old.Restrictions));
        var attributes = Extras.TryFind(new FactPart(part).Extras, ExtraTag.AttributeValues, out var values) ? values : default;
        fixed (byte* attributeBytes = attributes)
            return InternTerms(wanted, attributeBytes, attributes.Length, restrictions, _state.Blobs.LengthOf(old.Restrictions));
    }

    /// <param name="lot">A <see cref="ReturnedLot"/> with what rules read; empty = nothing governs the lot.</param>
    private int InternReturnedTerms(CreditedBody* body, ulong source, ReadOnlySpan<byte> lot, in FactContext context)
    {
        var wanted = TermsOf(body, source, context);
        if (lot.IsEmpty) return IsPlain(wanted) ? 0 : InternTerms(wanted, null, 0, null, 0);
        var governed = MemoryMarshal.Read<ReturnedLot>(lot);
        (wanted.Policy, wanted.Version) = (governed.Policy, governed.VersionHandle);
        fixed (byte* bytes = lot)
        {
            var attributes = bytes + sizeof(ReturnedLot);
            return InternTerms(wanted, attributes, governed.AttributesBytes, attributes + governed.AttributesBytes, governed.RestrictionsBytes);
        }
    }

    private static bool IsPlain(in TermsRow terms) =>
        terms.ExpiresAt == 0 && (terms.AttributesLo | terms.AttributesHi | terms.RestrictionsLo | terms.RestrictionsHi | terms.Policy) == 0;

    /// <summary>The handle of such terms, made when no lot has the same.</summary>
    private int InternTerms(TermsRow wanted, byte* attributes, int attributeBytes, byte* restrictions, int restrictionBytes)
    {
        var hash = TermsHash(&wanted);
        var handle = _state.TermsIndex.Find(hash, new TermsMatch(_state.Terms, wanted));
        if (handle != 0)
        {
            // Made by a reversal, without what rules read.
            if (_state.Terms.Read(handle)->Attributes == 0 && attributeBytes > 0) _state.Terms.Write(handle)->Attributes = _state.Blobs.Add(attributes, attributeBytes);
            if (_state.Terms.Read(handle)->Restrictions == 0 && restrictionBytes > 0) _state.Terms.Write(handle)->Restrictions = _state.Blobs.Add(restrictions, restrictionBytes);
            return handle;
        }

        handle = _state.Terms.Allocate();
        wanted.Attributes = _state.Blobs.Add(attributes, attributeBytes);
        wanted.Restrictions = _state.Blobs.Add(restrictions, restrictionBytes);
        *_state.Terms.Write(handle) = wanted;
        _state.TermsIndex.Insert(hash, handle);
        return handle;
    }

    /// <summary>One lot less has them.</summary>
    private void ReleaseTerms(int handle)
    {
        var row = _state.Terms.Write(handle);
        if (--row->Lots > 0) return;
        _state.TermsIndex.Remove(TermsHash(row), handle);
        _state.Blobs.Free(row->Attributes);
        _state.Blobs.Free(row->Restrictions);
        _state.Terms.Free(handle);
    }

    /// <summary>What the capture and the end of a reservation will want to know.</summary>
    private void Remember(PartHeader* part)
    {
        var memo = stackalloc byte[BlobPool.BytesMax];
        var header = (MemoHeader*)memo;
        *header = default;
        var charge = (ChargeMemo*)(memo + sizeof(MemoHeader));
        var items = new PolicyItemReader(part);
        while (items.MoveNext())
        {
            if (items.Kind != PolicyItemKind.Counted) continue;
            ref readonly var item = ref items.As<CountedItem>();
            charge[header->Charges++] = new ChargeMemo { Rule = item.Rule, WindowStart = item.WindowStart, Counter = item.Handle, Lot = item.Lot, Flags = item.Flags & (CountedItem.OfLot | CountedItem.Operations), Times = 1 };
        }

        var length = sizeof(MemoHeader) + (header->Charges * sizeof(ChargeMemo));
        items = new PolicyItemReader(part);
        if (items.TryFind(PolicyItemKind.Memo))
        {
            (header->IntentBytes, header->ContextBytes) = (items.As<MemoItem>().IntentBytes, items.As<MemoItem>().ContextBytes);
            var texts = items.Bytes[sizeof(MemoItem)..];
            texts.CopyTo(new Span<byte>(memo + length, texts.Length));
            length += texts.Length;
        }

        if (length == sizeof(MemoHeader)) return;
        var body = (ReservedBody*)((byte*)part + PartHeader.SizeBytes);
        _state.Reservations.Write(body->Handle)->Memo = _state.Blobs.Add(memo, length);
    }

    /// <summary>What an increment was counted for, behind what the reservation was; a counter that stands there for the same lot stands there once.</summary>
    private void RememberMore(PartHeader* part)
    {
        var row = _state.Reservations.Write(((ReservationChangedBody*)((byte*)part + PartHeader.SizeBytes))->Handle);
        var memo = stackalloc byte[BlobPool.BytesMax];
        var header = (MemoHeader*)memo;
        *header = default;
        var length = row->Memo == 0 ? sizeof(MemoHeader) : _state.Blobs.LengthOf(row->Memo);
        if (row->Memo != 0) new ReadOnlySpan<byte>(_state.Blobs.Read(row->Memo), length).CopyTo(new Span<byte>(memo, length));
        var isChanged = false;
        var charge = (ChargeMemo*)(memo + sizeof(MemoHeader));
        var items = new PolicyItemReader(part);
        while (items.MoveNext())
        {
            if (items.Kind != PolicyItemKind.Counted) continue;
            ref readonly var item = ref items.As<CountedItem>();
            var place = 0;
            while (place < header->Charges && !IsOf(charge[place], item)) place++;
            if (place < header->Charges)
            {
                charge[place].Times++;
                isChanged = true;
                continue;
            }

            if (length + sizeof(ChargeMemo) > BlobPool.BytesMax) continue;
            var end = (byte*)(charge + header->Charges);
            Buffer.MemoryCopy(end, end + sizeof(ChargeMemo), BlobPool.BytesMax - (end - memo) - sizeof(ChargeMemo), length - (end - memo));
            charge[header->Charges++] = new ChargeMemo { Rule = item.Rule, WindowStart = item.WindowStart, Counter = item.Handle, Lot = item.Lot, Flags = item.Flags & (CountedItem.OfLot | CountedItem.Operations), Times = 1 };
            length += sizeof(ChargeMemo);
            isChanged = true;
        }

        if (!isChanged) return;
        if (row->Memo != 0) _state.Blobs.Free(row->Memo);
        row->Memo = _state.Blobs.Add(memo, length);
    }

    private static bool IsOf(in ChargeMemo charge, in CountedItem item) =>
        charge.Counter == item.Handle && charge.Lot == item.Lot && charge.Rule == item.Rule && charge.WindowStart == item.WindowStart;

    private void PutPolicy(PartHeader* part, PolicyPutBody* body, in FactContext context)
    {
        if (body->Version == 1)
        {
            Invariant.That(_state.Policies.Allocate() == body->Handle);
            *_state.Policies.Write(body->Handle) = new PolicyRow { Number = body->Number, Tenant = context.Tenant, CreatedAt = context.Stamp };
            _state.PolicyIndex.Insert(Mix.Of(body->Number), body->Handle);
            var tenant = _state.Tenants.Write((int)context.Tenant);
            if (tenant->LastPolicy != 0) _state.Policies.Write(tenant->LastPolicy)->NextOfTenant = body->Handle;
            else tenant->FirstPolicy = body->Handle;
            tenant->LastPolicy = body->Handle;
            tenant->Policies++;
        }

        var policy = _state.Policies.Write(body->Handle);
        Invariant.That(policy->Number == body->Number && _state.PolicyVersions.Allocate() == body->VersionHandle);
        var version = new PolicyVersionRow { Policy = body->Handle, Version = body->Version, Previous = policy->Latest, Sequence = context.Sequence, CreatedAt = context.Stamp };
        if (Extras.TryFind(new FactPart(part).Extras, ExtraTag.PolicyProgram, out var program))
        {
            fixed (byte* bytes = program) version.Program = _state.Blobs.Add(bytes, program.Length);
        }

        *_state.PolicyVersions.Write(body->VersionHandle) = version;
        policy->Latest = body->VersionHandle;
        policy->UpdatedAt = context.Stamp;
    }

    private void SetPolicyStatus(PolicyStatusSetBody* body, in FactContext context)
    {
        var policy = _state.Policies.Write(body->Handle);
        Invariant.That(policy->Number == body->Number);
        policy->Status = body->Status;
        policy->UpdatedAt = context.Stamp;
    }

    private void BindWallet(PartHeader* part, PoliciesBoundBody* body, in FactContext context)
    {
        Bind(part, body->Handle);
        _state.Wallets.Write(body->Handle)->UpdatedAt = context.Stamp;
    }

    private void Bind(PartHeader* part, int handle)
    {
        var wallet = _state.Wallets.Write(handle);
        wallet->Binding = SetBinding(part, wallet->Binding);

        // Accounts carry the fact that there are policies, so that an operation without any never looks further.
        for (var account = wallet->FirstAccount; account != 0; account = _state.Accounts.Read(account)->NextOfWallet)
        {
            var row = _state.Accounts.Write(account);
            row->Flags = (row->Flags & ~AccountFlags.WalletPolicies) | (wallet->Binding != 0 ? AccountFlags.WalletPolicies : AccountFlags.None);
        }
    }

    private void BindAsset(PartHeader* part, PoliciesBoundBody* body)
    {
        var asset = _state.Assets.Write(body->Handle);
        asset->Binding = SetBinding(part, asset->Binding);
    }

    /// <returns>Handle of the list; 0 = no policies.</returns>
    private int SetBinding(PartHeader* part, int present)
    {
        var items = new PolicyItemReader(part);
        if (!items.TryFind(PolicyItemKind.Bound)) return present;
        ref readonly var bound = ref items.As<BoundItem>();
        if (bound.Count == 0)
        {
            if (present != 0) _state.Bindings.Free(present);
            return 0;
        }

        if (present == 0) present = _state.Bindings.Allocate();
        Invariant.That(present == bound.Handle);
        var row = _state.Bindings.Write(present);
        row->Count = bound.Count;
        for (var i = 0; i < bound.Count; i++) row->Policies[i] = bound.Handles[i];
        for (var i = bound.Count; i < PolicyLimits.BindingsMax; i++) row->Policies[i] = 0;
        return present;
    }
}
