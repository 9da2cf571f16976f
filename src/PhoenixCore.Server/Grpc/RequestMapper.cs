using System.Text;
using System.Text.Json;
using PhoenixCore.Contracts.V1;
using PhoenixCore.Grpc;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Policies;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Edge.Policies;
using PhoenixCore.Server.Grpc.Rendering;
using PhoenixCore.Server.Rest.Input;
using PolicyOperation = PhoenixCore.Ledger.Policies.PolicyOperation;
using PolicyStatus = PhoenixCore.Ledger.Policies.PolicyStatus;
using WalletAction = PhoenixCore.Ledger.WalletAction;

namespace PhoenixCore.Server.Grpc;

/// <summary>Turns messages into requests and refuses what the contract does not allow.</summary>
/// <remarks>Errors: <see cref="GrpcException"/> with INVALID_ARGUMENT and the reason VALIDATION_ERROR.</remarks>
internal static partial class RequestMapper
{
    public const string KeyMetadata = "idempotency-key";

    public static OperationRequest Map(CreateCreditRequest request, GrpcCall call) => Start(CommandKind.CreateCredit, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Wallet = Text(request.Wallet, "wallet");
        SetAmount(command, request.Amount);
        command.ExpiresAt = Time(request.ExpiresAtUnixNs);
        command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        command.Attributes = Json(request.AttributesJson, JsonTokenType.StartObject, "attributes_json");
        command.Restrictions = Json(request.RestrictionsJson, JsonTokenType.StartArray, "restrictions_json");
        command.Lot = Text(request.LotId, "lot_id");
        command.Policy = Text(request.PolicyId, "policy_id");
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(CreateTransferRequest request, GrpcCall call)
    {
        if (request.Legs.Count > LedgerLimits.TransferLegsMax) throw Invalid("a transfer has at most 100 legs");
        if (request.Legs.Count > 0 && (request.FromWallet.Length > 0 || request.ToWallet.Length > 0 || request.Amount is not null || request.LotIds.Count > 0 || request.DestinationLot is not null))
            throw Invalid("a transfer has either legs or wallets and an amount of its own");
        return Start(request.Legs.Count > 0 ? CommandKind.TransferLegs : CommandKind.CreateTransfer, request.IdempotencyKey, call).With(command =>
        {
            command.Reference = Text(request.Reference, "reference");
            command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
            if (request.Legs.Count > 0)
            {
                command.Parts = [.. request.Legs.Select(LegOf)];
                // The texts of the whole ride on the first leg: the fact has a part per leg and none for the whole.
                command.Parts[0].Reference ??= command.Reference;
                command.Parts[0].Metadata = command.Metadata;
                SetPolicyInput(command.Parts[0], request.Intent, request.ContextJson);
                foreach (var leg in command.Parts) (leg.Intent, leg.ContextOf) = (command.Parts[0].Intent, command.Parts[0]);
                return;
            }

            SetPolicyInput(command, request.Intent, request.ContextJson);

            command.Wallet = Text(request.FromWallet, "from_wallet");
            command.Destination = Text(request.ToWallet, "to_wallet");
            SetAmount(command, request.Amount);
            SetSelection(command, request.Selection, request.LotIds);
            SetDestinationLot(command, request.DestinationLot);
        });
    }

    public static OperationRequest Map(CreateDebitRequest request, GrpcCall call) => Start(CommandKind.CreateDebit, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Wallet = Text(request.Wallet, "wallet");
        SetAmount(command, request.Amount);
        SetSelection(command, request.Selection, request.LotIds);
        command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(CreateReservationRequest request, GrpcCall call) => Start(CommandKind.CreateReservation, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Wallet = Text(request.Wallet, "wallet");
        SetAmount(command, request.Amount);
        command.ExpiresAt = Time(request.ExpiresAtUnixNs);
        SetSelection(command, request.Selection, request.LotIds);
        command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(CommitReservationRequest request, GrpcCall call) => Start(CommandKind.CommitReservation, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Reservation = Text(request.ReservationId, "reservation_id");
        if (request.Amount is not null) SetAmount(command, request.Amount);
        command.Destination = Text(request.ToWallet, "to_wallet");
        command.KeepRest = request is { HasFinal: true, Final: false };
        SetDestinationLot(command, request.DestinationLot);
        command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(ReleaseReservationRequest request, GrpcCall call) => Start(CommandKind.ReleaseReservation, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Reservation = Text(request.ReservationId, "reservation_id");
        if (request.Amount is not null) SetAmount(command, request.Amount);
        command.Reason = Text(request.Reason, "reason");
    });

    public static OperationRequest Map(IncrementReservationRequest request, GrpcCall call) => Start(CommandKind.IncrementReservation, request.IdempotencyKey, call).With(command =>
    {
        command.Reference = Text(request.Reference, "reference");
        command.Reservation = Required(request.ReservationId, "reservation_id");
        SetAmount(command, request.Amount);
        SetSelection(command, request.Selection, request.LotIds);
        command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(ExtendReservationRequest request, GrpcCall call) => Start(CommandKind.ExtendReservation, request.IdempotencyKey, call).With(command =>
    {
        command.Reservation = Required(request.ReservationId, "reservation_id");
        command.ExpiresAt = request.ExpiresAtUnixNs > 0 ? request.ExpiresAtUnixNs : throw Invalid("expires_at_unix_ns is missing");
        command.Reason = Text(request.Reason, "reason");
    });

    public static OperationRequest Map(UpdateLotRequest request, GrpcCall call) => Start(CommandKind.UpdateLot, request.IdempotencyKey, call).With(command =>
    {
        command.Lot = Required(request.LotId, "lot_id");
        command.ExpiresAt = Time(request.ExpiresAtUnixNs);
        command.Attributes = Json(request.AttributesJson, JsonTokenType.StartObject, "attributes_json");
        command.Reason = Text(request.Reason, "reason");
        if (command.ExpiresAt == 0 && command.Attributes is null) throw Invalid("expires_at_unix_ns or attributes_json must be given");
    });

    public static OperationRequest Map(ExpireLotRequest request, GrpcCall call) => Start(CommandKind.ExpireLot, request.IdempotencyKey, call).With(command =>
    {
        command.Lot = Required(request.LotId, "lot_id");
        command.Reason = Text(request.Reason, "reason");
    });

    public static OperationRequest Map(ReverseCreditRequest request, GrpcCall call) =>
        Reversal(CommandKind.ReverseCredit, request.IdempotencyKey, Required(request.CreditId, "credit_id"), request.Amount, request.Reason, request.Reference, request.MetadataJson, call);

    public static OperationRequest Map(ReverseTransferRequest request, GrpcCall call) =>
        Reversal(CommandKind.ReverseTransfer, request.IdempotencyKey, Required(request.TransferId, "transfer_id"), request.Amount, request.Reason, request.Reference, request.MetadataJson, call);

    private static OperationRequest Reversal(CommandKind kind, string key, string original, Amount? amount, string reason, string reference, string metadata, GrpcCall call) => Start(kind, key, call).With(command =>
    {
        command.Original = original;
        if (amount is not null) SetAmount(command, amount);
        command.Reason = Text(reason, "reason");
        command.Reference = Text(reference, "reference");
        command.Metadata = Json(metadata, JsonTokenType.StartObject, "metadata_json");
    });

    private static void SetDestinationLot(OperationRequest command, DestinationLot? lot)
    {
        if (lot is null) return;
        command.OwnTerms = true;
        command.ExpiresAt = Time(lot.ExpiresAtUnixNs);
        command.Attributes = Json(lot.AttributesJson, JsonTokenType.StartObject, "attributes_json");
        command.Restrictions = Json(lot.RestrictionsJson, JsonTokenType.StartArray, "restrictions_json");
        command.Policy = Text(lot.PolicyId, "policy_id");
    }

    public static OperationRequest Map(CreateAssetRequest request, GrpcCall call)
    {
        if (!AssetCode.IsValid(Encoding.UTF8.GetBytes(request.Code))) throw Invalid("code must be 1-16 characters of A-Z a-z 0-9 . _ -");
        if (request.Scale > LedgerLimits.ScaleMax) throw Invalid("scale must be 0 to 18");
        return Start(CommandKind.CreateAsset, request.IdempotencyKey, call).With(command =>
        {
            command.Asset = request.Code;
            command.Scale = (int)request.Scale;
            command.Name = Text(request.Name, "name");
            command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        });
    }

    public static OperationRequest Map(SetAssetStatusRequest request, GrpcCall call)
    {
        if (request.Status is not (AssetStatus.Active or AssetStatus.Inactive)) throw Invalid("status must be active or inactive");
        return Start(CommandKind.SetAssetStatus, request.IdempotencyKey, call).With(command =>
        {
            command.Asset = Required(request.Code, "code");
            command.Activate = request.Status == AssetStatus.Active;
        });
    }

    public static OperationRequest Map(CreateWalletRequest request, GrpcCall call)
    {
        var externalId = Required(request.ExternalId, "external_id");
        if (externalId.StartsWith("wal_", StringComparison.Ordinal) || externalId.StartsWith("system:", StringComparison.Ordinal)) throw Invalid("external_id must not begin with wal_ or system:");
        return Start(CommandKind.CreateWallet, request.IdempotencyKey, call).With(command =>
        {
            command.ExternalId = externalId;
            command.Asset = Text(request.DefaultAsset, "default_asset");
            command.Pooled = request.Pooled;
            command.Name = Text(request.Name, "name");
            command.HolderId = Text(request.HolderId, "holder_id");
            if (request.Policies.Count > 0) command.Policies = Policies(request.Policies);
            command.Metadata = Json(request.MetadataJson, JsonTokenType.StartObject, "metadata_json");
        });
    }

    public static OperationRequest Map(SetWalletStatusRequest request, GrpcCall call)
    {
        var action = request.Action switch
        {
            Contracts.V1.WalletAction.Freeze => WalletAction.Freeze,
            Contracts.V1.WalletAction.Unfreeze => WalletAction.Unfreeze,
            Contracts.V1.WalletAction.Close => WalletAction.Close,
            _ => throw Invalid("action must be freeze, unfreeze or close"),
        };
        return Start(CommandKind.SetWalletStatus, request.IdempotencyKey, call).With(command =>
        {
            command.Wallet = Text(request.Wallet, "wallet");
            command.Action = action;
            command.Reason = Text(request.Reason, "reason");
        });
    }

    public static OperationRequest Map(SetBoundsRequest request, GrpcCall call) => Start(CommandKind.SetBounds, request.IdempotencyKey, call).With(command =>
    {
        command.Wallet = Text(request.Wallet, "wallet");
        command.Asset = Text(request.Asset, "asset");
        if (request.Floor is not null)
        {
            var floor = WireValues.UnitsOf(request.Floor);
            command.FloorIsNegative = floor < 0;
            command.Floor = AmountInput.OfUnits(floor < 0 ? -floor : floor);
        }

        if (request.Ceiling is not null) command.Ceiling = AmountInput.OfUnits(WireValues.UnitsOf(request.Ceiling));
    });

    public static OperationRequest Map(SetPolicyStatusRequest request, GrpcCall call)
    {
        var status = request.Status switch
        {
            Contracts.V1.PolicyStatus.Active => PolicyStatus.Active,
            Contracts.V1.PolicyStatus.Deprecated => PolicyStatus.Deprecated,
            Contracts.V1.PolicyStatus.Inactive => PolicyStatus.Inactive,
            _ => throw Invalid("status must be active, deprecated or inactive"),
        };
        return Start(CommandKind.SetPolicyStatus, request.IdempotencyKey, call).With(command => (command.Policy, command.PolicyStatus) = (Required(request.PolicyId, "policy_id"), status));
    }

    public static OperationRequest Map(PutPolicyRequest request, TenantContext tenant, GrpcCall call) => Start(CommandKind.PutPolicy, request.IdempotencyKey, call).With(command =>
    {
        try
        {
            var read = PolicyRequest.Read(tenant, new System.Buffers.ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(request.SourceJson)), bareDigitsAreUnits: true);
            (command.Name, command.PolicySource, command.PolicyProgram) = (read.Name, read.PolicySource, read.PolicyProgram);
            command.Policy = Text(request.PolicyId, "policy_id");
        }
        catch (JsonException)
        {
            throw Invalid("source_json is not JSON, or has a member twice");
        }
        catch (PolicySyntaxException e)
        {
            throw new GrpcException(Statuses.InvalidPolicy(e.Message));
        }
    });

    public static OperationRequest Map(BindWalletRequest request, GrpcCall call) =>
        Start(CommandKind.BindWallet, request.IdempotencyKey, call).With(command => (command.Wallet, command.Policies) = (Text(request.Wallet, "wallet"), Policies(request.Policies)));

    public static OperationRequest Map(BindAssetRequest request, GrpcCall call) =>
        Start(CommandKind.BindAsset, request.IdempotencyKey, call).With(command => (command.Asset, command.Policies) = (Required(request.Asset, "asset"), Policies(request.Policies)));

    public static OperationRequest Map(EvaluateRequest request, GrpcCall call) => Start(CommandKind.EvaluatePolicy, "", call).With(command =>
    {
        command.Key = null;
        command.PolicyOperation = request.Operation is > Contracts.V1.PolicyOperation.Unspecified and <= Contracts.V1.PolicyOperation.Commit ? (PolicyOperation)(int)request.Operation : throw Invalid("operation is not known");
        command.Wallet = Text(request.Wallet, "wallet");
        command.Destination = Text(request.Counterparty, "counterparty");
        SetAmount(command, request.Amount);
        SetSelection(command, request.Selection, request.LotIds);
        SetPolicyInput(command, request.Intent, request.ContextJson);
    });

    public static OperationRequest Map(GetOperationRequest request, GrpcCall call)
    {
        var command = Start(CommandKind.KeyStatus, request.IdempotencyKey, call);
        command.CloseKey = request.Close;
        return command.Key is null ? throw Invalid("idempotency_key is missing") : command;
    }

    /// <summary>Null when empty.</summary>
    public static string? Text(string text, string field)
    {
        if (text.Length > RequestLimits.TextMax) throw Invalid($"{field} has at most 255 characters");
        return text.Length == 0 ? null : text;
    }

    public static GrpcException Invalid(string why) => new(Statuses.Invalid(why));

    public static int PageSize(uint asked) => asked == 0 ? RequestLimits.PageDefault : asked <= RequestLimits.PageMax ? (int)asked : throw Invalid("page_size is at most 100");

    private static OperationRequest Start(CommandKind kind, string key, GrpcCall call) => new()
    {
        Kind = kind,
        Key = KeyOf(key, call),
        Deadline = GrpcCaller.DeadlineOf(call),
    };

    /// <summary>From the field or, where that is empty, the metadata; null = none.</summary>
    public static string? KeyOf(string key, GrpcCall call) => Text(key.Length > 0 ? key : call.RequestMetadata.Find(KeyMetadata) ?? "", "idempotency_key");

    private static OperationRequest With(this OperationRequest command, Action<OperationRequest> fill)
    {
        fill(command);
        return command;
    }

    private static string Required(string text, string field) => Text(text, field) ?? throw Invalid($"{field} is missing");

    private static OperationRequest LegOf(TransferLeg leg)
    {
        var command = new OperationRequest
        {
            Kind = CommandKind.CreateTransfer,
            Reference = Text(leg.Reference, "reference"),
            Wallet = Text(leg.FromWallet, "from_wallet"),
            Destination = Text(leg.ToWallet, "to_wallet"),
        };
        SetAmount(command, leg.Amount);
        SetSelection(command, leg.Selection, leg.LotIds);
        SetDestinationLot(command, leg.DestinationLot);
        return command;
    }

    private static void SetPolicyInput(OperationRequest command, string intent, string context)
    {
        if (intent.Length > 0 && !PolicyNames.IsIntent(intent)) throw Invalid("intent must have 1 to 32 of a-z 0-9 _");
        command.Intent = intent.Length > 0 ? intent : null;
        command.Context = Json(context, JsonTokenType.StartObject, "context_json");
    }

    private static IReadOnlyList<string> Policies(IReadOnlyList<string> policies) =>
        policies.Count <= PolicyLimits.BindingsMax ? [.. policies] : throw Invalid($"at most {PolicyLimits.BindingsMax} policies");

    /// <summary>A missing amount is an amount of zero, which the ledger refuses.</summary>
    private static void SetAmount(OperationRequest command, Amount? amount)
    {
        command.Amount = AmountInput.OfUnits(amount is null ? 0 : WireValues.UnitsOf(amount));
        command.Asset = Text(amount?.Asset ?? "", "asset");
    }

    private static void SetSelection(OperationRequest command, LotSelection selection, IReadOnlyList<string> lots)
    {
        command.Strategy = selection switch
        {
            LotSelection.Unspecified => SelectionStrategy.Fifo,
            LotSelection.Fifo => SelectionStrategy.ExplicitFifo,
            LotSelection.Lifo => SelectionStrategy.Lifo,
            LotSelection.ExpiringFirst => SelectionStrategy.ExpiringFirst,
            LotSelection.Specific => SelectionStrategy.Specific,
            _ => throw Invalid("selection is not known"),
        };
        if ((lots.Count > 0) != (command.Strategy == SelectionStrategy.Specific)) throw Invalid("lots are named with LOT_SELECTION_SPECIFIC, and only with it");
        if (lots.Count > LedgerLimits.LotSlicesMax) throw Invalid("at most 1,024 lots can be named");
        if (lots.Count > 0) command.Lots = lots;
    }

    private static long Time(long unixNanoseconds) => unixNanoseconds >= 0 ? unixNanoseconds : throw Invalid("a time lies before 1970");

    /// <summary>In the form that REST gives it too, so that a repetition by the other way is a repetition.</summary>
    public static byte[]? Json(string text, JsonTokenType kind, string field)
    {
        if (text.Length == 0) return null;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { MaxDepth = RequestLimits.JsonDepthMax });
            reader.Read();
            var json = CanonicalJson.Copy(ref reader, kind, out var error);
            if (error is null && reader.Read()) error = "must be one value";
            return error is null ? json : throw Invalid($"{field} {error}");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Invalid($"{field} is not JSON");
        }
    }
}
