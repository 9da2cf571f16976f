using System.Globalization;
using System.Text;
using PhoenixCore.Journal;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard.History;
using PhoenixCore.Shard.History.Search;
using PhoenixCore.Tools.Names;
using PhoenixCore.Tools.Rendering;

namespace PhoenixCore.Tools.Balance;

/// <summary>Finds a wallet's balances as of a fact by way of the side indexes; only the last segment, which has none yet, is looked through.</summary>
internal sealed unsafe class BalanceSearch
{
    private const int FactsMax = 16 << 20; // more than a segment holds
    private const int NamesMax = 1 << 20;
    private readonly JournalReader _reader;
    private readonly BalanceOptions _options;
    private readonly ReadBudget _budget;
    private readonly HeldFact _fact = new();
    private readonly JournalNames _names = new();
    private readonly WalletQuery _query;
    private readonly SortedDictionary<int, uint> _assets = [];
    private readonly Dictionary<uint, UInt128> _hashKeys = [];
    private ulong _last;

    public BalanceSearch(JournalArchive archive, BalanceOptions options)
    {
        _reader = archive.Reader;
        _options = options;
        _budget = new ReadBudget(_reader, FactsMax);
        _query = new WalletQuery(options.Wallet, options.Tenant, _names);
    }

    /// <exception cref="ToolException">There is no such sequence, tenant or wallet by then.</exception>
    /// <exception cref="HistoryLimitException">The side indexes do not lead to the answer.</exception>
    public PastState Run()
    {
        if (_options.Sequence > _reader.LastSequence) throw new ToolException(ExitCode.NotFound, $"there is no sequence {_options.Sequence}: the journal ends at {_reader.LastSequence}");
        if (_options.Sequence != 0) _last = _options.Sequence;
        else if (!_reader.TryFindSequenceAt(_options.At, out _last)) _last = 0;
        LearnNames();

        var stamp = _last > 0 && _fact.TryRead(_reader, _last) ? _fact.Context.Stamp : 0;
        var place = _last == 0 ? "before the first fact" : $"at sequence {_last}, {Stamp.Format(stamp)}";
        if (_query.Tenant is not { } tenant) throw new ToolException(ExitCode.NotFound, $"there is no tenant {_options.Tenant} {place}");
        if (_query.Number == 0) throw new ToolException(ExitCode.NotFound, $"tenant {_options.Tenant} has no wallet {_options.Wallet} {place}{tenant.NameHint}");
        return new PastState(tenant, _query.Number, _names.Wallet(_query.Number), _last, stamp, Balances(tenant.Number));
    }

    private List<(AssetEntry, Int128, Int128)> Balances(uint tenant)
    {
        var search = new EntrySearch(_budget);
        var balances = new List<(AssetEntry, Int128, Int128)>();
        foreach (var (handle, owner) in _assets)
        {
            if (owner != tenant) continue;
            var account = new AccountName(_query.Number, handle);
            var (available, reserved) = (search.Find(account, _last, EntryColumn.Available), search.Find(account, _last, EntryColumn.Reserved));
            if (available.Exists || reserved.Exists) balances.Add((_names.Asset(handle), available.Balance, reserved.Balance));
        }

        return balances;
    }

    /// <summary>Tenants, then their assets and the wallet: by the indexes as far as these go, then by looking through.</summary>
    private void LearnNames()
    {
        var indexed = Math.Min(_last, _reader.IndexedThrough);
        LearnAll(HistoryKeys.TenantMade, indexed);
        foreach (var tenant in _hashKeys.Keys.Where(IsAsked).ToArray())
        {
            LearnAll(HistoryKeys.AssetMade(tenant), indexed);
            if (_query.Number == 0) LearnWallet(tenant, indexed);
        }

        for (var sequence = indexed + 1; sequence <= _last; sequence++) Learn(sequence);
    }

    private void LearnAll(ulong key, ulong through)
    {
        var sequences = new List<ulong>();
        _reader.FindReferences(key, through + 1, sequences, NamesMax, out _);
        for (var i = sequences.Count - 1; i >= 0; i--) Learn(sequences[i]);
    }

    private void LearnWallet(uint tenant, ulong through)
    {
        if (_names.Tenant(tenant)!.Ids.TryParse(IdKind.Wallet, _options.Wallet, out var number))
        {
            if (Numbers.SequenceOf(number) is > 0 and var made && made <= through) Learn(made);
            return;
        }

        var (lo, hi) = SipHash.Hash128(_hashKeys[tenant], Encoding.UTF8.GetBytes(_options.Wallet));
        if (_reader.TryFindReference(HistoryKeys.WalletMade(tenant, lo, hi), 1, out var sequence, out _) && sequence <= through) Learn(sequence);
    }

    private void Learn(ulong sequence)
    {
        _budget.Read(sequence, _fact);
        foreach (var part in _fact.Parts)
        {
            if (part.Kind == PartKind.TenantCreated) _hashKeys[part.Body<TenantCreatedBody>().Number] = part.Body<TenantCreatedBody>().HashKey;
            if (part.Kind == PartKind.AssetCreated) _assets[part.Body<AssetCreatedBody>().Handle] = _fact.Context.Tenant;
        }

        _names.Learn(_fact.Context, _fact.Payload);
    }

    private bool IsAsked(uint tenant) =>
        _names.Tenant(tenant) is { } entry && (entry.Name == _options.Tenant || tenant.ToString(CultureInfo.InvariantCulture) == _options.Tenant);
}
