using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Replication;
using PhoenixCore.Replication.Messages;
using PhoenixCore.Replication.State;
using PhoenixCore.Server.Logs;

namespace PhoenixCore.Server.Replicas;

/// <summary>How a copy comes to lead: it promises itself an epoch, gathers the promises of others, and writes the epoch's first fact. One caller at a time; asking is for any thread.</summary>
/// <param name="service">Where copies come to a leader that gathers.</param>
/// <param name="stop">Ends every wait.</param>
internal sealed class Promotion(Node node, LeaderService service, ReplicaChannels channels, ReplicationMeters meters, ILogger log, CancellationToken stop)
{
    private const int AttemptsMax = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(2);

    /// <summary>A leader that starts: alone it leads at once; with other voters only when enough of them have come and promised.</summary>
    /// <exception cref="InvalidDataException">It has no vote any more.</exception>
    public async Task GatherAsync()
    {
        var members = node.State.Members;
        var quorum = Quorum.Size(Math.Max(1, members.Voters.Count), node.Durability);
        if (members.Voters.Count > 0 && !members.Has(node.State.Incarnation)) throw new InvalidDataException("this copy has no vote any more: start it with --follow");
        var epoch = node.PromiseItself(0);
        if (quorum > 1)
        {
            service.Gather(epoch, node.State.Incarnation, node.Address);
            log.LogWarning(LogEvents.Gathering, "waiting for the promises of {Count} more voters", quorum - 1);
            while (!MayLead(members, quorum)) await Task.Delay(Pause, stop).ConfigureAwait(false);
        }

        await BeginAsync(node.State.Promised, isAlone: false).ConfigureAwait(false);
    }

    /// <summary>A copy that followed leads from now on. Nothing may be received any more.</summary>
    /// <param name="peers">gRPC addresses of other copies that may promise.</param>
    /// <exception cref="PromotionRefusedException">It may not. Nothing was changed but promises.</exception>
    public async Task LeadAsync(bool acceptSingleCopy, IReadOnlyList<string> peers)
    {
        var members = node.State.Members;
        var quorum = Quorum.Size(members.Voters.Count, node.Durability);
        var needed = Math.Max(quorum, Quorum.FenceSize(members.Voters.Count, quorum));
        var (epoch, promises, best) = await FenceAsync(members, peers).ConfigureAwait(false);
        var isAlone = promises < needed;
        if (isAlone && !acceptSingleCopy) throw new PromotionRefusedException($"{promises} of {members.Voters.Count} voters promise, {needed} are needed", needsAcceptance: true);
        if (!acceptSingleCopy && best.CompareTo(node.Hello().Last) > 0) throw new PromotionRefusedException("another copy has more than this one: promote that");
        await BeginAsync(epoch, isAlone).ConfigureAwait(false);
    }

    /// <summary>The voters may be silent because they follow another: asking for what was promised already changes nothing, and the answer says it.</summary>
    public async Task AskWhetherDeposedAsync()
    {
        if (node.Leader is not { } leader) return;
        foreach (var follower in leader.Followers.Where(follower => follower is { IsVoter: true, Address.Length: > 0 }))
        {
            if (await AskAsync(follower.Address, leader.Epoch).ConfigureAwait(false) is { IsGranted: false } answer && answer.Timeline == node.State.Timeline) node.OnStale(answer.Promised);
        }
    }

    private bool MayLead(MemberList members, int quorum)
    {
        var fenced = service.Fenced.Where(answer => answer.IsGranted && answer.Promised == node.State.Promised && members.Has(answer.Incarnation)).ToArray();
        if (fenced.Length + 1 < quorum) return false;
        var own = node.Hello().Last;
        if (fenced.All(answer => (answer.LastEpoch, answer.LastSequence).CompareTo(own) <= 0)) return true;
        log.LogError(LogEvents.Gathering, "another copy has more than this one: promote that, and start this one with --follow");
        return false;
    }

    /// <summary>Asks the peers for their promises; one that was refused because of a higher promise is asked again with a higher epoch, a few times.</summary>
    private async Task<(ulong Epoch, int Promises, (ulong Epoch, ulong Sequence) Best)> FenceAsync(MemberList members, IReadOnlyList<string> peers)
    {
        var known = 0UL;
        for (var attempt = 1; ; attempt++)
        {
            var epoch = node.PromiseItself(known);
            var answers = await Task.WhenAll(peers.Select(peer => AskAsync(peer, epoch))).ConfigureAwait(false);
            var registered = answers.OfType<FenceAnswer>().Where(answer => members.Has(answer.Incarnation) && answer.Incarnation != node.State.Incarnation && answer.Timeline == node.State.Timeline).ToArray();
            known = registered.Where(answer => !answer.IsGranted).Select(answer => answer.Promised).DefaultIfEmpty().Max();
            if (known >= epoch && attempt < AttemptsMax) continue;
            var granted = registered.Where(answer => answer.IsGranted).ToArray();
            return (epoch, granted.Length + 1, granted.Select(answer => (answer.LastEpoch, answer.LastSequence)).DefaultIfEmpty().Max());
        }
    }

    /// <returns>Null = it does not answer.</returns>
    private async Task<FenceAnswer?> AskAsync(string peer, ulong epoch)
    {
        try
        {
            var options = channels.Options(stop) with { Timeout = AnswerPatience };
            var asked = new ReplicaFence { Epoch = epoch, Leader = ReplicaWire.Of(node.State.Incarnation), Address = node.Address };
            return ReplicaWire.From(await channels.To(peer).UnaryAsync(ReplicaWire.FencePath, asked, ReplicaFenced.Parser, options).ConfigureAwait(false));
        }
        catch (Exception e) when (e is GrpcStatusException or HttpRequestException)
        {
            log.LogWarning(LogEvents.LeaderLost, "{Peer} does not answer: {Reason}", peer, e.Message);
            return null;
        }
    }

    /// <summary>Returns when the epoch's first fact is committed.</summary>
    private async Task BeginAsync(ulong epoch, bool isAlone)
    {
        var first = node.Lead(epoch, isAlone);
        if (isAlone) await node.ChangeMembersAsync([node.State.Incarnation], singleCopyAccepted: true).ConfigureAwait(false);
        while (node.Shard.Cursors.Committed < first) await Task.Delay(1, stop).ConfigureAwait(false);
        meters.CountPromotion();
        log.LogWarning(LogEvents.PromotionFinished, "this copy leads in epoch {Epoch} from sequence {Sequence} on{Alone}", epoch, first, isAlone ? ", and is the only copy" : "");
    }
}
