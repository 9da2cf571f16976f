using System.Text.Json;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Server.Edge;

namespace PhoenixCore.Server.Grpc;

/// <content>Changes of wallets and assets.</content>
internal static partial class RequestMapper
{
    public static OperationRequest Map(UpdateAssetRequest request, GrpcCall call)
    {
        if (!request.HasName && !request.HasScale && request.MetadataJson.Length == 0) throw Invalid("name, metadata_json or scale must be given");
        return Start(CommandKind.UpdateAsset, request.IdempotencyKey, call).With(command =>
        {
            command.Asset = Required(request.Code, "code");
            (command.NameIsGiven, command.Name) = (request.HasName, Text(request.Name, "name"));
            command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
            command.Replaces = request.ReplaceMetadata;
            (command.ScaleIsGiven, command.Scale) = (request.HasScale, (int)Math.Min(request.Scale, LedgerLimits.ScaleMax + 1));
        });
    }

    public static OperationRequest Map(UpdateWalletRequest request, GrpcCall call)
    {
        if (!request.HasName && request.Policies is null && request.MetadataJson.Length == 0) throw Invalid("name, metadata_json or policies must be given");
        return Start(CommandKind.UpdateWallet, request.IdempotencyKey, call).With(command =>
        {
            command.Wallet = Required(request.Wallet, "wallet");
            (command.NameIsGiven, command.Name) = (request.HasName, Text(request.Name, "name"));
            command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
            command.Replaces = request.ReplaceMetadata;
            if (request.Policies is { } policies) command.Policies = Policies(policies.Ids);
        });
    }
}
