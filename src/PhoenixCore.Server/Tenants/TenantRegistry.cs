using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;
using PhoenixCore.Ledger.Reads;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Tenants;

/// <summary>The tenants of a shard, with the keys of their ids and hashes; the first one is made on the first start.</summary>
public sealed class TenantRegistry
{
    public const uint DefaultNumber = 1;
    public const string DefaultName = "default";
    private const int KeyBytes = 32;

    private TenantRegistry(IReadOnlyDictionary<uint, TenantContext> all) => All = all;

    /// <summary>By number.</summary>
    public IReadOnlyDictionary<uint, TenantContext> All { get; }

    public TenantContext Default => All[DefaultNumber];

    /// <summary>Reads all tenants; a shard without any gets the default one, with its house wallet.</summary>
    public static async Task<TenantRegistry> OpenAsync(LedgerShard shard)
    {
        var tenants = new Dictionary<uint, TenantContext>();
        if (await ReadAsync(shard, DefaultNumber) is null) await CreateAsync(shard, DefaultNumber, DefaultName);
        for (var number = DefaultNumber; await ReadAsync(shard, number) is { } tenant; number++) tenants[number] = tenant;
        return new TenantRegistry(tenants);
    }

    private static async Task<TenantContext?> ReadAsync(LedgerShard shard, uint number)
    {
        var call = shard.Rent();
        try
        {
            FillRead(call, number);
            await shard.SendAsync(call, CancellationToken.None);
            if (ResultOf(call) != LedgerResult.Accepted) return null;
            var view = MemoryMarshal.Read<TenantView>(call.Answered);
            return new TenantContext(number, NameOf(shard, view), view.IdKey, view.HashKey);
        }
        finally
        {
            call.Return();
        }
    }

    private static async Task CreateAsync(LedgerShard shard, uint number, string name)
    {
        var call = shard.Rent();
        try
        {
            FillCreate(call, number, name);
            await shard.SendAsync(call, CancellationToken.None);
            if (ResultOf(call) != LedgerResult.Accepted) throw new InvalidOperationException($"the tenant {name} could not be made: {ResultOf(call)}");
        }
        finally
        {
            call.Return();
        }
    }

    private static unsafe string NameOf(LedgerShard shard, in TenantView view)
    {
        var fact = new ArrayBufferWriter<byte>(256);
        if (!shard.Facts.TryRead(view.CreatedSequence, fact, out _)) throw new InvariantBrokenException("a tenant's fact is not in the journal");
        fixed (byte* payload = fact.WrittenSpan)
        {
            return Extras.TryFind(new FactParts(payload).First.Extras, ExtraTag.Name, out var name) ? Encoding.UTF8.GetString(name) : DefaultName;
        }
    }

    private static unsafe LedgerResult ResultOf(ShardCall call) => call.Reply->Result;

    private static unsafe void FillRead(ShardCall call, uint number)
    {
        call.Command->Kind = CommandKind.ReadTenant;
        call.Command->Tenant = number;
    }

    private static unsafe void FillCreate(ShardCall call, uint number, string name)
    {
        var keys = (byte*)call.Keep(KeyBytes);
        RandomNumberGenerator.Fill(new Span<byte>(keys, KeyBytes));
        call.Command->Kind = CommandKind.CreateTenant;
        call.Command->Tenant = number;
        call.Command->Flags = CommandFlags.WithHouse;
        call.Command->Arguments = keys;
        call.Command->ArgumentCount = 2;
        var inline = new Span<byte>(call.Command->Inline, Command.InlineBytesMax);
        var rest = Extras.Write(inline, ExtraTag.Name, Encoding.UTF8.GetBytes(name));
        call.Command->ExtrasBytes = inline.Length - rest.Length;
    }
}
