using System.Runtime.InteropServices;
using PhoenixCore.Bench.Load.Core;
using PhoenixCore.Bench.Load.Results;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Bench.Load;

/// <summary>What policies cost: wallets with three of them, lots that have one, and those that have none. One thread, into memory, by its processor time; medians of alternated runs.</summary>
public sealed unsafe class PolicyFigures(RunSettings settings, ResultTable table)
{
    private const int Wallets = 1 << 15;
    private const int Operations = 1 << 18;
    private const int Lots = 8;

    public void Run()
    {
        ResultTable.Section("policies: decide + apply + encode into memory, one thread, 32 k wallets");
        Transfers();
        Debits(governed: false);
        Debits(governed: true);
    }

    /// <summary>Ledgers without and with policies, in turns; in the second every other wallet has three.</summary>
    private void Transfers()
    {
        using var without = new Roof(Wallets, 1 << 10);
        using var with = new Roof(Wallets, 1 << 10);
        var policies = new[] { Put(with, Spending()), Put(with, Purposes()), Put(with, Hours()) };
        for (var i = 0; i < Wallets; i += 2) Bind(with, with.Wallets[i], policies);
        var (plain, beside, three) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < settings.Repeats + 2; run++)
        {
            var rates = (Transfer(without, 1), Transfer(with, 1), Transfer(with, 0));
            if (run < 2) continue; // two to warm up
            plain.Add(rates.Item1);
            beside.Add(rates.Item2);
            three.Add(rates.Item3);
        }

        table.Add("transfers, no policy anywhere", ResultTable.Median(plain) / 1e6, "M/s");
        table.Add("share of it by wallets without policies beside others", ResultTable.Median(beside) / ResultTable.Median(plain), "ratio", 0.97);
        table.Add("transfers of wallets with three policies", ResultTable.Median(three) / 1e6, "M/s", 0.5);
        Check(without);
        Check(with);
    }

    /// <summary>The same sum out of one lot and out of eight.</summary>
    private void Debits(bool governed)
    {
        using var one = new Roof(Wallets, 1 << 10);
        using var eight = new Roof(Wallets, 1 << 10);
        var (policyOfOne, policyOfEight) = governed ? (Put(one, Spending()), Put(eight, Spending())) : (0, 0);
        foreach (var roof in new[] { one, eight }) Each(roof, CommandKind.CreateDebit, 1_000_000);
        var (ofOne, ofEight) = (new List<double>(), new List<double>());
        for (var run = 0; run < settings.Repeats + 2; run++)
        {
            Each(one, CommandKind.CreateCredit, Lots, policyOfOne);
            for (var lot = 0; lot < Lots; lot++) Each(eight, CommandKind.CreateCredit, 1, policyOfEight);
            var rates = (Each(one, CommandKind.CreateDebit, Lots), Each(eight, CommandKind.CreateDebit, Lots));
            if (run < 2) continue;
            ofOne.Add(rates.Item1);
            ofEight.Add(rates.Item2);
        }

        var kind = governed ? "lots with a policy" : "plain lots";
        table.Add($"debits that use up one lot, {kind}", ResultTable.Median(ofOne) / 1e6, "M/s");
        table.Add($"cost of using up eight, {kind}", ResultTable.Median(ofOne) / ResultTable.Median(ofEight), "x", 2, most: true);
        Check(one);
        Check(eight);
    }

    private static PolicyDraft Spending() => new()
    {
        Rules = [new LimitRule { Id = "day", Window = LimitWindow.Day, Max = new(1_000_000_000) }, new AmountRule { Id = "max", Max = new(10_000) }],
    };

    private static PolicyDraft Purposes() => new()
    {
        Rules = [new IntentRule { Id = "purpose", Denied = ["gift", "cashout"] }, new CategoryRule { Id = "category", Denied = ["alcohol", "tobacco"] }],
    };

    private static PolicyDraft Hours() => new()
    {
        Rules = [new ScheduleRule { Id = "always", From = 0, To = 1_440 }, new BalanceRule { Id = "least", Min = new(0) }],
    };

    /// <param name="parity">Of the wallets that pay.</param>
    private static double Transfer(Roof roof, int parity) => Measure(roof, Operations, (command, i) =>
    {
        command->Kind = CommandKind.CreateTransfer;
        command->Wallet = roof.Wallets[(int)(((long)i * 40_503 % (Wallets / 2)) * 2) + parity];
        command->Other = roof.House;
        command->Amount = 1;
    });

    private static double Each(Roof roof, CommandKind kind, int amount, ulong policy = 0) => Measure(roof, Wallets, (command, i) =>
    {
        command->Kind = kind;
        command->Wallet = roof.Wallets[i];
        command->Amount = amount;
        command->Other = policy;
        if (policy != 0) command->Flags = CommandFlags.HasTerms;
    });

    private static double Measure(Roof roof, int count, Fill fill)
    {
        var commands = (Command*)NativeMemory.AlignedAlloc((nuint)count * Command.SizeBytes, 64);
        for (var i = 0; i < count; i++)
        {
            commands[i] = new Command { Tenant = Script.Tenant, AssetCode = Script.Usd };
            fill(commands + i, i);
        }

        var refused = roof.Refused;
        var begun = ThreadClock.Seconds; // a run takes milliseconds: on a busy machine a wall clock would measure who else ran
        roof.Measure(commands, count);
        var rate = count / (ThreadClock.Seconds - begun);
        NativeMemory.AlignedFree(commands);
        if (roof.Refused != refused) throw new InvalidOperationException("an operation was refused");
        return rate;
    }

    private static ulong Put(Roof roof, PolicyDraft draft)
    {
        if (!PolicyCompiler.TryCompile(draft, out var program, out var error)) throw new InvalidOperationException(error);
        var texts = new byte[program.Length + Extras.ItemHeaderBytes];
        Extras.Write(texts, ExtraTag.PolicyProgram, program);
        fixed (byte* extras = texts)
        {
            var command = new Command { Kind = CommandKind.PutPolicy, Tenant = Script.Tenant, Extras = extras, ExtrasBytes = texts.Length };
            roof.Run(&command);
        }

        return Numbers.Of(roof.Ledger.Sequence, 1);
    }

    private static void Bind(Roof roof, ulong wallet, ulong[] policies)
    {
        fixed (ulong* numbers = policies)
        {
            var command = new Command { Kind = CommandKind.BindWallet, Tenant = Script.Tenant, Wallet = wallet, Arguments = numbers, ArgumentCount = policies.Length };
            roof.Run(&command);
        }
    }

    private static void Check(Roof roof)
    {
        if (roof.Ledger.FindFault() is { } fault) throw new InvalidOperationException(fault);
    }

    private delegate void Fill(Command* command, int index);
}
