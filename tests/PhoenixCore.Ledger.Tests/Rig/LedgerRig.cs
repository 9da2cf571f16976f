using System.Runtime.InteropServices;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>A ledger with small tables, driven as the sequencer drives it, that keeps every fact in a list instead of a journal.</summary>
public sealed unsafe class LedgerRig : IDisposable
{
    public const uint Tenant = 1;
    public static readonly UInt128 IdKey = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);
    public static readonly UInt128 HashKey = new(0x0F1E2D3C4B5A6978, 0x8796A5B4C3D2E1F0);

    private readonly byte* _payload = (byte*)NativeMemory.AlignedAlloc(LedgerLimits.FactBytesMax, 64);
    private readonly byte* _answer = (byte*)NativeMemory.AlignedAlloc(LedgerLimits.FactBytesMax, 64);
    private readonly List<RecordedFact> _facts = [];

    /// <param name="tenant">Makes tenant 1 with <c>house_wallet</c> as the first fact, at stamp 1.</param>
    public LedgerRig(bool tenant = true, int hotKeys = 1 << 10, int walletsExpected = 64)
    {
        Ledger = NewLedger(hotKeys, walletsExpected);
        if (tenant) MakeTenant(Tenant);
    }

    /// <summary>Goes on with a ledger that has its tenant; disposes it.</summary>
    public LedgerRig(LedgerCore ledger) => Ledger = ledger;

    public LedgerCore Ledger { get; }

    /// <summary>False: facts are applied and forgotten, so that long runs stay small.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>True: every decision is checked to leave the state's digest as it was. Slow.</summary>
    public bool ChecksDecisions { get; set; }

    /// <summary>In order; the first has sequence 1.</summary>
    public IReadOnlyList<RecordedFact> Facts => _facts;

    /// <summary>Hears of every fact right after it was applied.</summary>
    public Action<RecordedFact>? Appended { get; set; }

    public static LedgerCore NewLedger(int hotKeys = 1 << 10, int walletsExpected = 64) =>
        new(new LedgerOptions { HugePages = false, HotKeys = hotKeys, WalletsExpected = walletsExpected, RowsMax = 1 << 20 });

    public void MakeTenant(uint number)
    {
        var keys = stackalloc UInt128[2] { IdKey + number - 1, HashKey + number - 1 };
        var command = new Command { Kind = CommandKind.CreateTenant, Tenant = number, Flags = CommandFlags.WithHouse, Arguments = keys };
        Assert.Equal(LedgerResult.Accepted, Execute(&command, Math.Max(1, Ledger.Stamp)).Result);
    }

    /// <summary>Decides until the command itself has its outcome, appending what comes first.</summary>
    public Outcome Execute(Command* command, long stamp)
    {
        while (true)
        {
            var before = ChecksDecisions ? Ledger.Digest() : default;
            var outcome = Ledger.Decide(command, default, stamp, _payload, LedgerLimits.FactBytesMax);
            if (ChecksDecisions && Ledger.Digest() != before) throw new InvalidOperationException($"deciding {command->Kind} ({outcome.Result}) changed the state");
            if (outcome.FactBytes > 0) Append(outcome.FactBytes, stamp, command->Tenant);
            if (outcome.Kind != OutcomeKind.FactFirst) return outcome;
        }
    }

    /// <summary>Who denied the command that was refused last, which must have been for a policy; keyed or not, it stands where the fact would.</summary>
    public (int Layer, ulong Policy, int Version, string Rule, ulong Lot) Denial()
    {
        var items = new FactParts(_payload).First.PolicyItems;
        Assert.True(items.TryFind(PolicyItemKind.Refused));
        ref readonly var item = ref items.As<RefusedItem>();
        return (item.Layer, item.Policy, item.Version, System.Text.Encoding.UTF8.GetString(items.RuleOfRefusal), item.Lot);
    }

    /// <summary>Expires what the timers know to be due; whole seconds, so it may leave the present second's.</summary>
    /// <returns>Facts made.</returns>
    public int Sweep(long stamp)
    {
        var steps = int.MaxValue;
        var facts = 0;
        for (; Ledger.TryDecideSweep(stamp, ref steps, _payload, LedgerLimits.FactBytesMax, out var outcome, out var tenant); facts++) Append(outcome.FactBytes, stamp, tenant);
        return facts;
    }

    /// <summary>A read's answer as bytes that stay valid until the next one; due expiries of what it names are appended first.</summary>
    public LedgerResult Read(Command* command, long stamp, out ReadOnlySpan<byte> answer)
    {
        var outcome = Execute(command, stamp);
        answer = default;
        if (outcome.Kind != OutcomeKind.Read) return outcome.Result;

        var result = Ledger.Answer(command, _answer, LedgerLimits.FactBytesMax, out var bytes);
        answer = new ReadOnlySpan<byte>(_answer, bytes);
        return result;
    }

    /// <summary>A new ledger that has applied all the facts.</summary>
    public LedgerCore Replay(int hotKeys = 1 << 10)
    {
        var ledger = NewLedger(hotKeys);
        foreach (var fact in _facts) Apply(ledger, fact);
        return ledger;
    }

    /// <summary>As recovery and followers do it.</summary>
    public static void Apply(LedgerCore ledger, RecordedFact fact)
    {
        fixed (byte* payload = fact.Bytes) ledger.Apply(payload, fact.Context);
    }

    public void Dispose()
    {
        Ledger.Dispose();
        NativeMemory.AlignedFree(_payload);
        NativeMemory.AlignedFree(_answer);
    }

    private void Append(int bytes, long stamp, uint tenant)
    {
        var context = new FactContext(Ledger.Sequence + 1, stamp, tenant);
        Ledger.Apply(_payload, context);
        if (!Keeps && Appended is null) return;

        var fact = new RecordedFact(new ReadOnlySpan<byte>(_payload, bytes).ToArray(), context);
        if (Keeps) _facts.Add(fact);
        Appended?.Invoke(fact);
    }
}
