using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Shard;

/// <summary>Reads and fills the fact that says which copies of the shard have a vote.</summary>
public static unsafe class MembersFact
{
    /// <summary>Copies that can have a vote.</summary>
    public const int VotersMax = MembersChangedBody.MembersMax;

    /// <summary>Whether a record is such a fact; one that is not costs one comparison.</summary>
    public static bool Is(in RecordHeader header) => header.PlainKind == (ushort)PartKind.MembersChanged;

    /// <summary>What a record of the kind says.</summary>
    /// <param name="payload">As it stands behind the record's header.</param>
    public static MembersChangedBody Read(byte* payload) => new FactParts(payload).First.Body<MembersChangedBody>();

    /// <summary>The incarnations, in their order.</summary>
    public static IReadOnlyList<Guid> Voters(in MembersChangedBody body)
    {
        var copy = body;
        return MemoryMarshal.Cast<byte, Guid>(new ReadOnlySpan<byte>(copy.Members, Math.Clamp(copy.Count, 0, VotersMax) * sizeof(Guid))).ToArray();
    }

    /// <summary>An operator has accepted that there is one copy alone.</summary>
    public static bool AcceptsSingleCopy(in MembersChangedBody body) => (body.Flags & MembersChangedBody.SingleCopyAccepted) != 0;

    /// <param name="voters">1 to <see cref="VotersMax"/> incarnations.</param>
    /// <param name="singleCopyAccepted">As <see cref="AcceptsSingleCopy"/>.</param>
    public static MembersChangedBody Make(IReadOnlyList<Guid> voters, bool singleCopyAccepted)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(voters.Count, VotersMax);
        var body = new MembersChangedBody { Count = voters.Count, Flags = singleCopyAccepted ? MembersChangedBody.SingleCopyAccepted : 0 };
        voters.ToArray().CopyTo(MemoryMarshal.Cast<byte, Guid>(new Span<byte>(body.Members, VotersMax * sizeof(Guid))));
        return body;
    }
}
