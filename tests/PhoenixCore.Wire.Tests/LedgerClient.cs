using Google.Protobuf;
using PhoenixCore.Client;
using PhoenixCore.Contracts.V1;

namespace PhoenixCore.Wire.Tests;

/// <summary>The ledger's calls with the tests' credential.</summary>
public sealed class LedgerClient(Uri address, string? key = WireServer.Key) : IDisposable
{
    private readonly GrpcChannel _channel = new(address);

    public GrpcChannel Channel => _channel;

    public GrpcMetadata Metadata { get; } = key is null ? [] : new GrpcMetadata().Add("authorization", "Bearer " + key);

    public static string Path(string method) => "/phoenix.v1.Ledger/" + method;

    public Task<Wallet> CreateWalletAsync(string externalId, string asset = "USD", bool pooled = false) =>
        CallAsync("CreateWallet", new CreateWalletRequest { ExternalId = externalId, DefaultAsset = asset, Pooled = pooled }, Wallet.Parser);

    public Task<Wallet> GetWalletAsync(string wallet) => CallAsync("GetWallet", new GetWalletRequest { Wallet = wallet }, Wallet.Parser);

    public Task<Transaction> CreditAsync(string wallet, ulong units, string key = "", bool details = false) =>
        CallAsync("CreateCredit", new CreateCreditRequest { Wallet = wallet, Amount = new Amount { Units = units }, IdempotencyKey = key, Details = details }, Transaction.Parser);

    public Task<Transaction> TransferAsync(string from, string to, ulong units, string key = "", bool details = false) =>
        CallAsync("CreateTransfer", new CreateTransferRequest { FromWallet = from, ToWallet = to, Amount = new Amount { Units = units }, IdempotencyKey = key, Details = details }, Transaction.Parser);

    public Task<Transaction> ReserveAsync(string wallet, ulong units, string key = "") =>
        CallAsync("CreateReservation", new CreateReservationRequest { Wallet = wallet, Amount = new Amount { Units = units }, IdempotencyKey = key }, Transaction.Parser);

    public Task<Transaction> CommitAsync(string reservation, string to, string key = "") =>
        CallAsync("CommitReservation", new CommitReservationRequest { ReservationId = reservation, ToWallet = to, IdempotencyKey = key }, Transaction.Parser);

    public Task<TReply> CallAsync<TReply>(string method, IMessage request, MessageParser<TReply> parser, CallOptions? options = null)
        where TReply : IMessage<TReply> =>
        _channel.UnaryRawAsync(Path(method), GrpcFrame.Encode(request), reply => parser.ParseFrom(reply.Span), options ?? new CallOptions { Metadata = Metadata }).AsTask();

    /// <summary>The code that the call is refused with.</summary>
    public async Task<(GrpcStatusCode Status, string? Reason)> RefusalAsync(string method, IMessage request, CallOptions? options = null)
    {
        try
        {
            await _channel.UnaryRawAsync(Path(method), GrpcFrame.Encode(request), reply => reply.Length, options ?? new CallOptions { Metadata = Metadata });
            return (GrpcStatusCode.OK, null);
        }
        catch (GrpcStatusException e)
        {
            return (e.Code, e.Reason);
        }
    }

    public DuplexCall<SubmitRequest, SubmitReply> Submit() => _channel.Duplex<SubmitRequest, SubmitReply>(Path("Submit"), SubmitReply.Parser, new CallOptions { Metadata = Metadata });

    /// <summary>One batch on a stream of its own.</summary>
    public async Task<SubmitReply> SubmitAsync(SubmitRequest request)
    {
        await using var stream = Submit();
        await stream.WriteAsync(request);
        stream.Complete();
        if (!await stream.MoveNextAsync()) throw new InvalidOperationException("no reply");
        var reply = stream.Current;
        if (await stream.MoveNextAsync()) throw new InvalidOperationException("two replies");
        return reply;
    }

    public void Dispose() => _channel.Dispose();
}
