using PhoenixCore.Ledger.Facts;

namespace PhoenixCore.Ledger.Tests.Rig;

/// <summary>One appended fact: what a journal record would hold of it.</summary>
public sealed record RecordedFact(byte[] Bytes, FactContext Context);
