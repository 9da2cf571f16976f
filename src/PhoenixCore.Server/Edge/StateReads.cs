using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>Reads the live state and durable facts for whoever renders them. Any thread.</summary>
internal sealed class StateReads(LedgerShard shard)
{
    /// <returns>The result and the rows.</returns>
    public async ValueTask<(LedgerResult Result, byte[] Rows)> AskAsync(TenantContext tenant, StateQuestion question, CancellationToken ct)
    {
        var (result, rows, _, _) = await AskWhenAsync(tenant, question, ct).ConfigureAwait(false);
        return (result, rows);
    }

    /// <returns>The result, the rows, and what they were read behind: the last fact, and the ledger's time, which no later fact falls below.</returns>
    public async ValueTask<(LedgerResult Result, byte[] Rows, ulong Sequence, long Stamp)> AskWhenAsync(TenantContext tenant, StateQuestion question, CancellationToken ct)
    {
        var call = shard.Rent();
        Fill(call, tenant, question);
        await shard.SendAsync(call, ct).ConfigureAwait(false);
        var answer = Take(call, question.Room);
        call.Return();
        return answer;
    }

    /// <summary>Sequence of the fact that last changed a lot's terms; 0 = none did.</summary>
    public async ValueTask<ulong> LastLotChangeAsync(TenantContext tenant, ulong lot, CancellationToken ct)
    {
        var (_, rows) = await AskAsync(tenant, new StateQuestion(CommandKind.ReadLotChange, Subject: lot, Room: 64), ct).ConfigureAwait(false);
        return MemoryMarshal.Read<LotChangeView>(rows).Sequence;
    }

    /// <summary>A durable fact; null when there is none of this tenant.</summary>
    public (byte[] Payload, FactContext Context)? FindFact(TenantContext tenant, ulong sequence)
    {
        var payload = new ArrayBufferWriter<byte>(512);
        return shard.Facts.TryRead(sequence, payload, out var context) && context.Tenant == tenant.Number ? (payload.WrittenSpan.ToArray(), context) : null;
    }

    /// <summary>A wallet's texts: what it was created with (of one that came with the tenant only its external id), behind name and metadata as they are now.</summary>
    /// <param name="sequence">The fact that holds name and metadata.</param>
    public byte[] TextsOfWallet(TenantContext tenant, ulong sequence, ulong number)
    {
        var made = TextsOfNewWallet(tenant, Numbers.SequenceOf(number), number);
        return sequence == Numbers.SequenceOf(number) ? made : [.. UpdatedTexts(tenant, sequence), .. Extras.Without(made, ExtraTag.Name, ExtraTag.Metadata)];
    }

    private unsafe byte[] TextsOfNewWallet(TenantContext tenant, ulong sequence, ulong number)
    {
        if (FindFact(tenant, sequence) is not { } fact) return [];
        fixed (byte* payload = fact.Payload)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.WalletCreated && part.Body<WalletCreatedBody>().Number == number) return part.Extras.ToArray();
                if (part.Kind != PartKind.TenantCreated) continue;
                var name = Encoding.UTF8.GetBytes(TenantNames.Wallets[Numbers.OrdinalOf(number) - 1]);
                var extras = new byte[Extras.ItemHeaderBytes + name.Length];
                Extras.Write(extras, ExtraTag.ExternalId, name);
                return extras;
            }
        }

        return [];
    }

    /// <summary>An update stands alone in its fact.</summary>
    private unsafe byte[] UpdatedTexts(TenantContext tenant, ulong sequence)
    {
        if (FindFact(tenant, sequence) is not { } fact) return [];
        fixed (byte* payload = fact.Payload) return new FactParts(payload).First.Extras.ToArray();
    }

    /// <summary>An asset's name and metadata; none when it came by itself and was never given any.</summary>
    public unsafe byte[] TextsOfAsset(TenantContext tenant, ulong sequence, UInt128 code)
    {
        if (FindFact(tenant, sequence) is not { } fact) return [];
        fixed (byte* payload = fact.Payload)
        {
            foreach (var part in new FactParts(payload))
            {
                if (part.Kind == PartKind.AssetCreated && part.Body<AssetCreatedBody>().Code == code) return part.Extras.ToArray();
                if (part.Kind == PartKind.AssetUpdated && part.Body<AssetUpdatedBody>().Code == code) return part.Extras.ToArray();
            }
        }

        return [];
    }

    private static unsafe void Fill(ShardCall call, TenantContext tenant, in StateQuestion question)
    {
        var command = call.Command;
        command->Kind = question.Kind;
        command->Tenant = tenant.Number;
        command->Flags = question.Flags;
        command->Wallet = question.Number;
        command->Subject = question.Subject;
        command->Other = question.After;
        command->AssetCode = question.Asset;
        if (question.Name is { } name) NameWallet(command, tenant, name);

        // Rows may need more than a call's own room: they get a block of their own, which lives as long as the call.
        var block = (ReplyBlock*)call.Keep(ReplyBlock.SizeBytes + question.Room);
        *block = new ReplyBlock { Waiter = call.Reply->Waiter, Room = question.Room };
        command->Reply = block;
    }

    private static unsafe void NameWallet(Command* command, TenantContext tenant, string name)
    {
        if (tenant.Ids.TryParse(IdKind.Wallet, name, out command->Wallet)) return;
        command->Wallet = 0;
        if (name.StartsWith(PublicIds.PrefixOf(IdKind.Wallet), StringComparison.Ordinal)) return;
        command->Flags |= CommandFlags.WalletByAlias;
        (command->WalletAliasLo, command->WalletAliasHi) = CommandBuilder.HashText(tenant, name);
    }

    private static unsafe (LedgerResult Result, byte[] Rows, ulong Sequence, long Stamp) Take(ShardCall call, int room)
    {
        var block = (ReplyBlock*)call.Command->Reply;
        var rows = new ReadOnlySpan<byte>((byte*)block + ReplyBlock.SizeBytes, Math.Clamp(block->Bytes, 0, room)).ToArray();
        return (block->Result, rows, block->Sequence, block->Stamp);
    }
}
