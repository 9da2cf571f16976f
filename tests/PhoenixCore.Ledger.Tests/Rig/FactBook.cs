using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>What can be known from the facts alone: names of things, running balances, chains of entries. Checks each fact as it comes.</summary>
public sealed unsafe class FactBook
{
    private static readonly string[] BornWallets = ["system:liability", "system:consumption", "system:breakage", "system:adjustment", "house_wallet"];

    private readonly Dictionary<(ulong Lo, ulong Hi), string> _texts = [];
    private readonly Dictionary<ulong, string> _wallets = [];
    private readonly Dictionary<string, ulong> _walletNumbers = [];
    private readonly Dictionary<int, string> _assets = [];
    private readonly Dictionary<(string Wallet, string Asset), List<ulong>> _lots = [];
    private readonly Dictionary<ulong, (string Wallet, string Asset)> _accountOfLot = [];
    private readonly HashSet<string> _pooledWallets = [.. BornWallets];
    private readonly Dictionary<(string Wallet, string Asset, bool Reserved), Int128> _columns = [];
    private readonly Dictionary<(string Wallet, string Asset), ulong> _lastEntries = [];
    private readonly Dictionary<ulong, ulong> _previousOfEntry = [];
    private readonly Dictionary<ulong, Int128> _holdings = [];
    private readonly List<FactEvent> _events = [];
    private ulong _nextEvent = 1; // of tenant 1: the only one whose facts a book can read

    public FactBook()
    {
        foreach (var wallet in BornWallets) Learn(wallet);
    }

    /// <summary>Of reservations, in the order in which they were made.</summary>
    public List<ulong> Reservations { get; } = [];

    /// <summary>Of policies, in the order in which they were made, behind <c>pol_default</c>.</summary>
    public List<ulong> Policies { get; } = [PolicyLimits.DefaultNumber];

    /// <summary>The number of the model's ordinal.</summary>
    public ulong PolicyOf(int ordinal) => ordinal < Policies.Count ? Policies[ordinal] : 1UL << 50;

    /// <summary>Of credits, transfers and captures to a wallet, in the order in which they were made.</summary>
    public List<ulong> Transactions { get; } = [];

    private readonly Dictionary<ulong, byte[]> _payloads = [];

    /// <summary>Payload of the fact at a sequence.</summary>
    public byte[]? FactAt(ulong sequence) => _payloads.GetValueOrDefault(sequence);

    /// <summary>Number of the wallet and handle of the asset that a lot belongs to.</summary>
    public (ulong Wallet, int Asset)? HomeOf(ulong lot) =>
        _accountOfLot.TryGetValue(lot, out var home) ? (_walletNumbers[home.Wallet], _assets.First(asset => asset.Value == home.Asset).Key) : null;

    /// <summary>The external id may appear as an alias in facts to come.</summary>
    public void Learn(string externalId) => _texts[CommandArena.HashOf(externalId)] = externalId;

    public string WalletOf(ulong number) => _wallets[number];

    public bool TryNumberOf(string wallet, out ulong number) => _walletNumbers.TryGetValue(wallet, out number);

    /// <summary>Numbers of all lots ever made on the account, in order.</summary>
    public IReadOnlyList<ulong> LotsOf(string wallet, string asset) => _lots.GetValueOrDefault((wallet, asset)) ?? [];

    public ulong LastEntryOf(string wallet, string asset) => _lastEntries.GetValueOrDefault((wallet, asset));

    public Int128 Column(string wallet, string asset, bool reserved) => _columns.GetValueOrDefault((wallet, asset, reserved));

    /// <summary>Entries that can be reached from an account's last one; the chain ends at 0.</summary>
    public int ChainLength(string wallet, string asset)
    {
        var length = 0;
        for (var entry = LastEntryOf(wallet, asset); entry != 0; entry = _previousOfEntry[entry]) length++;
        return length;
    }

    public IEnumerable<(string Wallet, string Asset)> Accounts => _lastEntries.Keys;

    public int EntriesEver => _previousOfEntry.Count;

    public void Add(RecordedFact fact)
    {
        _payloads.Add(fact.Context.Sequence, fact.Bytes);
        fixed (byte* payload = fact.Bytes)
        {
            var index = 0;
            var header = (FactHeader*)payload;
            if (fact.Context.Tenant != 0)
            {
                Assert.Equal(_nextEvent, header->EventFirst);
                _nextEvent += header->Events;
            }

            var ordinal = 0;
            var bytes = FactHeader.SizeBytes;
            _events.Clear();
            foreach (var part in new FactParts(payload))
            {
                FactEvents.AddTo(_events, part);
                Make(part, fact.Context);
                if (IsTransaction(part)) Transactions.Add(Numbers.Of(fact.Context.Sequence, index));
                index++;
                foreach (ref readonly var posting in part.Postings)
                {
                    Post(posting, fact.Context.Sequence, ordinal);
                    ordinal += 2;
                }

                bytes += LengthOf(part);
            }

            Assert.Equal(header->Events, _events.Count);
            Assert.Equal(header->Postings * 2, ordinal);
            Assert.Equal(fact.Bytes.Length, bytes);
        }
    }

    private static bool IsTransaction(FactPart part) => part.Kind switch
    {
        PartKind.Credited or PartKind.Transferred or PartKind.TransferredInto => true,
        PartKind.Committed => part.Body<ReservationEndedBody>().Destination != 0,
        PartKind.Captured => part.Body<CapturedBody>().Change.Destination != 0,
        _ => false,
    };

    private static int LengthOf(FactPart part)
    {
        var items = part.PolicyItems;
        var length = PartHeader.SizeBytes + FactPart.BodyBytes(part.Kind) + (part.Postings.Length * Posting.SizeBytes) + ((part.Extras.Length + 7) & ~7);
        while (items.MoveNext()) length += PolicyItemReader.HeaderBytes + items.Bytes.Length;
        return length;
    }

    private void Make(FactPart part, in FactContext context)
    {
        switch (part.Kind)
        {
            case PartKind.TenantCreated:
                for (var i = 0; i < BornWallets.Length; i++) AddWallet(BornWallets[i], Numbers.Of(context.Sequence, i + 1));
                break;
            case PartKind.WalletCreated:
                ref readonly var wallet = ref part.Body<WalletCreatedBody>();
                AddWallet(_texts[(wallet.AliasLo, wallet.AliasHi)], wallet.Number);
                if (wallet.Pooled != 0) _pooledWallets.Add(_wallets[wallet.Number]);
                break;
            case PartKind.AssetCreated:
                ref readonly var asset = ref part.Body<AssetCreatedBody>();
                _assets[asset.Handle] = AssetCode.Unpack(asset.Code);
                for (var i = 0; i < 4; i++) AddLot(BornWallets[i], _assets[asset.Handle], asset.FirstAccount + (ulong)i);
                break;
            case PartKind.BoundsSet when (part.Body<BoundsSetBody>().Flags & BoundsSetBody.Pooled) != 0:
                ref readonly var bounds = ref part.Body<BoundsSetBody>();
                AddLot(_wallets[bounds.Wallet], _assets[bounds.Asset], bounds.AccountNumber);
                break;
            case PartKind.PolicyPut when part.Body<PolicyPutBody>().Version == 1:
                Policies.Add(part.Body<PolicyPutBody>().Number);
                break;
            case PartKind.Reserved:
                Reservations.Add(part.Body<ReservedBody>().Number);
                break;
        }
    }

    private void Post(in Posting posting, ulong sequence, int ordinal)
    {
        var asset = _assets[posting.Asset];
        var debit = (_wallets[posting.DebitWallet], asset);
        var credit = (_wallets[posting.CreditWallet], asset);
        if (posting.Has(PostingFlags.CreditLotCreated)) AddLot(credit.Item1, asset, posting.CreditLot);
        Assert.True(posting.Amount > 0);
        Assert.Equal(debit, _accountOfLot[posting.DebitLot]);
        Assert.Equal(credit, _accountOfLot[posting.CreditLot]);

        Int128 Change(string wallet, bool reserved, Int128 amount) => _columns[(wallet, asset, reserved)] = Column(wallet, asset, reserved) + amount;
        Assert.Equal(posting.DebitAfter, Change(debit.Item1, posting.Has(PostingFlags.DebitReserved), -posting.Amount));
        Assert.Equal(posting.CreditAfter, Change(credit.Item1, posting.Has(PostingFlags.CreditReserved), posting.Amount));

        Chain(debit, Numbers.Of(sequence, ordinal), posting.DebitPrevious);
        Chain(credit, Numbers.Of(sequence, ordinal + 1), posting.CreditPrevious);
        _holdings[posting.DebitLot] = _holdings.GetValueOrDefault(posting.DebitLot) - posting.Amount;
        _holdings[posting.CreditLot] = _holdings.GetValueOrDefault(posting.CreditLot) + posting.Amount;
        Assert.Equal(_holdings[posting.DebitLot] == 0 && !_pooledWallets.Contains(debit.Item1), posting.Has(PostingFlags.DebitLotDepleted));
    }

    private void Chain((string, string) account, ulong entry, ulong previous)
    {
        Assert.Equal(_lastEntries.GetValueOrDefault(account), previous);
        _previousOfEntry.Add(entry, previous);
        _lastEntries[account] = entry;
    }

    private void AddWallet(string externalId, ulong number)
    {
        _wallets.Add(number, externalId);
        _walletNumbers.Add(externalId, number);
    }

    private void AddLot(string wallet, string asset, ulong number)
    {
        if (!_lots.TryGetValue((wallet, asset), out var lots)) _lots[(wallet, asset)] = lots = [];
        Assert.True(lots.Count == 0 || lots[^1] < number);
        lots.Add(number);
        _accountOfLot.Add(number, (wallet, asset));
    }
}
