using System.Globalization;
using PhoenixCore.Ledger;

namespace PhoenixCore.Tools.Tests;

/// <summary>A ledger with several snapshots and epochs can be had back as it was at any moment of its life.</summary>
public sealed class RestoreAnywhereTests : IDisposable
{
    private static readonly string[] Wallets = ["alice", "bob", "carol", "dave"];
    private readonly DataRig _rig = new();
    private readonly Random _random = new(20_261_128);
    private readonly Dictionary<ulong, UInt128> _digests = [];
    private readonly List<ulong> _open = [];

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_restore_to_any_sequence_has_the_digest_of_the_live_state_there()
    {
        Live(TestSize.Scale(150, 4_000));
        var sequences = _digests.Keys.ToArray();
        _random.Shuffle(sequences);
        foreach (var sequence in sequences.Take(TestSize.Scale(20, 1_000)))
        {
            var into = Path.Combine(Path.GetTempPath(), "phoenix-anywhere-" + Guid.NewGuid().ToString("N"));
            try
            {
                ToolRun.Ok("snapshot", "restore", _rig.Data, "--into", into, "--to-sequence", sequence.ToString(CultureInfo.InvariantCulture));
                var restored = ToolRun.Ok("replay", into, "--digest", "--json").Object;
                Assert.Equal(
                    (sequence, _digests[sequence].ToString("x32", CultureInfo.InvariantCulture)),
                    (restored.GetProperty("sequence").GetUInt64(), restored.GetProperty("digest").GetString()));
            }
            finally
            {
                if (Directory.Exists(into)) Directory.Delete(into, recursive: true);
            }
        }
    }

    /// <summary>Operations one at a time; after each the digest is remembered. Six snapshots, and three restarts, lie between them.</summary>
    private void Live(int operations)
    {
        foreach (var wallet in Wallets) _rig.Wallet(wallet);
        for (var i = 1; i <= operations; i++)
        {
            Step();
            _digests[_rig.Shard.Cursors.Committed] = _rig.Shard.Digest();
            if (i % (operations / 6) == 0) _rig.Shard.Snapshots.TakeAsync().GetAwaiter().GetResult();
            if (i % (operations / 4) != operations / 8) continue;
            _rig.Close();
            _rig.Open();
        }

        _rig.Close();
    }

    private void Step()
    {
        var (from, to) = (Wallets[_random.Next(Wallets.Length)], Wallets[_random.Next(Wallets.Length)]);
        switch (_random.Next(8))
        {
            case 0 or 1:
                _rig.Credit(from, _random.Next(1, 100_00), "order", _random.Next(2) == 0 ? TimeSpan.FromSeconds(_random.Next(1, 100)) : null, (ulong)_random.NextInt64());
                break;
            case 2 or 3:
                _rig.Transfer(from, to, _random.Next(1, 50_00), (ulong)_random.NextInt64()); // may be refused: under a key that is a fact too
                break;
            case 4 or 5:
                _open.Add(_rig.Reserve(from, _random.Next(1, 10_00), TimeSpan.FromSeconds(_random.Next(1, 200))));
                break;
            case 6 when _open.Count > 0:
                _rig.Run(CommandKind.ReleaseReservation, Subject(_open[_random.Next(_open.Count)])); // may have ended
                break;
            default:
                _rig.Clock.Advance(TimeSpan.FromSeconds(_random.Next(1, 20)));
                break;
        }
    }

    private static unsafe DataRig.Fill Subject(ulong reservation) => (command, _) => command->Subject = reservation;
}
