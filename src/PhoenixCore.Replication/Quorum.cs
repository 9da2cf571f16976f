namespace PhoenixCore.Replication;

/// <summary>The arithmetic of votes.</summary>
public static class Quorum
{
    /// <summary>Voters that must hold a record before it is committed.</summary>
    /// <param name="voters">At least 1.</param>
    public static int Size(int voters, Durability durability) => durability switch
    {
        Durability.Local => 1,
        Durability.Quorum => (voters / 2) + 1,
        Durability.All => voters,
    };

    /// <summary>Promises that a leader needs before its first record, its own among them: with so few voters left, nobody else commits anything.</summary>
    public static int FenceSize(int voters, int quorum) => voters - quorum + 1;

    /// <summary>The highest sequence that so many voters hold.</summary>
    /// <param name="durable">One for each voter, 0 for one that has said nothing; put in order by the call.</param>
    public static ulong HeldBy(int quorum, Span<ulong> durable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quorum, 1);
        if (quorum > durable.Length) return 0;
        durable.Sort();
        return durable[^quorum];
    }
}
