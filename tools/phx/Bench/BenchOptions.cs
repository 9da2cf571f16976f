using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Bench;

/// <summary>A quick load on this machine's disk.</summary>
/// <param name="Directory">A directory of its own is made in it and removed afterwards.</param>
/// <param name="Senders">Batches in flight.</param>
/// <param name="Batch">Transfers in a batch.</param>
internal sealed record BenchOptions(string Directory, double Seconds, WriterKind Writer, int Senders, int Batch, int Wallets);
