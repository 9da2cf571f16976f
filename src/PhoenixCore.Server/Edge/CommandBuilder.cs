using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Edge.Policies;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Turns a request into a command: ids to numbers, aliases and keys to hashes, texts to extras, and the fingerprint over all the caller supplied.</summary>
internal static unsafe class CommandBuilder
{
    /// <summary>Largest texts of one operation, encoded: metadata, attributes, restrictions and the short ones.</summary>
    private const int TextBytesMax = 16_384;

    /// <summary>With what was compiled of them.</summary>
    private const int LongTextBytesMax = 65_536;

    [ThreadStatic] private static byte[]? _scratch;

    /// <param name="units">The amount, converted.</param>
    /// <param name="arguments">Where lot numbers or parts lie; the caller keeps it alive until the answer.</param>
    public static void Fill(Command* command, TenantContext tenant, OperationRequest request, in RequestUnits units, ShardCall texts)
    {
        command->Kind = request.Kind;
        command->Tenant = tenant.Number;
        command->Strategy = request.Strategy;
        command->Deadline = request.Deadline;
        command->ExpiresAt = request.ExpiresAt;
        if ((units.Asset ?? request.Asset) is { } asset) command->AssetCode = PackAsset(asset);
        NameWallets(command, tenant, request);
        if (request.Reservation is { } reservation) command->Subject = tenant.Ids.TryParse(IdKind.Reservation, reservation, out var number) ? number : 0;
        if (request.Ended is { } ended) command->Wallet = 1 + (ulong)ended;
        if (request.Lot is { } lot) command->Subject = tenant.Ids.TryParse(IdKind.Lot, lot, out var lotNumber) ? lotNumber : ulong.MaxValue; // which nothing has
        SetAmounts(command, request, units);
        SetSwitches(command, request);
        SetListing(command, request);
        SetUpdate(command, request, units);
        SetPolicies(command, tenant, request, texts);
        WriteTexts(command, tenant, request, texts);
        if (request.Key is not { } key) return;
        command->Flags |= CommandFlags.HasKey;
        (command->KeyLo, command->KeyHi) = HashText(tenant, key);
        command->Fingerprint = Fingerprint(request, units, tenant.FingerprintKey);
    }

    /// <summary>A hash over what the caller supplied, after names and amounts were normalised; defaults that the server fills in are not in it.</summary>
    public static ulong Fingerprint(OperationRequest request, in RequestUnits units, UInt128 key = default)
    {
        var writer = new FingerprintWriter(_scratch ??= new byte[TextBytesMax], key);
        writer.Add(request, units);
        return writer.Hash();
    }

    /// <param name="text">Of any length: a name that is too long for a name is looked up all the same, and nothing has it.</param>
    public static (ulong Lo, ulong Hi) HashText(TenantContext tenant, string text)
    {
        var bytes = text.Length <= RequestLimits.TextMax ? stackalloc byte[RequestLimits.TextMax * 4] : new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return tenant.Hash(bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }

    /// <summary>0 would mean "not given": a code that cannot exist stands for every ill-formed one.</summary>
    private static UInt128 PackAsset(string code)
    {
        Span<byte> bytes = stackalloc byte[RequestLimits.TextMax * 4];
        var length = Encoding.UTF8.GetBytes(code, bytes);
        return AssetCode.IsValid(bytes[..length]) ? AssetCode.Pack(bytes[..length]) : UInt128.MaxValue;
    }

    private static void NameWallets(Command* command, TenantContext tenant, OperationRequest request)
    {
        if (request.ExternalId is { } externalId && request.Kind == CommandKind.CreateWallet)
            (command->WalletAliasLo, command->WalletAliasHi) = HashText(tenant, externalId);
        else if (request.Wallet is { } wallet && !TryNumber(tenant, wallet, out command->Wallet))
        {
            command->Flags |= CommandFlags.WalletByAlias;
            (command->WalletAliasLo, command->WalletAliasHi) = HashText(tenant, wallet);
        }

        if (request.Destination is not { } destination) return;
        command->Flags |= CommandFlags.HasDestination;
        if (TryNumber(tenant, destination, out command->Other)) return;
        command->Flags |= CommandFlags.OtherByAlias;
        (command->OtherAliasLo, command->OtherAliasHi) = HashText(tenant, destination);
    }

    /// <summary>True for anything that has an id's prefix (number 0, which nothing has, when it is none of ours); false for an alias.</summary>
    private static bool TryNumber(TenantContext tenant, string name, out ulong number)
    {
        if (tenant.Ids.TryParse(IdKind.Wallet, name, out number)) return true;
        number = 0;
        return name.StartsWith(PublicIds.PrefixOf(IdKind.Wallet), StringComparison.Ordinal);
    }

    private static void SetAmounts(Command* command, OperationRequest request, in RequestUnits units)
    {
        if (request.Amount.IsGiven)
        {
            command->Amount = units.Amount;
            command->Flags |= CommandFlags.HasAmount;
        }

        if (request.Kind != CommandKind.SetBounds) return;
        command->Flags |= (request.Floor.IsGiven ? CommandFlags.HasFloor : 0) | (request.Ceiling.IsGiven ? CommandFlags.HasCeiling : 0);
        command->Amount = units.Floor;
        command->Ceiling = units.Ceiling;
    }

    private static void SetSwitches(Command* command, OperationRequest request)
    {
        if (request.Pooled) command->Flags |= CommandFlags.Pooled;
        if (request.Activate) command->Flags |= CommandFlags.Activate;
        if (request.KeepRest) command->Flags |= CommandFlags.KeepRest;
        if (request.OwnTerms) command->Flags |= CommandFlags.HasTerms;
        if (request.CloseKey) command->Flags |= CommandFlags.CloseKey;
        if (request.Kind == CommandKind.SetWalletStatus) command->Subject = (ulong)request.Action;
        if (request.Kind == CommandKind.CreateAsset) command->Subject = (ulong)(uint)request.Scale;
        if (request.Kind == CommandKind.CreateCredit && (request.ExpiresAt != 0 || request.Attributes != null || request.Restrictions != null || request.Policy != null)) command->Flags |= CommandFlags.HasTerms;
    }

    private static void SetListing(Command* command, OperationRequest request)
    {
        if (request.Kind is CommandKind.ListWallets or CommandKind.ListAssets)
        {
            command->Wallet = request.Cursor;
            command->Subject = (ulong)request.Rows;
            if (request.IncludeSystem) command->Flags |= CommandFlags.IncludeSystem;
        }
        else if (request.Kind == CommandKind.ReadLots)
        {
            command->Other = request.Cursor;
        }
    }

    /// <summary>What the command was made from: the ledger refuses it as outdated when that has changed.</summary>
    private static void SetUpdate(Command* command, OperationRequest request, in RequestUnits units)
    {
        if (request.Kind is CommandKind.CreateCredit or CommandKind.SetBounds && units.Scale is { } scale) command->OtherAliasLo = (ulong)scale + 1;
        if (request.Kind == CommandKind.UpdateAsset && request.ScaleIsGiven) (command->Flags, command->Amount) = (command->Flags | CommandFlags.HasAmount, request.Scale);
        if (request.Update is not { } update) return;
        if (request.Kind == CommandKind.UpdateLot) (command->Flags, command->Amount) = (command->Flags | CommandFlags.HasAmount, update.MadeFrom);
        else (command->Flags, command->Subject) = (command->Flags | CommandFlags.HasTexts, update.MadeFrom);
    }

    private static void SetPolicies(Command* command, TenantContext tenant, OperationRequest request, ShardCall call)
    {
        var policy = request.Policy is { } id ? PolicyIds.NumberOf(tenant, id) : 0;
        if (request.Kind == CommandKind.CreateCredit) command->Other = policy;
        if (request.Kind is CommandKind.PutPolicy or CommandKind.SetPolicyStatus or CommandKind.ReadPolicy or CommandKind.ListPolicyVersions) command->Subject = policy;
        if (request.Kind == CommandKind.SetPolicyStatus) command->Other = (ulong)request.PolicyStatus;
        if (request.Kind is CommandKind.ReadPolicy or CommandKind.ListPolicyVersions or CommandKind.ListPolicies) command->Wallet = request.Cursor;
        if (request.Kind == CommandKind.ListPolicies) command->Subject = (ulong)request.Rows;
        if (request.Kind == CommandKind.EvaluatePolicy) command->Subject = (ulong)request.PolicyOperation;
        if (request.Policies is not { } policies) return;
        var numbers = (ulong*)call.Keep(Math.Max(1, policies.Count) * sizeof(ulong));
        for (var i = 0; i < policies.Count; i++) numbers[i] = PolicyIds.NumberOf(tenant, policies[i]);
        command->Arguments = numbers;
        command->ArgumentCount = policies.Count;
    }

    private static void WriteTexts(Command* command, TenantContext tenant, OperationRequest request, ShardCall call)
    {
        if (request.Kind is CommandKind.SetBounds or CommandKind.KeyStatus) return; // the inline room holds the ceiling
        var isLong = request.PolicySource != null || request.AttributeValues != null || request.RestrictionProgram != null;
        var scratch = (isLong ? new byte[LongTextBytesMax] : _scratch ??= new byte[TextBytesMax]).AsSpan();
        var cipher = tenant.Texts;
        var rest = scratch[TextSeal.RoomOf(cipher)..];
        Text(ref rest, ExtraTag.Reference, request.Reference);
        Text(ref rest, ExtraTag.ExternalId, request.ExternalId);
        if (request.Kind.IsUpdate()) WriteUpdate(ref rest, request);
        else Text(ref rest, ExtraTag.Name, request.Name);
        Text(ref rest, ExtraTag.HolderId, request.HolderId);
        Text(ref rest, ExtraTag.Intent, request.Intent);
        Text(ref rest, ExtraTag.Reason, request.Reason);
        if (request.Metadata != null && !request.Kind.IsUpdate()) rest = Extras.Write(rest, ExtraTag.Metadata, request.Metadata);
        if ((request.Update?.Json ?? request.Attributes) is { } attributes && !request.Kind.IsUpdate()) rest = Extras.Write(rest, ExtraTag.Attributes, request.Kind == CommandKind.UpdateLot && attributes.Length == 2 ? [] : attributes); // {} takes them away
        if (request.Restrictions != null) rest = Extras.Write(rest, ExtraTag.Restrictions, request.Restrictions);
        if (request.Context != null) rest = Extras.Write(rest, ExtraTag.Context, request.Context);
        if (request.AttributeValues != null) rest = Extras.Write(rest, ExtraTag.AttributeValues, request.AttributeValues);
        if (request.RestrictionProgram != null) rest = Extras.Write(rest, ExtraTag.RestrictionProgram, request.RestrictionProgram);
        if (request is { OwnTerms: true, Policy: { } policy }) rest = Number(rest, ExtraTag.LotPolicy, PolicyIds.NumberOf(tenant, policy));
        if (request.PolicySource != null) rest = Extras.Write(rest, ExtraTag.PolicySource, request.PolicySource);
        if (request.PolicyProgram != null) rest = Extras.Write(rest, ExtraTag.PolicyProgram, request.PolicyProgram);
        var bytes = TextSeal.Seal(cipher, scratch[..^rest.Length]);
        command->ExtrasBytes = bytes.Length;
        if (HasPolicyInput(request))
        {
            WritePolicyInput(command, bytes, request.ContextValues ?? [], call);
            return;
        }

        if (bytes.Length <= Command.InlineBytesMax)
        {
            bytes.CopyTo(new Span<byte>(command->Inline, Command.InlineBytesMax));
            return;
        }

        var native = (byte*)call.Keep(bytes.Length);
        bytes.CopyTo(new Span<byte>(native, bytes.Length));
        command->Extras = native;
    }

    private static void WriteUpdate(ref Span<byte> rest, OperationRequest request)
    {
        if (request.Update?.Name is { } name) rest = Extras.Write(rest, ExtraTag.Name, name);
        if (request.Update?.Json is { } metadata) rest = Extras.Write(rest, ExtraTag.Metadata, metadata);
    }

    private static bool HasPolicyInput(OperationRequest request) => (request.Intent != null || request.ContextValues != null)
        && (request.Kind is CommandKind.CreateCredit or CommandKind.CreateTransfer or CommandKind.CreateDebit or CommandKind.CreateReservation or CommandKind.CommitReservation or CommandKind.IncrementReservation
            or CommandKind.EvaluatePolicy);

    /// <summary>The context's values lie behind the texts, where no fact copies them.</summary>
    private static void WritePolicyInput(Command* command, ReadOnlySpan<byte> texts, byte[] values, ShardCall call)
    {
        var place = (texts.Length + 7) & ~7;
        var native = (byte*)call.Keep(place + 8 + values.Length);
        texts.CopyTo(new Span<byte>(native, texts.Length));
        *(long*)(native + place) = values.Length;
        values.CopyTo(new Span<byte>(native + place + 8, values.Length));
        command->Extras = native;
        command->Flags |= CommandFlags.HasPolicyInput;
    }

    private static Span<byte> Number(Span<byte> rest, ExtraTag tag, ulong number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, number);
        return Extras.Write(rest, tag, bytes);
    }

    private static void Text(ref Span<byte> rest, ExtraTag tag, string? text)
    {
        if (text == null) return;
        Span<byte> bytes = stackalloc byte[RequestLimits.TextMax * 4];
        rest = Extras.Write(rest, tag, bytes[..Encoding.UTF8.GetBytes(text, bytes)]);
    }
}
