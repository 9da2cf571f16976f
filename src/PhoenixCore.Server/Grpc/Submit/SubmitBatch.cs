using System.Buffers;
using System.Runtime.InteropServices;
using PhoenixCore.Ledger;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Edge;
using PhoenixCore.Shard;
using PhoenixCore.Shard.Calls;

namespace PhoenixCore.Server.Grpc.Submit;

/// <summary>One message of a Submit stream on its way: its commands, their texts and their answers. Native memory, reused; one user at a time.</summary>
internal sealed unsafe class SubmitBatch : IDisposable
{
    public const int OperationsMax = 8_190;

    /// <summary>A message is 1 MiB at most, and each of its texts gets a header and what its cipher needs.</summary>
    private const int TextsMax = (1 << 20) + (OperationsMax * (8 + TextCipher.RoomBytes));

    private readonly ShardBatch _envelope;
    private byte* _texts;
    private int _textsUsed;

    public SubmitBatch(LedgerShard shard)
    {
        Operations = new ShardBatch(shard, OperationsMax);
        _envelope = new ShardBatch(shard, 1);
    }

    /// <summary>The operations; of an atomic batch they are only the arguments of <see cref="Whole"/>.</summary>
    public ShardBatch Operations { get; }

    /// <summary>The command of an atomic batch.</summary>
    public ShardBatch Whole => _envelope;

    /// <summary>What goes to the shard.</summary>
    public ShardBatch Sent => IsAtomic ? _envelope : Operations;

    public bool IsAtomic { get; set; }

    public bool WantIds { get; set; }

    /// <summary>Unix nanoseconds; 0 = none.</summary>
    public long Deadline { get; set; }

    /// <summary>Who holds places for the operations; null = nobody.</summary>
    public Caller? Entered { get; set; }

    /// <summary>For fingerprints.</summary>
    public byte[] Scratch { get; } = new byte[RawCommands.ScratchBytes];

    /// <summary>For facts that are read back.</summary>
    public ArrayBufferWriter<byte> Fact { get; } = new(512);

    /// <summary>Memory for a text; it stays until the batch is cleared.</summary>
    public byte* KeepText(int bytes)
    {
        if (_texts == null) _texts = (byte*)NativeMemory.Alloc(TextsMax);
        var place = _texts + _textsUsed;
        _textsUsed += bytes;
        return place;
    }

    /// <summary>Makes the one command that stands for all operations.</summary>
    public void Wrap(TenantContext tenant, ReadOnlySpan<byte> key)
    {
        var command = _envelope.Add();
        command->Kind = CommandKind.AtomicBatch;
        command->Tenant = tenant.Number;
        command->Arguments = Operations[0];
        command->ArgumentCount = Operations.Count;
        if (!key.IsEmpty) RawCommands.SetKey(command, tenant, key, WholeFingerprint(tenant));
    }

    public void SetDeadline()
    {
        var sent = Sent;
        for (var i = 0; i < sent.Count; i++) sent[i]->Deadline = Deadline;
    }

    /// <summary>Gives the places back, when there are any.</summary>
    public void Leave()
    {
        if (Entered is { } caller) Gate.Leave(caller, Operations.Count);
        Entered = null;
    }

    /// <summary>For the next message. Every answer of this one has come, or nothing was sent.</summary>
    public void Clear()
    {
        Operations.Clear();
        _envelope.Clear();
        _textsUsed = 0;
        (IsAtomic, WantIds, Deadline) = (false, false, 0);
    }

    public void Dispose()
    {
        Operations.Dispose();
        _envelope.Dispose();
        NativeMemory.Free(_texts);
        _texts = null;
    }

    /// <summary>As of the same batch in a request object: its own fields, then the fingerprint of each operation.</summary>
    private ulong WholeFingerprint(TenantContext tenant)
    {
        var writer = new FingerprintWriter(Scratch, tenant.FingerprintKey);
        writer.Add(new RawOperation { Kind = CommandKind.AtomicBatch, Parts = Operations.Count });
        for (var i = 0; i < Operations.Count; i++) writer.AddHash(Operations[i]->Fingerprint);
        return writer.Hash();
    }
}
