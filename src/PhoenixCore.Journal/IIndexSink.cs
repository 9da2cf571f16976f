namespace PhoenixCore.Journal;

/// <summary>Collects the side-index entries of the record being indexed.</summary>
public interface IIndexSink
{
    /// <summary>An account was touched.</summary>
    /// <param name="account">The account's number.</param>
    /// <param name="entry">sequence &lt;&lt; 12 | ordinal of the entry in its record.</param>
    /// <param name="balanceAfter">The account's balance after that entry, in smallest units.</param>
    void Account(ulong account, ulong entry, in Int128 balanceAfter);

    /// <summary>The record carries this reference (hashed with its tenant). Not unique.</summary>
    void Reference(ulong referenceHash);
}
