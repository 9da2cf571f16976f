using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PhoenixCore.Ledger.Ids;

/// <summary>One AES-128 block; with the processor's instructions where they are, some tens of cycles.</summary>
internal sealed class BlockCipher : IDisposable
{
    private readonly Aes? _slow;
    private readonly AesSchedule _schedule;

    public BlockCipher(UInt128 key)
    {
        if (AesSchedule.IsSupported)
        {
            _schedule = new AesSchedule(key);
            return;
        }

        _slow = Aes.Create();
        _slow.Key = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref Unsafe.AsRef(in key), 1)).ToArray();
    }

    public UInt128 Encipher(UInt128 block) => _slow == null ? _schedule.Encipher(block) : Slow(block, encrypt: true);

    public UInt128 Decipher(UInt128 block) => _slow == null ? _schedule.Decipher(block) : Slow(block, encrypt: false);

    public void Dispose() => _slow?.Dispose();

    private UInt128 Slow(UInt128 block, bool encrypt)
    {
        UInt128 result = 0;
        var from = MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref block, 1));
        var to = MemoryMarshal.AsBytes(MemoryMarshal.CreateSpan(ref result, 1));
        if (encrypt) _slow!.EncryptEcb(from, to, PaddingMode.None);
        else _slow!.DecryptEcb(from, to, PaddingMode.None);
        return result;
    }
}
