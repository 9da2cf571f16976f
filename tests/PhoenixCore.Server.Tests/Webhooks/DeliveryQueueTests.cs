using PhoenixCore.Server.Webhooks;

namespace PhoenixCore.Server.Tests.Webhooks;

/// <summary>What was asked for while the same event was under way is sent too.</summary>
public class DeliveryQueueTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData("arrived")]
    [InlineData("failed")]
    [InlineData("given up")]
    public void A_replay_of_an_event_that_is_under_way_is_not_lost(string first)
    {
        var queue = new DeliveryQueue(new DeliveryState());
        queue.Add(new Delivery { Event = 7, Wallet = 1, DueAt = Now });
        var underWay = queue.TakeDue(Now, isOrdered: false)!;
        queue.Add(new Delivery { Event = 7, Wallet = 1, DueAt = Now, IsReplay = true });
        Assert.Null(queue.TakeDue(Now, isOrdered: false)); // one attempt of an event at a time
        var refused = new Attempt(500, "the receiver answered 500", "", TimeSpan.Zero, null);
        if (first == "arrived") queue.Succeed(underWay, Now);
        else queue.Fail(underWay, refused, first == "failed" ? TimeSpan.FromMinutes(5) : null, Now);

        var replay = queue.TakeDue(Now, isOrdered: false);
        Assert.Equal((7UL, true, 0), (replay!.Event, replay.IsReplay, replay.Failed));
        Assert.Empty(queue.Dead);
        queue.Succeed(replay, Now);
        Assert.Empty(queue.Pending);
        Assert.Equal(0, queue.UnderWay);
    }
}
