namespace PhoenixCore.Replication.State;

/// <summary>The copies that have a vote, by their incarnations.</summary>
/// <param name="Voters">None twice; empty = nobody has ever been written down: the copy that leads is alone.</param>
/// <param name="SingleCopyAccepted">An operator has said that one copy alone may go on.</param>
/// <param name="Sequence">Of the fact that says so; 0 = there is none.</param>
public sealed record MemberList(IReadOnlyList<Guid> Voters, bool SingleCopyAccepted, ulong Sequence)
{
    /// <summary>Before any fact.</summary>
    public static readonly MemberList None = new([], false, 0);

    /// <summary>Whether a copy's acknowledgements and promises count. A reborn one has another incarnation, and they do not.</summary>
    public bool Has(Guid incarnation) => Voters.Contains(incarnation);
}
