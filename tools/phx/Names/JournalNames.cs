using System.Globalization;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Tools.Names;

/// <summary>What facts say about names, learned in passing: facts carry numbers and handles, people read codes and external ids.</summary>
/// <remarks>Grows by some 100 bytes for each wallet of the journal. One thread.</remarks>
internal sealed class JournalNames
{
    private const int SystemWallets = 4;

    /// <summary>What the server calls a tenant whose fact names none.</summary>
    private const string DefaultTenant = "default";

    private readonly Dictionary<uint, TenantEntry> _tenants = [];
    private readonly Dictionary<int, AssetEntry> _assets = [];
    private readonly Dictionary<ulong, string> _wallets = [];
    private readonly Dictionary<int, ulong> _walletOfAccount = [];

    /// <summary>Called for each wallet when it comes into being: tenant, number, external id.</summary>
    public Action<TenantEntry, ulong, string>? WalletSeen { get; set; }

    /// <summary>Called for each tenant, before its wallets.</summary>
    public Action<TenantEntry>? TenantSeen { get; set; }

    /// <summary>Null for the shard's own facts.</summary>
    public TenantEntry? Tenant(uint number) => _tenants.GetValueOrDefault(number);

    /// <summary>Facts name an asset only after the one that created it.</summary>
    public AssetEntry Asset(int handle) => _assets[handle];

    public string Wallet(ulong number) => _wallets.GetValueOrDefault(number, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The wallet of an account that a posting or a bound made; 0 for the system's.</summary>
    public ulong WalletOfAccount(int account) => _walletOfAccount.GetValueOrDefault(account);

    /// <param name="payload">A verified fact; facts come in order, none left out.</param>
    /// <exception cref="ToolException">A part is of a kind that this build does not know.</exception>
    public unsafe void Learn(in FactContext context, byte* payload)
    {
        foreach (var part in new FactParts(payload))
        {
            if (!Enum.IsDefined(part.Kind)) throw new ToolException(ExitCode.DamagedData, $"fact {context.Sequence} has a part of unknown kind {(int)part.Kind}: it was written by a newer version");
            switch (part.Kind)
            {
                case PartKind.TenantCreated:
                    AddTenant(part, context);
                    break;
                case PartKind.AssetCreated:
                    var asset = part.Body<AssetCreatedBody>();
                    _assets[asset.Handle] = new AssetEntry(AssetCode.Unpack(asset.Code), asset.Scale);
                    break;
                case PartKind.WalletCreated:
                    var number = part.Body<WalletCreatedBody>().Number;
                    AddWallet(_tenants[context.Tenant], number, TextOf(part, ExtraTag.ExternalId) ?? number.ToString(CultureInfo.InvariantCulture));
                    break;
                case PartKind.BoundsSet:
                    var bounds = part.Body<BoundsSetBody>();
                    _walletOfAccount[bounds.Account] = bounds.Wallet;
                    break;
                default:
                    AddAccounts(part);
                    break;
            }
        }
    }

    private void AddTenant(in FactPart part, in FactContext context)
    {
        var body = part.Body<TenantCreatedBody>();
        var name = TextOf(part, ExtraTag.Name) ?? DefaultTenant;
        var tenant = new TenantEntry(body.Number, name, new PublicIds(body.IdKey), (body.Flags & TenantCreatedBody.OwnTextKey) != 0);
        _tenants[body.Number] = tenant;
        TenantSeen?.Invoke(tenant);
        var wallets = (body.Flags & TenantCreatedBody.WithHouse) != 0 ? TenantNames.Wallets.Count : SystemWallets;
        for (var i = 0; i < wallets; i++) AddWallet(tenant, Numbers.Of(context.Sequence, i + 1), TenantNames.Wallets[i]);
    }

    private void AddWallet(TenantEntry tenant, ulong number, string externalId)
    {
        _wallets[number] = externalId;
        WalletSeen?.Invoke(tenant, number, externalId);
    }

    private void AddAccounts(in FactPart part)
    {
        foreach (ref readonly var posting in part.Postings)
        {
            if (posting.Has(PostingFlags.CreditAccountCreated)) _walletOfAccount[posting.CreditAccount] = posting.CreditWallet;
        }
    }

    private static string? TextOf(in FactPart part, ExtraTag tag) =>
        !Extras.TryFind(part.Extras, ExtraTag.TextKey, out _) && Extras.TryFind(part.Extras, tag, out var text) ? Encoding.UTF8.GetString(text) : null;
}
