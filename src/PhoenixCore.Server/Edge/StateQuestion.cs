using PhoenixCore.Ledger;

namespace PhoenixCore.Server.Edge;

/// <summary>A read of the live state whose answer may be long.</summary>
/// <param name="Kind">One of the reads.</param>
/// <param name="Name">A wallet's id or external id; null = <paramref name="Number"/> counts.</param>
/// <param name="Number">A wallet, or the cursor of a list; of assets: the handle.</param>
/// <param name="Subject">A reservation, the rows wanted, or ReadLots: the handle of the lot <paramref name="After"/>, if known.</param>
/// <param name="After">ReadLots: the last lot of the page before.</param>
/// <param name="Asset">Code; 0 = not given.</param>
/// <param name="Flags">Of the command.</param>
/// <param name="Room">Bytes that the rows may have.</param>
internal readonly record struct StateQuestion(
    CommandKind Kind, string? Name = null, ulong Number = 0, ulong Subject = 0, ulong After = 0, UInt128 Asset = default, CommandFlags Flags = CommandFlags.None, int Room = 65_536);
