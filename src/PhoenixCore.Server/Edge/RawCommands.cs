using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Server.Edge;

/// <summary>Turns <see cref="RawOperation"/>s into commands; <see cref="CommandBuilder"/> for bytes. Allocates nothing.</summary>
internal static unsafe class RawCommands
{
    /// <summary>Room for the fingerprint of any raw operation.</summary>
    public const int ScratchBytes = 8_192;

    /// <summary>Bytes of texts that do not fit into the command itself; 0 = they do.</summary>
    public static int TextBytes(TenantContext tenant, in RawOperation operation)
    {
        var bytes = operation.Reference.IsEmpty ? 0 : TextSeal.RoomOf(tenant.Texts) + Extras.ItemHeaderBytes + operation.Reference.Length;
        return bytes <= Command.InlineBytesMax ? 0 : bytes;
    }

    /// <param name="command">Cleared, but for its reply.</param>
    /// <param name="texts">Where <see cref="TextBytes"/> bytes lie until the answer.</param>
    public static void Fill(Command* command, TenantContext tenant, scoped in RawOperation operation, byte* texts, Span<byte> scratch)
    {
        command->Kind = operation.Kind;
        command->Tenant = tenant.Number;
        command->Strategy = operation.Strategy;
        command->ExpiresAt = operation.ExpiresAt;
        command->Amount = operation.Amount;
        if (operation.HasAmount) command->Flags |= CommandFlags.HasAmount;
        if (operation.Kind == CommandKind.CreateCredit && operation.ExpiresAt != 0) command->Flags |= CommandFlags.HasTerms;
        if (!operation.Asset.IsEmpty) command->AssetCode = AssetCode.IsValid(operation.Asset) ? AssetCode.Pack(operation.Asset) : UInt128.MaxValue;
        if (!operation.Reservation.IsEmpty) command->Subject = tenant.Ids.TryParse(IdKind.Reservation, operation.Reservation, out var number) ? number : 0;
        NameWallets(command, tenant, operation);
        if (!operation.Reference.IsEmpty) WriteReference(command, tenant, operation.Reference, texts);
        if (!operation.Key.IsEmpty) SetKey(command, tenant, operation.Key, Fingerprint(tenant, operation, scratch));
    }

    public static void SetKey(Command* command, TenantContext tenant, ReadOnlySpan<byte> key, ulong fingerprint)
    {
        command->Flags |= CommandFlags.HasKey;
        (command->KeyLo, command->KeyHi) = tenant.Hash(key);
        command->Fingerprint = fingerprint;
    }

    public static ulong Fingerprint(TenantContext tenant, scoped in RawOperation operation, Span<byte> scratch)
    {
        var writer = new FingerprintWriter(scratch, tenant.FingerprintKey);
        writer.Add(operation);
        return writer.Hash();
    }

    private static void NameWallets(Command* command, TenantContext tenant, scoped in RawOperation operation)
    {
        if (!operation.Wallet.IsEmpty && !TryNumber(tenant, operation.Wallet, out command->Wallet))
        {
            command->Flags |= CommandFlags.WalletByAlias;
            (command->WalletAliasLo, command->WalletAliasHi) = tenant.Hash(operation.Wallet);
        }

        if (operation.Destination.IsEmpty) return;
        command->Flags |= CommandFlags.HasDestination;
        if (TryNumber(tenant, operation.Destination, out command->Other)) return;
        command->Flags |= CommandFlags.OtherByAlias;
        (command->OtherAliasLo, command->OtherAliasHi) = tenant.Hash(operation.Destination);
    }

    private static bool TryNumber(TenantContext tenant, ReadOnlySpan<byte> name, out ulong number)
    {
        if (tenant.Ids.TryParse(IdKind.Wallet, name, out number)) return true;
        number = 0;
        return name.StartsWith("wal_"u8);
    }

    private static void WriteReference(Command* command, TenantContext tenant, ReadOnlySpan<byte> reference, byte* texts)
    {
        var cipher = tenant.Texts;
        var room = TextSeal.RoomOf(cipher);
        command->ExtrasBytes = room + Extras.ItemHeaderBytes + reference.Length;
        var isInline = command->ExtrasBytes <= Command.InlineBytesMax;
        if (!isInline) command->Extras = texts;
        var extras = new Span<byte>(isInline ? command->Inline : texts, command->ExtrasBytes);
        Extras.Write(extras[room..], ExtraTag.Reference, reference);
        TextSeal.Seal(cipher, extras);
    }
}
