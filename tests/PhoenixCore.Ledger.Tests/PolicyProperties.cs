using PhoenixCore.Ledger.Policies;
using PhoenixCore.Ledger.Tests.Rig;

namespace PhoenixCore.Ledger.Tests;

/// <summary>Counters under random operations, against sums that are kept by hand.</summary>
public sealed unsafe class PolicyProperties
{
    private const int Max = 500;
    private const long Day = 86_400_000_000_000;

    private static readonly int Scripts = Environment.GetEnvironmentVariable("PHOENIX_TEST_SIZE") == "nightly" ? 300 : 12;

    [Fact]
    public void A_day_s_limit_is_reached_and_never_passed_whatever_is_released_or_expires()
    {
        for (var seed = 1; seed <= Scripts; seed++) Play(seed, perLot: false);
    }

    [Fact]
    public void Limits_of_lots_hold_for_each_lot_and_deciding_changes_nothing()
    {
        for (var seed = 1; seed <= Scripts / 2; seed++) Play(seed, perLot: true);
    }

    private static void Play(int seed, bool perLot)
    {
        using var books = new PolicyBooks { Now = 20_000 * Day };
        books.Shop.Rig.ChecksDecisions = perLot;
        var random = new Random(seed);
        var rule = new LimitRule { Window = LimitWindow.Day, Max = new(Max), PerLot = perLot };
        if (perLot) books.Shop.Accept(books.Crediting("ann", 1_000_000, restrictions: [rule]));
        else books.Shop.Credit("ann", 1_000_000);
        books.Shop.Credit("bob", 1);
        if (!perLot) books.Shop.Accept(books.BindingWallet("ann", books.Put(new PolicyDraft { Rules = [rule] })));

        var used = new SortedDictionary<long, int>();
        var held = new List<(ulong Number, int Amount, long Window, long ExpiresAt)>();
        var (accepted, refused) = (0, 0);
        for (var step = 0; step < 150; step++)
        {
            books.Now += random.Next(4) == 0 ? (long)(random.NextDouble() * Day / 4) : 1_000;
            foreach (var gone in held.Where(one => one.ExpiresAt <= books.Now)) used[gone.Window] -= gone.Amount;
            held.RemoveAll(one => one.ExpiresAt <= books.Now);
            var window = books.Now / Day;
            var before = used.GetValueOrDefault(window);
            if (held.Count > 0 && random.Next(3) == 0)
            {
                End(books, random, used, held);
                continue;
            }

            var amount = random.Next(1, 200);
            var expected = before + amount > Max ? LedgerResult.PolicyViolation : LedgerResult.Accepted;
            var expiresAt = books.Now + (long)(random.NextDouble() * Day / 2) + 1;
            var isReservation = random.Next(2) == 0;
            var command = isReservation ? books.Reservation("ann", amount, expiresAt) : random.Next(2) == 0 ? books.Debit("ann", amount) : books.Shop.Transfer("ann", "bob", amount);
            Assert.Equal((seed, step, expected), (seed, step, books.Shop.Run(command).Result));
            if (expected == LedgerResult.Accepted)
            {
                used[window] = before + amount;
                accepted++;
                if (isReservation) held.Add((NumberOf(books), amount, window, expiresAt));
            }
            else
            {
                refused++;
            }

            Assert.True(used.GetValueOrDefault(window) is >= 0 and <= Max);
        }

        Assert.True(accepted > 20 && refused > 5);
        books.Replay();
    }

    private static void End(PolicyBooks books, Random random, SortedDictionary<long, int> used, List<(ulong Number, int Amount, long Window, long ExpiresAt)> held)
    {
        var index = random.Next(held.Count);
        var one = held[index];
        held.RemoveAt(index);
        var captured = random.Next(one.Amount + 1);
        books.Shop.Accept(captured == 0 ? books.Shop.Release(one.Number) : books.Shop.Commit(one.Number, captured, random.Next(2) == 0 ? "bob" : null));
        used[one.Window] -= one.Amount - captured;
    }

    private static ulong NumberOf(PolicyBooks books)
    {
        fixed (byte* payload = books.Shop.LastFact.Bytes) return new Facts.FactParts(payload).First.Body<Facts.ReservedBody>().Number;
    }
}
