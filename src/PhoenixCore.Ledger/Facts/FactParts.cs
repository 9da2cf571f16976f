namespace PhoenixCore.Ledger.Facts;

/// <summary>Walks the parts of a fact, for whoever reads history: edges, indexes, tools.</summary>
/// <remarks>The payload must come from the ledger or from a verified record.</remarks>
public readonly unsafe ref struct FactParts(byte* payload)
{
    public FactHeader* Header => (FactHeader*)payload;

    public Enumerator GetEnumerator() => new(payload);

    /// <summary>The first part; every fact has one.</summary>
    public FactPart First => new((PartHeader*)(payload + FactHeader.SizeBytes));

    public ref struct Enumerator
    {
        private PartHeader* _next;
        private int _left;

        public Enumerator(byte* payload)
        {
            _next = (PartHeader*)(payload + FactHeader.SizeBytes);
            _left = ((FactHeader*)payload)->Parts;
        }

        public FactPart Current { get; private set; }

        public bool MoveNext()
        {
            if (_left == 0) return false;
            Current = new FactPart(_next);
            _next = (PartHeader*)((byte*)_next + _next->Length);
            _left--;
            return true;
        }
    }
}
