using Microsoft.Extensions.Logging;
using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Grpc.Health;
using PhoenixCore.Grpc.Reflection;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Grpc.Submit;
using PhoenixCore.Server.Grpc.Wire;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Grpc;

/// <summary>Puts the gRPC front together: the ledger's service, health and reflection behind one dispatcher.</summary>
public static class GrpcFront
{
    private const int SubmitBytesMax = 1 << 20;

    /// <summary>Batches of all streams together; each has some 4 MiB.</summary>
    private const int BatchesMax = 64;

    /// <param name="health">Told by the host; null makes one that says "serving".</param>
    public static GrpcDispatcher Create(Operations operations, AssetDirectory assets, LedgerShard shard, IAuthenticator authenticator, HealthService? health = null, ILogger? log = null)
    {
        var service = LedgerReflection.Descriptor.Services[0];
        if (health is null)
        {
            health = new HealthService();
            health.Set("", serving: true);
            health.Set(service.FullName, serving: true);
            health.Set(PoliciesReflection.Descriptor.Services[0].FullName, serving: true);
        }

        var ledger = new GrpcServiceBinder(service);
        var reads = new StateReads(shard);
        var renderer = new TransactionRenderer(assets);
        var (assetCalls, walletCalls) = (new AssetCalls(operations, reads), new WalletCalls(operations, reads));
        BindThings(ledger, assetCalls, walletCalls, new HistoryCalls(operations, reads, assets, renderer));
        BindValue(ledger, new HotCalls(shard, operations, renderer), new ValueCalls(operations, renderer));
        var submit = new SubmitStream(shard, new SubmitBatchPool(shard, BatchesMax), new SystemClock());
        ledger.DuplexRaw("Submit", submit.RunAsync, SubmitBytesMax);

        var reflection = new ReflectionService([service, PoliciesReflection.Descriptor.Services[0], HealthReflection.Descriptor.Services[0]]);
        var options = new GrpcOptions { Authorize = call => GrpcCaller.Authorize(call, authenticator) };
        return new GrpcDispatcher([ledger, PoliciesOf(new PolicyCalls(operations, reads), walletCalls, assetCalls), health.Bind(), .. reflection.Bind()], options, log);
    }

    private static GrpcServiceBinder PoliciesOf(PolicyCalls policies, WalletCalls wallets, AssetCalls assets) => new GrpcServiceBinder(PoliciesReflection.Descriptor.Services[0])
        .Unary<PutPolicyRequest, Policy>("PutPolicy", PutPolicyRequest.Parser, policies.PutAsync)
        .Unary<SetPolicyStatusRequest, Policy>("SetPolicyStatus", SetPolicyStatusRequest.Parser, policies.SetStatusAsync)
        .Unary<GetPolicyRequest, Policy>("GetPolicy", GetPolicyRequest.Parser, policies.GetAsync)
        .Unary<ListPoliciesRequest, ListPoliciesReply>("ListPolicies", ListPoliciesRequest.Parser, policies.ListAsync)
        .Unary<ListPolicyVersionsRequest, ListPoliciesReply>("ListPolicyVersions", ListPolicyVersionsRequest.Parser, policies.ListVersionsAsync)
        .Unary<BindWalletRequest, Wallet>("BindWallet", BindWalletRequest.Parser, wallets.BindAsync)
        .Unary<BindAssetRequest, Asset>("BindAsset", BindAssetRequest.Parser, assets.BindAsync)
        .Unary<EvaluateRequest, Evaluation>("Evaluate", EvaluateRequest.Parser, policies.EvaluateAsync);

    private static void BindThings(GrpcServiceBinder ledger, AssetCalls assets, WalletCalls wallets, HistoryCalls history) => ledger
        .Unary<CreateAssetRequest, Asset>("CreateAsset", CreateAssetRequest.Parser, assets.CreateAsync)
        .Unary<SetAssetStatusRequest, Asset>("SetAssetStatus", SetAssetStatusRequest.Parser, assets.SetStatusAsync)
        .Unary<GetAssetRequest, Asset>("GetAsset", GetAssetRequest.Parser, assets.GetAsync)
        .Unary<ListAssetsRequest, ListAssetsReply>("ListAssets", ListAssetsRequest.Parser, assets.ListAsync)
        .Unary<CreateWalletRequest, Wallet>("CreateWallet", CreateWalletRequest.Parser, wallets.CreateAsync)
        .Unary<GetWalletRequest, Wallet>("GetWallet", GetWalletRequest.Parser, wallets.GetAsync)
        .Unary<ListWalletsRequest, ListWalletsReply>("ListWallets", ListWalletsRequest.Parser, wallets.ListAsync)
        .Unary<SetWalletStatusRequest, Wallet>("SetWalletStatus", SetWalletStatusRequest.Parser, wallets.SetStatusAsync)
        .Unary<SetBoundsRequest, Wallet>("SetBounds", SetBoundsRequest.Parser, wallets.SetBoundsAsync)
        .Unary<ListLotsRequest, ListLotsReply>("ListLots", ListLotsRequest.Parser, wallets.ListLotsAsync)
        .Unary<GetReservationRequest, Reservation>("GetReservation", GetReservationRequest.Parser, history.GetReservationAsync)
        .Unary<GetTransactionRequest, Transaction>("GetTransaction", GetTransactionRequest.Parser, history.GetTransactionAsync)
        .Unary<GetOperationRequest, GetOperationReply>("GetOperation", GetOperationRequest.Parser, history.GetOperationAsync);

    private static void BindValue(GrpcServiceBinder ledger, HotCalls hot, ValueCalls value) => ledger
        .UnaryRaw("CreateCredit", hot.Handler(OperationShape.CreateCredit, CreateCreditRequest.Parser, value.CreateCreditAsync))
        .UnaryRaw("CreateTransfer", hot.Handler(OperationShape.CreateTransfer, CreateTransferRequest.Parser, value.CreateTransferAsync))
        .UnaryRaw("CreateDebit", hot.Handler(OperationShape.CreateDebit, CreateDebitRequest.Parser, value.CreateDebitAsync))
        .UnaryRaw("CreateReservation", hot.Handler(OperationShape.CreateReservation, CreateReservationRequest.Parser, value.CreateReservationAsync))
        .UnaryRaw("CommitReservation", hot.Handler(OperationShape.CommitReservation, CommitReservationRequest.Parser, value.CommitReservationAsync))
        .UnaryRaw("ReleaseReservation", hot.Handler(OperationShape.ReleaseReservation, ReleaseReservationRequest.Parser, value.ReleaseReservationAsync));
}
