using System.Collections.Immutable;
using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model.Books;

/// <summary>A policy with all its versions; version 1 stands first.</summary>
internal sealed record Policy(PolicyStatus Status, ImmutableList<PolicyVersion> Versions)
{
    public int Latest => Versions.Count;

    public PolicyVersion At(int version) => Versions[version - 1];
}
