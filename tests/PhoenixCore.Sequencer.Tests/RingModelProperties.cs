using FsCheck;
using FsCheck.Fluent;

namespace PhoenixCore.Sequencer.Tests;

/// <summary>Random scripts on one thread against an obvious model: a list of positions, each published or not.</summary>
public class RingModelProperties
{
    private const int Capacity = 8;
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(TestSize.Scale(500, 20_000)).WithEndSize(200);

    [Fact]
    public void The_command_ring_does_what_a_list_with_gaps_would_do() => Check.One(Runs, Prop.ForAll(Scripts, CommandRingFollowsModel));

    [Fact]
    public void The_handover_ring_does_what_a_queue_would_do() => Check.One(Runs, Prop.ForAll(Scripts, HandoverRingFollowsModel));

    private static Arbitrary<int[]> Scripts => ArbMap.Default.ArbFor<int[]>();

    /// <summary>Each number is one step: its last digit says what is done, the rest with how many.</summary>
    private static unsafe bool CommandRingFollowsModel(int[] script)
    {
        using var ring = new CommandRing<Command>(Capacity, new YieldingWait());
        var published = new List<bool>(); // One for each position ever claimed.
        var open = new List<long>();
        var next = 0;
        foreach (var step in script)
        {
            var amount = (int)(Math.Abs((long)step) / 10 % Capacity) + 1;
            switch (Math.Abs((long)step) % 10)
            {
                case < 4:
                    var fits = published.Count - next + amount <= Capacity;
                    if (ring.TryClaim(amount, out var first) != fits) return false;
                    if (fits && first != published.Count) return false;
                    for (var i = 0; fits && i < amount; i++)
                    {
                        ring.Slot(first + i)->Number = first + i;
                        open.Add(first + i);
                        published.Add(false);
                    }

                    break;
                case < 7 when open.Count > 0:
                    var position = open[amount % open.Count];
                    open.Remove(position);
                    ring.Publish(position, 1);
                    published[(int)position] = true;
                    break;
                default:
                    var ready = published.Skip(next).TakeWhile(isPublished => isPublished).Take(amount).Count();
                    if (ring.Next != next || ring.HasWork != ready > 0 || ring.Available(amount) != ready) return false;
                    for (var i = 0; i < ready; i++)
                        if (ring.Slot(next + i)->Number != next + i) return false;
                    ring.Release(ready);
                    next += ready;
                    break;
            }
        }

        return true;
    }

    private static unsafe bool HandoverRingFollowsModel(int[] script)
    {
        using var ring = new HandoverRing<long>(Capacity);
        var model = new Queue<long>();
        var number = 0L;
        foreach (var step in script)
        {
            var amount = (int)(Math.Abs((long)step) / 10 % (Capacity + 1));
            if (Math.Abs((long)step) % 2 == 0)
            {
                var run = Enumerable.Range(0, amount).Select(i => number + i).ToArray();
                var fits = model.Count + amount <= Capacity;
                if ((amount == 1 ? ring.TryEnqueue(in run[0]) : ring.TryEnqueue(run)) != fits) return false;
                for (var i = 0; fits && i < amount; i++) model.Enqueue(number++);
            }
            else
            {
                var ready = Math.Min(amount, model.Count);
                if (ring.Available(amount) != ready) return false;
                for (var i = 0; i < ready; i++)
                    if (*ring.Peek(i) != model.Dequeue()) return false;
                ring.Release(ready);
            }
        }

        return true;
    }
}
