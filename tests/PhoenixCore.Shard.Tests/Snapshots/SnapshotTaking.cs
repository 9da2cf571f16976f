using System.Runtime.InteropServices;
using PhoenixCore.Journal;
using PhoenixCore.Journal.Simulation;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Tests.Rig;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Shard.Tests.Snapshots;

/// <summary>A snapshot taken step by step while facts go on being applied, on a disk in memory.</summary>
internal sealed unsafe class SnapshotTaking : IDisposable
{
    public static readonly Guid Shard = new("6f1a3c52-94b1-4f0e-8a37-0c5b2f9d7e11");
    private readonly LedgerCore _ledger;
    private readonly StateImage _image;
    private readonly SnapshotWriter _writer;
    private readonly List<byte[]> _bytes = [];
    private bool _isCopied;

    public SnapshotTaking(SimulatedStorage storage, LedgerCore ledger)
    {
        _ledger = ledger;
        Sequence = ledger.Sequence;
        foreach (var section in ledger.Sections()) _bytes.Add(new ReadOnlySpan<byte>(section.Memory, (int)section.Bytes).ToArray());
        _image = new StateImage(ledger.Sections());
        ledger.Watch(_image);
        _writer = new SnapshotWriter(storage, Shard, _image, Sequence, ledger.Stamp, ledger.RowsMax);
    }

    public ulong Sequence { get; }

    /// <summary>Blocks that were changed before they were written.</summary>
    public long CopiedBytes => _image.CopiedBytes;

    /// <summary>A piece, between two facts.</summary>
    public void Step()
    {
        if (_isCopied || _writer.CopyNext()) return;
        _isCopied = true;
        _ledger.Unwatch();
    }

    public SnapshotInfo Complete(ChainValue chain = default)
    {
        while (!_isCopied) Step();
        while (_writer.ReadBackNext())
        {
            // Piece by piece.
        }

        return _writer.Complete(new JournalPosition(Sequence, chain), epoch: 1);
    }

    /// <summary>The file's tables against the bytes that the state had when the snapshot began.</summary>
    public void CheckBytes(SimulatedStorage storage)
    {
        var file = storage.Raw(SnapshotNames.Of(Sequence));
        fixed (byte* first = file)
        {
            var header = (SnapshotHeader*)first;
            Assert.Equal(_bytes.Count, header->Sections);
            for (var i = 0; i < _bytes.Count; i++)
            {
                var line = SnapshotHeader.Lines(header)[i];
                Assert.True(file.Slice((int)line.Offset, (int)line.Bytes).SequenceEqual(_bytes[i]), $"table {line.Table} of the snapshot at {Sequence}");
            }
        }
    }

    public static LedgerCore Load(SimulatedStorage storage, ulong sequence, int hotKeys = 1 << 10)
    {
        using var reader = SnapshotReader.Open(storage, SnapshotNames.Of(sequence), Shard);
        var ledger = LedgerRig.NewLedger(hotKeys);
        reader.Load(ledger);
        return ledger;
    }

    public void Dispose()
    {
        _writer.Dispose();
        _image.Dispose();
    }
}
