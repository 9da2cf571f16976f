using System.Globalization;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;

namespace PhoenixCore.Faults.Driver;

/// <summary>One command of the load. Round, client and number together are its idempotency key; wallets are named by their place in the load.</summary>
/// <param name="Subject">The reservation to commit or release; 0 otherwise.</param>
/// <param name="ExpiresAt">Of a reservation, unix nanoseconds; 0 otherwise.</param>
public readonly record struct Operation(int Round, int Client, int Number, OperationKind Kind, int Wallet, int Other, long Amount, ulong Subject, long ExpiresAt)
{
    public const uint Tenant = 1;
    private const ulong AliasSpace = 77;
    public static readonly UInt128 Asset = AssetCode.Pack("USD"u8);

    /// <summary>The key's hash as the journal holds it.</summary>
    public UInt128 Key => new(Mix.Of(Name, 1), Mix.Of(Name));

    private ulong Name => ((ulong)(Round + 1) << 40) | ((ulong)Client << 24) | (uint)Number;

    /// <summary>Names a wallet of the load by its external id.</summary>
    public static (ulong Lo, ulong Hi) Alias(int wallet) => ((ulong)wallet + 1, AliasSpace);

    public unsafe void Fill(Command* command)
    {
        command->Tenant = Tenant;
        command->Kind = Kind switch
        {
            OperationKind.Credit => CommandKind.CreateCredit,
            OperationKind.Transfer => CommandKind.CreateTransfer,
            OperationKind.Reserve => CommandKind.CreateReservation,
            OperationKind.Commit => CommandKind.CommitReservation,
            OperationKind.Release => CommandKind.ReleaseReservation,
        };
        command->Flags = CommandFlags.HasKey;
        (command->KeyHi, command->KeyLo) = ((ulong)(Key >> 64), (ulong)Key);
        command->Fingerprint = Mix.Of((ulong)Kind + ((ulong)Amount << 8), Mix.Of(((ulong)Wallet << 32) + (ulong)Other, Subject));
        command->Amount = Amount;
        command->Subject = Subject;
        command->ExpiresAt = ExpiresAt;
        if (Kind is OperationKind.Commit) command->Flags |= CommandFlags.HasAmount | CommandFlags.HasDestination;
        if (Kind is OperationKind.Credit or OperationKind.Transfer or OperationKind.Reserve)
        {
            command->AssetCode = Asset;
            command->Flags |= CommandFlags.WalletByAlias;
            (command->WalletAliasLo, command->WalletAliasHi) = Alias(Wallet);
        }

        if (Kind is OperationKind.Transfer or OperationKind.Commit)
        {
            command->Flags |= CommandFlags.OtherByAlias;
            (command->OtherAliasLo, command->OtherAliasHi) = Alias(Other);
        }
    }

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"> {Round} {Client} {Number} {(int)Kind} {Wallet} {Other} {Amount} {Subject} {ExpiresAt}\n");

    /// <param name="fields">Of a line that <see cref="ToLine"/> made, split at its spaces.</param>
    public static Operation Parse(string[] fields)
    {
        var c = CultureInfo.InvariantCulture;
        return new(int.Parse(fields[1], c), int.Parse(fields[2], c), int.Parse(fields[3], c), (OperationKind)int.Parse(fields[4], c), int.Parse(fields[5], c), int.Parse(fields[6], c),
            long.Parse(fields[7], c), ulong.Parse(fields[8], c), long.Parse(fields[9], c));
    }
}
