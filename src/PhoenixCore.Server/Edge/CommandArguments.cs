using PhoenixCore.Ledger;
using PhoenixCore.Ledger.History;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Edge;

/// <summary>The long parts of a command: named lots, legs, operations of a batch.</summary>
internal static unsafe class CommandArguments
{
    private const int ScratchBytes = 16_384;

    public static void* OfLots(TenantContext tenant, IReadOnlyList<string> lots, ShardCall call)
    {
        var numbers = (ulong*)call.Keep(lots.Count * sizeof(ulong));
        for (var i = 0; i < lots.Count; i++) numbers[i] = tenant.Ids.TryParse(IdKind.Lot, lots[i], out var number) ? number : 0;
        return numbers;
    }

    public static void* OfSlices(Original original, ShardCall call)
    {
        var slices = (byte*)call.Keep(original.ArgumentBytes);
        original.WriteTo(slices);
        return slices;
    }

    public static void* OfParts(TenantContext tenant, IReadOnlyList<OperationRequest> parts, RequestUnits[] units, ShardCall call)
    {
        var commands = (Command*)call.Keep(parts.Count * Command.SizeBytes);
        for (var i = 0; i < parts.Count; i++)
        {
            commands[i] = default;
            CommandBuilder.Fill(commands + i, tenant, parts[i], units[i], call);
            if (parts[i].Lots is not { } lots) continue;
            commands[i].Arguments = OfLots(tenant, lots, call);
            commands[i].ArgumentCount = lots.Count;
        }

        return commands;
    }

    public static ulong FingerprintOf(TenantContext tenant, OperationRequest request, in RequestUnits units, RequestUnits[] parts)
    {
        Span<byte> scratch = stackalloc byte[ScratchBytes];
        var writer = new FingerprintWriter(scratch, tenant.FingerprintKey);
        writer.Add(request, units);
        for (var i = 0; i < parts.Length; i++) writer.AddHash(CommandBuilder.Fingerprint(request.Parts![i], parts[i], tenant.FingerprintKey));
        return writer.Hash();
    }
}
