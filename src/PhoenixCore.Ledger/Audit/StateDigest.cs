using System.Numerics;
using PhoenixCore.Ledger.State;

namespace PhoenixCore.Ledger.Audit;

/// <summary>A 128-bit fingerprint of everything that replay must repeat. Two states with the same facts behind them have the same one on every machine.</summary>
/// <remarks>
/// Over the bytes of the tables in the order of a snapshot's file, so that it comes out of live state and of a file by the same code, piece by piece. Derived
/// tables and hints are left out. Computed on demand, not kept up to date with every fact (ADR 0003). Not cryptographic: the journal's chain is.
/// </remarks>
public unsafe struct StateDigest
{
    private ulong _a = 0x9E3779B97F4A7C15;
    private ulong _b = 0xC2B2AE3D27D4EB4F;

    public StateDigest()
    {
    }

    public readonly UInt128 Value => new(_a, _b);

    /// <summary>Whether a table counts.</summary>
    public static bool Covers(StateTable table) => table < StateTable.Derived;

    /// <summary>Before a table's pieces.</summary>
    public void Begin(in StateSection section)
    {
        Add((ulong)section.Table);
        Add((ulong)section.Bytes);
    }

    /// <summary>Whole rows, in order.</summary>
    public void Add(in StateSection section, byte* rows, long bytes)
    {
        if (section.Table == StateTable.Accounts) AddAccounts(rows, bytes);
        else AddWords((ulong*)rows, bytes / 8);
    }

    internal static UInt128 Of(LedgerState state)
    {
        var digest = new StateDigest();
        foreach (ref readonly var section in state.Sections().AsSpan())
        {
            if (!Covers(section.Table)) continue;
            digest.Begin(section);
            digest.Add(section, section.Memory, section.Bytes);
        }

        return digest.Value;
    }

    private void AddAccounts(byte* rows, long bytes)
    {
        for (long at = 0; at < bytes; at += AccountRow.SizeBytes)
        {
            // A copy of the part with hints in it; the lot behind it is taken where it lies.
            var account = *(AccountRow*)(rows + at);
            account.NextDue = 0;
            account.Flags &= ~AccountFlags.MayExpire;
            AddWords((ulong*)&account, AccountRow.SizeBytes / 8);
        }
    }

    private void AddWords(ulong* words, long count)
    {
        var (a, b) = (_a, _b);
        unchecked
        {
            for (long i = 0; i < count; i++)
            {
                a = BitOperations.RotateLeft((a ^ words[i]) * 0x9FB21C651E98DF25, 29);
                b = (BitOperations.RotateLeft(b, 23) + words[i]) * 0xD6E8FEB86659FD93;
            }
        }

        (_a, _b) = (a, b);
    }

    private void Add(ulong word) => AddWords(&word, 1);
}
