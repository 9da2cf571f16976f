using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Decisions;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Tenants;

/// <summary>Tenants as the ledger has them: reads them and writes what operators do to them. Any thread.</summary>
/// <param name="keys">Used at the start, and by one administrative action at a time.</param>
internal sealed class TenantBooks(LedgerShard shard, RateLimits limits, TextKeyStore keys)
{
    private const int KeyBytes = 32;
    private const int TextBytesMax = 4_096;

    /// <summary>Null when there is none of this number. Its facts are readable from now on; of an erased one, never again.</summary>
    /// <exception cref="InvalidDataException">The key of its texts is not there, or cannot be opened.</exception>
    public async Task<TenantContext?> ReadAsync(uint number)
    {
        var call = shard.Rent();
        try
        {
            FillRead(call, number);
            await shard.SendAsync(call, CancellationToken.None).ConfigureAwait(false);
            if (OutcomeOf(call).Result != LedgerResult.Accepted) return null;
            var view = MemoryMarshal.Read<TenantView>(call.Answered);
            var (name, stamp) = FindText(view.CreatedSequence, ExtraTag.Name);
            var isErased = (view.Flags & AdminActedBody.Erased) != 0;
            if (!isErased && number != TenantRegistry.DefaultNumber && keys.IsDestroyed(number))
            {
                await EraseAgainAsync(number).ConfigureAwait(false);
                return await ReadAsync(number).ConfigureAwait(false);
            }

            var hasOwn = (view.Flags & TenantCreatedBody.OwnTextKey) != 0;
            var tenant = new TenantContext(number, name ?? TenantRegistry.DefaultName, view.IdKey, view.HashKey, new TenantLoad(limits.OfTenant()))
            {
                CreatedAt = stamp,
                IsSuspended = (view.Flags & AdminActedBody.Suspended) != 0,
                Texts = isErased ? null : KeyOf(number, hasOwn),
                HasOwnHashes = hasOwn,
            };
            shard.Texts.Set(number, tenant.Texts);
            if (isErased) Erase(tenant);
            return tenant;
        }
        finally
        {
            call.Return();
        }
    }

    /// <summary>Takes over whether a known tenant was suspended or erased elsewhere.</summary>
    public async Task RefreshAsync(TenantContext tenant)
    {
        var call = shard.Rent();
        try
        {
            FillRead(call, tenant.Number);
            await shard.SendAsync(call, CancellationToken.None).ConfigureAwait(false);
            if (OutcomeOf(call).Result != LedgerResult.Accepted) return;
            var view = MemoryMarshal.Read<TenantView>(call.Answered);
            tenant.IsSuspended = (view.Flags & AdminActedBody.Suspended) != 0;
            if ((view.Flags & AdminActedBody.Erased) != 0 && !tenant.IsErased) Erase(tenant);
        }
        finally
        {
            call.Return();
        }
    }

    /// <summary>The key of the texts of a tenant that is about to be made; durable on return, since it is used with the first fact.</summary>
    public void MakeKey(uint number) => keys.MakeFirst(number);

    /// <summary>The tenant's texts can never be read again when this returns. Nothing more happens the second time.</summary>
    /// <exception cref="JournalIoException">The key's file may still be there; the next start removes it.</exception>
    public void Erase(TenantContext tenant)
    {
        shard.Texts.Set(tenant.Number, null);
        tenant.Erase();
        keys.Destroy(tenant.Number);
    }

    /// <summary>Returns when the entry is durable.</summary>
    public async Task<AdminOutcome> WriteAsync(AdminEntry entry)
    {
        var call = shard.Rent();
        try
        {
            Fill(call, entry);
            await shard.ExecuteAsync(call, CancellationToken.None).ConfigureAwait(false);
            return OutcomeOf(call);
        }
        finally
        {
            call.Return();
        }
    }

    /// <summary>A text of the first part of a durable fact, and when that was decided.</summary>
    public unsafe (string? Text, long Stamp) FindText(ulong sequence, ExtraTag tag)
    {
        var fact = new ArrayBufferWriter<byte>(256);
        if (!shard.Facts.TryRead(sequence, fact, out var context)) throw new InvariantBrokenException("a tenant's fact is not in the journal");
        fixed (byte* payload = fact.WrittenSpan)
        {
            return (Extras.TryFind(new FactParts(payload).First.Extras, tag, out var text) ? Encoding.UTF8.GetString(text) : null, context.Stamp);
        }
    }

    /// <summary>Number of the tenant whose creation stands at that sequence.</summary>
    public unsafe uint NumberAt(ulong sequence)
    {
        var fact = new ArrayBufferWriter<byte>(256);
        if (!shard.Facts.TryRead(sequence, fact, out var context)) throw new InvariantBrokenException("a tenant's fact is not in the journal");
        return context.Tenant;
    }

    /// <summary>The journal is older than the erasure: a backup that was brought back. What was promised then still holds.</summary>
    private async Task EraseAgainAsync(uint number)
    {
        foreach (var action in new[] { AdminAction.TenantSuspended, AdminAction.TenantErased })
        {
            var outcome = await WriteAsync(new AdminEntry(number, action, "server", "the journal is older than the tenant's erasure", Key: null, Fingerprint: 0)).ConfigureAwait(false);
            if (outcome.Result != LedgerResult.Accepted) throw new InvalidOperationException($"tenant {number} could not be erased again: {outcome.Result}");
        }
    }

    /// <summary>A tenant that is older than text keys gets one; what it wrote before stays plain.</summary>
    private TextCipher KeyOf(uint number, bool hasOwn) => keys.Find(number)
        ?? (hasOwn ? throw new InvalidDataException($"the key of the texts of tenant {number} is missing: bring {TextKeyStore.Directory} and secrets.key back from a backup") : keys.Make(number));

    private static unsafe AdminOutcome OutcomeOf(ShardCall call) => new(call.Reply->Result, call.Reply->Sequence, call.Reply->Kind == OutcomeKind.Duplicate);

    private static unsafe void FillRead(ShardCall call, uint number)
    {
        call.Command->Kind = CommandKind.ReadTenant;
        call.Command->Tenant = number;
    }

    private static unsafe void Fill(ShardCall call, AdminEntry entry)
    {
        var command = call.Command;
        command->Tenant = entry.Tenant;
        command->Kind = entry.Action == AdminAction.None ? CommandKind.CreateTenant : CommandKind.RecordAdminAction;
        command->Subject = (ulong)entry.Action;
        if (entry.Action == AdminAction.None)
        {
            command->Flags |= CommandFlags.WithHouse | CommandFlags.HasTexts;
            command->Arguments = call.Keep(KeyBytes);
            command->ArgumentCount = 2;
            RandomNumberGenerator.Fill(new Span<byte>(command->Arguments, KeyBytes));
        }

        if (entry.Key is { } key)
        {
            command->Flags |= CommandFlags.HasKey;
            (command->KeyLo, command->KeyHi) = key;
            command->Fingerprint = entry.Fingerprint;
        }

        command->Extras = (byte*)call.Keep(TextBytesMax);
        var room = new Span<byte>(command->Extras, TextBytesMax);
        var left = room[TextSeal.RoomOf(entry.Texts)..];
        foreach (var (tag, text) in new[] { (ExtraTag.Name, entry.Name), (ExtraTag.Reference, entry.Reference), (ExtraTag.Actor, entry.Actor), (ExtraTag.Reason, entry.Reason) })
        {
            if (text != null) left = Extras.Write(left, tag, Encoding.UTF8.GetBytes(text));
        }

        var texts = TextSeal.Seal(entry.Texts, room[..^left.Length]);
        command->Extras += room.Length - left.Length - texts.Length;
        command->ExtrasBytes = texts.Length;
    }
}
