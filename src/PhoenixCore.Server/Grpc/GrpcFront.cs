using Microsoft.Extensions.Logging;
using PhoenixCore.Contracts.Health.V1;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Grpc.Health;
using PhoenixCore.Grpc.Reflection;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Events;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Grpc.Submit;
using PhoenixCore.Server.Grpc.Wire;
using PhoenixCore.Server.Replicas;
using PhoenixCore.Server.Rest.Output;
using PhoenixCore.Server.Tenants;
using PhoenixCore.Server.Webhooks;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Time;

namespace PhoenixCore.Server.Grpc;

/// <summary>Puts the gRPC front together: the ledger's and the operators' services, health and reflection behind one dispatcher.</summary>
public static class GrpcFront
{
    private const int SubmitBytesMax = 1 << 20;

    /// <summary>Batches of all streams together; each has some 4 MiB.</summary>
    private const int BatchesMax = 64;

    /// <param name="health">Told by the host; null makes one that says "serving".</param>
    /// <param name="webhooks">Null = the service is not served.</param>
    internal static GrpcDispatcher Create(
        Operations operations, AssetDirectory assets, LedgerShard shard, Gate gate, Administration administration, EventStreams streams, TimeProvider time, HealthService? health = null, WebhookDesk? webhooks = null, ILogger? log = null, ReplicaHost? replica = null)
    {
        var service = LedgerReflection.Descriptor.Services[0];
        var operators = AdminReflection.Descriptor.Services[0];
        if (health is null)
        {
            health = new HealthService();
            health.Set("", serving: true);
            health.Set(service.FullName, serving: true);
            health.Set(HistoryReflection.Descriptor.Services[0].FullName, serving: true);
            health.Set(EventsReflection.Descriptor.Services[0].FullName, serving: true);
            health.Set(operators.FullName, serving: true);
            health.Set(PoliciesReflection.Descriptor.Services[0].FullName, serving: true);
            if (webhooks is not null) health.Set(WebhooksReflection.Descriptor.Services[0].FullName, serving: true);
        }

        var ledger = new GrpcServiceBinder(service);
        var reads = new StateReads(shard);
        var renderer = new TransactionRenderer(assets);
        var (assetCalls, walletCalls) = (new AssetCalls(operations, reads), new WalletCalls(operations, reads));
        BindThings(ledger, assetCalls, walletCalls, new HistoryCalls(operations, reads, assets, renderer));
        var history = PastCalls.Bind(operations.History, reads, assets, renderer);
        var events = new GrpcServiceBinder(EventsReflection.Descriptor.Services[0])
            .ServerStreaming<SubscribeRequest, SubscribeReply>("Subscribe", SubscribeRequest.Parser, new EventCalls(streams, new RenderScope(assets, shard)).SubscribeAsync);
        BindValue(ledger, new HotCalls(shard, operations, renderer), new ValueCalls(operations, renderer));
        var submit = new SubmitStream(shard, new SubmitBatchPool(shard, BatchesMax), gate, new OldReservations(shard, operations.History.Reservations), new SystemClock());
        ledger.DuplexRaw("Submit", submit.RunAsync, SubmitBytesMax);

        var admin = new AdminCalls(administration, time, new SnapshotDesk(shard)).Bind(new GrpcServiceBinder(operators));
        var policies = PoliciesOf(new PolicyCalls(operations, reads), walletCalls, assetCalls);
        GrpcServiceBinder[] binders = [ledger, history, events, policies, admin, .. webhooks is null ? [] : new[] { WebhookCalls.Bind(webhooks) }];
        var services = binders.Select(binder => binder.Service).ToArray();
        var reflection = new ReflectionService([.. services, HealthReflection.Descriptor.Services[0]]);
        var options = new GrpcOptions { Authorize = new GrpcCaller(gate, services, replica).Authorize, Ended = GrpcCaller.End };
        return new GrpcDispatcher([.. binders, health.Bind(), .. reflection.Bind()], options, log);
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
        .Unary<UpdateAssetRequest, Asset>("UpdateAsset", UpdateAssetRequest.Parser, assets.UpdateAsync)
        .Unary<UpdateWalletRequest, Wallet>("UpdateWallet", UpdateWalletRequest.Parser, wallets.UpdateAsync)
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
        .Unary<IncrementReservationRequest, Transaction>("IncrementReservation", IncrementReservationRequest.Parser, value.IncrementReservationAsync)
        .Unary<ExtendReservationRequest, Transaction>("ExtendReservation", ExtendReservationRequest.Parser, value.ExtendReservationAsync)
        .Unary<UpdateLotRequest, Transaction>("UpdateLot", UpdateLotRequest.Parser, value.UpdateLotAsync)
        .Unary<ExpireLotRequest, Transaction>("ExpireLot", ExpireLotRequest.Parser, value.ExpireLotAsync)
        .Unary<ReverseCreditRequest, Transaction>("ReverseCredit", ReverseCreditRequest.Parser, value.ReverseCreditAsync)
        .Unary<ReverseTransferRequest, Transaction>("ReverseTransfer", ReverseTransferRequest.Parser, value.ReverseTransferAsync)
        .UnaryRaw("CreateCredit", hot.Handler(OperationShape.CreateCredit, CreateCreditRequest.Parser, value.CreateCreditAsync))
        .UnaryRaw("CreateTransfer", hot.Handler(OperationShape.CreateTransfer, CreateTransferRequest.Parser, value.CreateTransferAsync))
        .UnaryRaw("CreateDebit", hot.Handler(OperationShape.CreateDebit, CreateDebitRequest.Parser, value.CreateDebitAsync))
        .UnaryRaw("CreateReservation", hot.Handler(OperationShape.CreateReservation, CreateReservationRequest.Parser, value.CreateReservationAsync))
        .UnaryRaw("CommitReservation", hot.Handler(OperationShape.CommitReservation, CommitReservationRequest.Parser, value.CommitReservationAsync))
        .UnaryRaw("ReleaseReservation", hot.Handler(OperationShape.ReleaseReservation, ReleaseReservationRequest.Parser, value.ReleaseReservationAsync));
}
