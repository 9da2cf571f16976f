using PhoenixCore.Client.Calls;

namespace PhoenixCore.Client;

/// <summary>A ledger behind its gRPC address. Make one and share it. Any thread.</summary>
/// <remarks>
/// Every write is one logical call with one idempotency key, which its own repetitions use again: it has one effect, however often the connection breaks.
/// Errors: <see cref="Errors.PhoenixException"/> and what derives from it.
/// </remarks>
public sealed class PhoenixClient : IDisposable
{
    private readonly GrpcChannel _channel;

    /// <param name="address">Of the gRPC front, such as http://127.0.0.1:8081/.</param>
    /// <param name="apiKey">An API key or a token.</param>
    public PhoenixClient(Uri address, string apiKey, PhoenixClientOptions? options = null)
    {
        options ??= new PhoenixClientOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.AttemptsMax, 1, nameof(options));
        _channel = new GrpcChannel(address, options.Channel);
        var calls = new LogicalCalls(_channel, apiKey, options);
        (Wallets, Credits, Transfers, Debits, Reservations) = (new WalletCalls(calls), new CreditCalls(calls), new TransferCalls(calls), new DebitCalls(calls), new ReservationCalls(calls));
        (Lots, Assets, Policies, Events, Webhooks, Ledger) = (new LotCalls(calls), new AssetCalls(calls), new PolicyCalls(calls), new EventCalls(calls), new WebhookCalls(calls), new LedgerCalls(calls));
    }

    public WalletCalls Wallets { get; }

    public CreditCalls Credits { get; }

    public TransferCalls Transfers { get; }

    public DebitCalls Debits { get; }

    public ReservationCalls Reservations { get; }

    public LotCalls Lots { get; }

    public AssetCalls Assets { get; }

    public PolicyCalls Policies { get; }

    public EventCalls Events { get; }

    public WebhookCalls Webhooks { get; }

    public LedgerCalls Ledger { get; }

    public void Dispose() => _channel.Dispose();
}
