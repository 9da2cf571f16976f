using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Simulation.Oracle;

/// <summary>What a fact says became of its command.</summary>
internal readonly unsafe struct FactResult
{
    public FactResult(byte[] bytes)
    {
        fixed (byte* payload = bytes)
        {
            var part = new FactParts(payload).First;
            IsClosing = part.Kind == PartKind.KeyClosed;
            Result = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Result : IsClosing ? LedgerResult.IdempotencyKeyClosed : LedgerResult.Accepted;
            RefusedIndex = part.Kind == PartKind.Refused ? part.Body<RefusedBody>().Index : -1;
        }
    }

    public LedgerResult Result { get; }

    public bool IsClosing { get; }

    public int RefusedIndex { get; }
}
