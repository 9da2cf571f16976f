using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.Policies;

/// <summary>Walks what policies added to a part.</summary>
/// <remarks>The part must come from the ledger or from a verified record.</remarks>
public unsafe ref struct PolicyItemReader
{
    public const int HeaderBytes = 8;

    private byte* _next;
    private readonly byte* _end;
    private byte* _item;

    public PolicyItemReader(PartHeader* part)
    {
        _end = (byte*)part + part->Length - ((part->ExtrasBytes + 7) & ~7);
        _next = (part->Flags & PartHeader.HasPolicyItems) == 0 ? _end : (byte*)part + PartHeader.SizeBytes + FactPart.BodyBytes(part->Kind) + (part->Postings * Posting.SizeBytes);
        _item = null;
    }

    public readonly PolicyItemKind Kind => (PolicyItemKind)(*(ushort*)_item);

    /// <summary>The item and whatever follows it, with its padding.</summary>
    public readonly ReadOnlySpan<byte> Bytes => new(_item + HeaderBytes, ((int*)_item)[1] - HeaderBytes);

    public readonly ref readonly TItem As<TItem>()
        where TItem : unmanaged => ref *(TItem*)(_item + HeaderBytes);

    /// <summary>The id of the rule that refused.</summary>
    public readonly ReadOnlySpan<byte> RuleOfRefusal => Bytes.Slice(sizeof(RefusedItem), As<RefusedItem>().RuleBytes);

    public bool MoveNext()
    {
        if (_next >= _end) return false;
        _item = _next;
        _next += ((int*)_item)[1];
        return true;
    }

    /// <summary>The item of the kind, when there is one.</summary>
    public bool TryFind(PolicyItemKind kind)
    {
        while (MoveNext())
        {
            if (Kind == kind) return true;
        }

        return false;
    }
}
