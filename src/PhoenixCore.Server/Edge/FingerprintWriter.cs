using System.Buffers.Binary;
using System.Text;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Edge;

/// <summary>Lays a request's fields out in one fixed order and hashes them. Two requests with equal fields have equal fingerprints in every dialect.</summary>
/// <param name="key">The tenant's, so that nobody can try out what stood in a request whose texts are erased.</param>
internal ref struct FingerprintWriter(Span<byte> scratch, UInt128 key)
{
    private const byte Absent = 0;
    private const byte Present = 1;

    private readonly Span<byte> _scratch = scratch;
    private readonly UInt128 _key = key;
    private int _used;
    private ulong _folded;

    public void Add(OperationRequest request, in RequestUnits units)
    {
        Add((byte)request.Kind);
        Add((byte)request.Strategy);
        Add(request.Wallet);
        Add(request.Destination);
        Add(request.Reservation);
        Add(request.Amount.IsGiven ? Present : Absent);
        Add(units.Amount);
        Add(request.Asset);
        Add(request.ExpiresIn != 0 ? -request.ExpiresIn : request.ExpiresAt); // negative: a duration, which no time is
        Add(request.Scale);
        Add((request.Pooled ? 1 : 0) | (request.Activate ? 2 : 0) | (request.Floor.IsGiven ? 4 : 0) | (request.Ceiling.IsGiven ? 8 : 0) | ((int)request.Action << 4));
        Add(units.Floor);
        Add(units.Ceiling);
        Add(request.ExternalId);
        Add(request.Name);
        Add(request.HolderId);
        Add(request.Reference);
        Add(request.Intent);
        Add(request.Reason);
        Add(request.Metadata);
        Add(request.Attributes);
        Add(request.Restrictions);
        Add(request.Lots?.Count ?? 0);
        foreach (var lot in request.Lots ?? []) Add(lot);
        Add(request.Parts?.Count ?? 0);

        // Younger fields count only where they are given: fingerprints that are remembered must not change.
        if (request.Lot is { } named) AddYounger(1, named);
        if (request.KeepRest) AddYounger(2, null);
        if (request.OwnTerms) AddYounger(3, null);
        if (request.Original is { } original) AddYounger(4, original);
        AddPolicies(request);
        if (request.Replaces) AddYounger(11, null);
        if (request.NameIsGiven) AddYounger(12, null);
        if (request.ScaleIsGiven) AddYounger(13, null);
    }

    private void AddPolicies(OperationRequest request)
    {
        if (request.Context is { } context)
        {
            Add((byte)5);
            Add(context);
        }

        if (request.Policy is { } policy) AddYounger(6, policy);
        if (request.PolicySource is { } source)
        {
            Add((byte)7);
            Add(source);
        }

        if (request.PolicyStatus != 0) AddYounger(8, request.PolicyStatus.ToString());
        if (request.PolicyOperation != 0) AddYounger(9, request.PolicyOperation.ToString());
        if (request.Policies is not { } policies) return;
        AddYounger(10, null);
        Add(policies.Count);
        foreach (var bound in policies) Add(bound);
    }

    private void AddYounger(byte field, string? text)
    {
        Add(field);
        Add(text);
    }

    /// <summary>The same layout for a request that was never an object. Test: <c>WireProperties</c>.</summary>
    public void Add(scoped in RawOperation operation)
    {
        Add((byte)operation.Kind);
        Add((byte)operation.Strategy);
        AddUtf8(operation.Wallet);
        AddUtf8(operation.Destination);
        AddUtf8(operation.Reservation);
        Add(operation.HasAmount ? Present : Absent);
        Add(operation.Amount);
        AddUtf8(operation.Asset);
        Add(operation.ExpiresAt);
        Add(0L); // scale
        Add(0L); // switches
        Add((Int128)0); // floor
        Add((Int128)0); // ceiling
        for (var i = 0; i < 3; i++) Add(Absent); // external id, name, holder
        AddUtf8(operation.Reference);
        for (var i = 0; i < 5; i++) Add(Absent); // intent, reason, metadata, attributes, restrictions
        Add(0L); // lots
        Add((long)operation.Parts);
    }

    public void AddHash(ulong hash) => Add((long)hash);

    public ulong Hash()
    {
        Fold();
        return _folded;
    }

    private void Add(byte value)
    {
        Room(1);
        _scratch[_used++] = value;
    }

    private void Add(long value)
    {
        Room(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(_scratch[_used..], value);
        _used += sizeof(long);
    }

    private void Add(Int128 value)
    {
        Add((long)(ulong)(value & ulong.MaxValue));
        Add((long)(value >> 64));
    }

    private void Add(string? text)
    {
        Add(text == null ? Absent : Present);
        if (text == null) return;
        Add((long)text.Length);
        Room(text.Length * 3);
        _used += Encoding.UTF8.GetBytes(text, _scratch[_used..]);
    }

    private void AddUtf8(ReadOnlySpan<byte> text)
    {
        Add(text.IsEmpty ? Absent : Present);
        if (text.IsEmpty) return;
        Add((long)Encoding.UTF8.GetCharCount(text));
        Room(text.Length);
        text.CopyTo(_scratch[_used..]);
        _used += text.Length;
    }

    private void Add(byte[]? bytes)
    {
        Add(bytes == null ? Absent : Present);
        if (bytes == null) return;
        Add((long)bytes.Length);
        Room(bytes.Length);
        bytes.CopyTo(_scratch[_used..]);
        _used += bytes.Length;
    }

    private void Room(int bytes)
    {
        if (_scratch.Length - _used < bytes) Fold();
    }

    private void Fold()
    {
        _folded = SipHash.Hash128(_key ^ new UInt128(0, _folded), _scratch[.._used]).Lo;
        _used = 0;
    }
}
