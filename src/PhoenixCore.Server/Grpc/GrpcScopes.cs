using System.Collections.Frozen;
using Google.Protobuf.Reflection;
using PhoenixCore.Server.Auth;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace PhoenixCore.Server.Grpc;

/// <summary>The scope of every method. A served method that is not named here stops the start; a path that is not here is refused.</summary>
internal static class GrpcScopes
{
    private static readonly Dictionary<string, Scope> ByMethod = new(StringComparer.Ordinal)
    {
        ["phoenix.v1.Ledger.CreateAsset"] = Scope.AssetsWrite,
        ["phoenix.v1.Ledger.SetAssetStatus"] = Scope.AssetsWrite,
        ["phoenix.v1.Ledger.UpdateAsset"] = Scope.AssetsWrite,
        ["phoenix.v1.Ledger.UpdateWallet"] = Scope.WalletsWrite,
        ["phoenix.v1.Ledger.GetAsset"] = Scope.AssetsRead,
        ["phoenix.v1.Ledger.ListAssets"] = Scope.AssetsRead,
        ["phoenix.v1.Ledger.CreateWallet"] = Scope.WalletsWrite,
        ["phoenix.v1.Ledger.GetWallet"] = Scope.WalletsRead,
        ["phoenix.v1.Ledger.ListWallets"] = Scope.WalletsRead,
        ["phoenix.v1.Ledger.SetWalletStatus"] = Scope.WalletsWrite,
        ["phoenix.v1.Ledger.SetBounds"] = Scope.WalletsWrite,
        ["phoenix.v1.Ledger.ListLots"] = Scope.LotsRead,
        ["phoenix.v1.Ledger.CreateCredit"] = Scope.CreditsWrite,
        ["phoenix.v1.Ledger.CreateTransfer"] = Scope.TransfersWrite,
        ["phoenix.v1.Ledger.CreateDebit"] = Scope.DebitsWrite,
        ["phoenix.v1.Ledger.CreateReservation"] = Scope.ReservationsWrite,
        ["phoenix.v1.Ledger.CommitReservation"] = Scope.ReservationsWrite,
        ["phoenix.v1.Ledger.ReleaseReservation"] = Scope.ReservationsWrite,
        ["phoenix.v1.Ledger.IncrementReservation"] = Scope.ReservationsWrite,
        ["phoenix.v1.Ledger.ExtendReservation"] = Scope.ReservationsWrite,
        ["phoenix.v1.Ledger.UpdateLot"] = Scope.LotsWrite,
        ["phoenix.v1.Ledger.ExpireLot"] = Scope.LotsWrite,
        ["phoenix.v1.Ledger.ReverseCredit"] = Scope.CreditsWrite,
        ["phoenix.v1.Ledger.ReverseTransfer"] = Scope.TransfersWrite,
        ["phoenix.v1.Ledger.GetReservation"] = Scope.WalletsRead,
        ["phoenix.v1.Ledger.GetTransaction"] = Scope.LedgerRead,
        ["phoenix.v1.Ledger.GetOperation"] = Scope.LedgerRead | Scope.AnyWrite,
        ["phoenix.v1.Ledger.Submit"] = Scope.WalletsWrite,
        ["phoenix.v1.History.ListTransactions"] = Scope.LedgerRead,
        ["phoenix.v1.History.ListEntries"] = Scope.LedgerRead,
        ["phoenix.v1.History.ListCredits"] = Scope.LedgerRead,
        ["phoenix.v1.History.ListTransfers"] = Scope.LedgerRead,
        ["phoenix.v1.History.ListDebits"] = Scope.LedgerRead,
        ["phoenix.v1.History.ListReservations"] = Scope.WalletsRead,
        ["phoenix.v1.History.GetLot"] = Scope.LotsRead,
        ["phoenix.v1.History.GetBalances"] = Scope.WalletsRead,
        ["phoenix.v1.History.GetTrialBalance"] = Scope.LedgerRead,
        ["phoenix.v1.Events.Subscribe"] = Scope.EventsRead,
        ["phoenix.v1.Policies.PutPolicy"] = Scope.PoliciesWrite,
        ["phoenix.v1.Policies.SetPolicyStatus"] = Scope.PoliciesWrite,
        ["phoenix.v1.Policies.GetPolicy"] = Scope.PoliciesRead,
        ["phoenix.v1.Policies.ListPolicies"] = Scope.PoliciesRead,
        ["phoenix.v1.Policies.ListPolicyVersions"] = Scope.PoliciesRead,
        ["phoenix.v1.Policies.BindWallet"] = Scope.WalletsWrite,
        ["phoenix.v1.Policies.BindAsset"] = Scope.PoliciesWrite,
        ["phoenix.v1.Policies.Evaluate"] = Scope.PoliciesRead,
        ["phoenix.v1.Webhooks.CreateWebhook"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.GetWebhook"] = Scope.WebhooksRead,
        ["phoenix.v1.Webhooks.ListWebhooks"] = Scope.WebhooksRead,
        ["phoenix.v1.Webhooks.UpdateWebhook"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.DeleteWebhook"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.TestWebhook"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.RotateSecret"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.ListDeliveries"] = Scope.WebhooksRead,
        ["phoenix.v1.Webhooks.RetryDelivery"] = Scope.WebhooksWrite,
        ["phoenix.v1.Webhooks.ReplayWebhook"] = Scope.WebhooksWrite,
        ["phoenix.v1.Admin.CreateTenant"] = Scope.Admin,
        ["phoenix.v1.Admin.GetTenant"] = Scope.Admin,
        ["phoenix.v1.Admin.ListTenants"] = Scope.Admin,
        ["phoenix.v1.Admin.SuspendTenant"] = Scope.Admin,
        ["phoenix.v1.Admin.EraseTenant"] = Scope.Admin,
        ["phoenix.v1.Admin.ResumeTenant"] = Scope.Admin,
        ["phoenix.v1.Admin.CreateKey"] = Scope.Admin,
        ["phoenix.v1.Admin.ListKeys"] = Scope.Admin,
        ["phoenix.v1.Admin.RotateKey"] = Scope.Admin,
        ["phoenix.v1.Admin.RevokeKey"] = Scope.Admin,
        ["phoenix.v1.Admin.CreateSnapshot"] = Scope.Admin,
        ["phoenix.v1.Admin.ListSnapshots"] = Scope.Admin,
    };

    /// <summary>By the path of a call: its scope, and whether its operations come in messages of a stream.</summary>
    /// <exception cref="InvalidOperationException">A method has no scope.</exception>
    public static FrozenDictionary<string, (Scope Any, bool IsStream)> Of(IEnumerable<ServiceDescriptor> services) => services
        .SelectMany(service => service.Methods)
        .ToFrozenDictionary(method => $"/{method.Service.FullName}/{method.Name}", method => (ScopeOf(method), method.IsClientStreaming), StringComparer.Ordinal);

    private static Scope ScopeOf(MethodDescriptor method) =>
        ByMethod.TryGetValue(method.FullName, out var scope) && scope != Scope.None ? scope : throw new InvalidOperationException($"{method.FullName} has no scope");
}
