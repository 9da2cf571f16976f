using System.Runtime.CompilerServices;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Keys;
using PhoenixCore.Ledger.Timers;

namespace PhoenixCore.Ledger.State;

/// <summary>All rows and the tables that find them. Read by Decide, written only by Apply (and, inside a batch being decided, undone again).</summary>
internal sealed unsafe partial class LedgerState : IDisposable
{
    public const int FinishedMax = 1 << 16;
    public const int FinishedBase = 1 << 30;

    public LedgerState(LedgerOptions options)
    {
        var huge = options.HugePages;
        Undo = new UndoLog();
        _money = new(options.RowsMax * (long)(AccountRow.SizeBytes + LotRow.SizeBytes), huge);
        Accounts = new(_money.Base, options.RowsMax, Undo);
        Lots = new(_money.Base, options.RowsMax, Undo);
        Wallets = new(options.RowsMax, huge, Undo);
        Reservations = new(options.RowsMax, huge, Undo);
        Slices = new(options.RowsMax, huge, Undo);
        Totals = new(options.RowsMax, false, Undo);
        Memos = new(options.RowsMax, false, Undo);
        Terms = new(options.RowsMax, false, Undo);
        Bounds = new(options.RowsMax, false, Undo);
        Assets = new(1 << 20, false, Undo);
        Tenants = new(1 << 16, false, Undo);
        Timers = new(options.RowsMax, huge, Undo);
        Policies = new(1 << 20, false, Undo);
        PolicyVersions = new(1 << 22, false, Undo);
        Bindings = new(options.RowsMax, false, Undo);
        Counters = new(options.RowsMax, false, Undo);
        Blobs = new(options.RowsMax, Undo);
        AccountIndex = new(options.WalletsExpected, huge, Undo);
        WalletIndex = new(options.WalletsExpected, huge, Undo);
        AliasIndex = new(options.WalletsExpected, huge, Undo);
        ReservationIndex = new(Math.Max(FinishedMax, options.WalletsExpected / 16), huge, Undo); // the finished ones stay in it
        TermsIndex = new(1 << 10, false, Undo);
        AssetIndex = new(1 << 10, false, Undo);
        MemoIndex = new(1 << 10, false, Undo);
        PolicyIndex = new(1 << 10, false, Undo);
        CounterIndex = new(1 << 10, false, Undo);
        Keys = new(options.HotKeys, huge, Undo);
        _scalars = new(1 << 21, false);
        _finished = new((long)FinishedMax * sizeof(FinishedRow), false);
        AddDefaultPolicy();
        RowsMax = options.RowsMax;
        Invariant.That(Sections().Length == Undo.Tables + UnregisteredTables);
    }

    /// <summary>Handles of lots depend on it, and facts carry them.</summary>
    public int RowsMax { get; }

    public UndoLog Undo { get; }
    public RowPool<AccountRow> Accounts { get; }
    public LotPool Lots { get; }
    public RowPool<WalletRow> Wallets { get; }
    public RowPool<ReservationRow> Reservations { get; }
    public RowPool<SliceRow> Slices { get; }
    public RowPool<TotalsRow> Totals { get; }
    public RowPool<MemoRow> Memos { get; }
    public RowPool<TermsRow> Terms { get; }
    public RowPool<BoundsRow> Bounds { get; }
    public RowPool<AssetRow> Assets { get; }
    public RowPool<TenantRow> Tenants { get; }
    public TimerWheel Timers { get; }
    public HandleTable AccountIndex { get; }
    public HandleTable WalletIndex { get; }
    public HandleTable AliasIndex { get; }
    public HandleTable ReservationIndex { get; }
    public HandleTable TermsIndex { get; }
    public HandleTable AssetIndex { get; }
    public HandleTable MemoIndex { get; }
    public RowPool<PolicyRow> Policies { get; }
    public RowPool<PolicyVersionRow> PolicyVersions { get; }
    public RowPool<BindingRow> Bindings { get; }
    public RowPool<CounterRow> Counters { get; }
    public BlobPool Blobs { get; }
    public HandleTable PolicyIndex { get; }
    public HandleTable CounterIndex { get; }
    public KeyTable Keys { get; }

    private uint _lastTenant;
    private UInt128 _lastCode;
    private int _lastAsset;
    private readonly NativeRegion _money;
    private readonly NativeRegion _scalars;
    private readonly NativeRegion _finished;

    public ScalarsRow* Scalars => (ScalarsRow*)_scalars.Base;

    public FinishedRow* Finished(int index) => (FinishedRow*)_finished.Base + index;

    /// <summary>Saves scalars before a change; they are few and change with every fact.</summary>
    public ScalarsRow* WriteScalars()
    {
        if (Undo.Active) Undo.Save(Scalars, sizeof(ScalarsRow));
        return Scalars;
    }

    public FinishedRow* WriteFinished(int index)
    {
        var row = Finished(index);
        if (Undo.Active) Undo.Save(row, sizeof(FinishedRow));
        return row;
    }

    public static ulong AccountHash(ulong wallet, int asset) => Mix.Of(wallet, (uint)asset);

    /// <param name="hint">A handle that looking ahead has found; 0 = none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindAccount(ulong wallet, int asset, int hint)
    {
        var row = Accounts.Read(hint);
        return row->Wallet == wallet && row->Asset == asset && hint != 0 ? hint : FindAccount(wallet, asset);
    }

    public int FindAccount(ulong wallet, int asset) => AccountIndex.Find(AccountHash(wallet, asset), new AccountMatch(Accounts, wallet, asset));

    public int FindWallet(uint tenant, ulong number)
    {
        var handle = WalletIndex.Find(Mix.Of(number), new WalletMatch(Wallets, number));
        return handle != 0 && Wallets.Read(handle)->Tenant == tenant ? handle : 0;
    }

    public int FindAlias(uint tenant, ulong lo, ulong hi) => AliasIndex.Find(Mix.Of(lo, hi), new AliasMatch(Wallets, tenant, lo, hi));

    /// <summary>Most commands name the asset of the one before: assets are never removed, so a hit stays good (but not one that a batch being decided may undo).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int FindAsset(uint tenant, UInt128 code) => code == _lastCode && tenant == _lastTenant ? _lastAsset : FindOtherAsset(tenant, code);

    private int FindOtherAsset(uint tenant, UInt128 code)
    {
        var handle = AssetIndex.Find(AssetHash(tenant, code), new AssetMatch(Assets, tenant, code));
        if (handle != 0 && !Undo.IsProvisional) (_lastTenant, _lastCode, _lastAsset) = (tenant, code, handle);
        return handle;
    }

    public static ulong AssetHash(uint tenant, UInt128 code) => unchecked(Mix.Of((ulong)code, (ulong)(code >> 64) + tenant));

    /// <summary>Tenants are numbered by their handles.</summary>
    public bool TenantExists(uint number) => number != 0 && number < (uint)Tenants.End && Tenants.Read((int)number)->Number == number;

    /// <summary>A live reservation's handle, or 0 with the status of one that has ended lately (None: unknown).</summary>
    public int FindReservation(uint tenant, ulong number, out ReservationStatus ended)
    {
        ended = ReservationStatus.None;
        var handle = ReservationIndex.Find(Mix.Of(number), new ReservationMatch(this, number));
        if (handle == 0) return 0;
        if (handle < FinishedBase) return Reservations.Read(handle)->Tenant == tenant ? handle : 0;

        var finished = Finished(handle - FinishedBase);
        if (finished->Tenant == tenant) ended = finished->Status;
        return 0;
    }

    /// <summary>The number may be that of a reservation which ended before the last ones that are remembered.</summary>
    public bool MayHaveForgotten(ulong reservation) =>
        Scalars->FinishedCount > FinishedMax && Numbers.SequenceOf(reservation) is > 0 and var sequence && sequence <= Scalars->Sequence;

    public void AddReservation(ulong number, int handle) => ReservationIndex.Insert(Mix.Of(number), handle);

    /// <summary>Turns a live reservation into one of the last finished ones; the oldest of those is forgotten.</summary>
    public void FinishReservation(ulong number, int handle, uint tenant, ReservationStatus status)
    {
        var scalars = WriteScalars();
        var index = (int)(scalars->FinishedCount & (FinishedMax - 1));
        var row = WriteFinished(index);
        if (scalars->FinishedCount >= FinishedMax) ReservationIndex.Remove(Mix.Of(row->Number), FinishedBase + index);
        *row = new FinishedRow { Number = number, Status = status, Tenant = tenant };
        ReservationIndex.Replace(Mix.Of(number), handle, FinishedBase + index);
        scalars->FinishedCount++;
    }

    public static ulong MemoHash(ulong number, MemoKind kind) => Mix.Of(number, (ulong)kind);

    /// <summary>0 = nothing was noted.</summary>
    public int FindMemo(ulong number, MemoKind kind) => MemoIndex.Find(MemoHash(number, kind), new MemoMatch(Memos, number, kind));

    /// <summary>How much more of an asset may be issued or overdrawn before what is positive anywhere could pass the bound.</summary>
    public Int128 HeadroomOf(int asset)
    {
        var row = Assets.Read(asset);
        return LedgerLimits.UnitsMax + Accounts.Read(row->Liability)->Available - row->Overdrawn;
    }

    public long ExpiryOf(int terms) => terms == 0 ? 0 : Terms.Read(terms)->ExpiresAt;

    public void Dispose()
    {
        _money.Dispose();
        Wallets.Dispose();
        Reservations.Dispose();
        Slices.Dispose();
        Totals.Dispose();
        Memos.Dispose();
        Terms.Dispose();
        Bounds.Dispose();
        Assets.Dispose();
        Tenants.Dispose();
        Timers.Dispose();
        AccountIndex.Dispose();
        WalletIndex.Dispose();
        AliasIndex.Dispose();
        ReservationIndex.Dispose();
        TermsIndex.Dispose();
        AssetIndex.Dispose();
        MemoIndex.Dispose();
        Policies.Dispose();
        PolicyVersions.Dispose();
        Bindings.Dispose();
        Counters.Dispose();
        Blobs.Dispose();
        PolicyIndex.Dispose();
        CounterIndex.Dispose();
        Keys.Dispose();
        _scalars.Dispose();
        _finished.Dispose();
        Undo.Dispose();
    }

    private readonly struct AccountMatch(RowPool<AccountRow> rows, ulong wallet, int asset) : IRowMatch
    {
        public bool Matches(int handle)
        {
            var row = rows.Read(handle);
            return row->Wallet == wallet && row->Asset == asset;
        }
    }

    private readonly struct WalletMatch(RowPool<WalletRow> rows, ulong number) : IRowMatch
    {
        public bool Matches(int handle) => rows.Read(handle)->Number == number;
    }

    private readonly struct AliasMatch(RowPool<WalletRow> rows, uint tenant, ulong lo, ulong hi) : IRowMatch
    {
        public bool Matches(int handle)
        {
            var row = rows.Read(handle);
            return row->AliasLo == lo && row->AliasHi == hi && row->Tenant == tenant;
        }
    }

    private readonly struct AssetMatch(RowPool<AssetRow> rows, uint tenant, UInt128 code) : IRowMatch
    {
        public bool Matches(int handle)
        {
            var row = rows.Read(handle);
            return row->Code == code && row->Tenant == tenant;
        }
    }

    private readonly struct MemoMatch(RowPool<MemoRow> rows, ulong number, MemoKind kind) : IRowMatch
    {
        public bool Matches(int handle) => rows.Read(handle)->Number == number && rows.Read(handle)->Kind == kind;
    }

    private readonly struct ReservationMatch(LedgerState state, ulong number) : IRowMatch
    {
        public bool Matches(int handle) => (handle < FinishedBase ? state.Reservations.Read(handle)->Number : state.Finished(handle - FinishedBase)->Number) == number;
    }
}
