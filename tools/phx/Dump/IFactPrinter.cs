using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Dump;

/// <summary>Writes a fact for an operator.</summary>
internal unsafe interface IFactPrinter
{
    /// <param name="payload">The fact behind the record's header, already learned by the names.</param>
    void Print(in RecordHeader header, byte* payload);
}
