using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Aes = System.Runtime.Intrinsics.X86.Aes;
using Sse2 = System.Runtime.Intrinsics.X86.Sse2;

namespace PhoenixCore.Ledger.Ids;

/// <summary>AES-128 round keys for the processor's AES instructions (FIPS 197).</summary>
internal readonly struct AesSchedule
{
    private const int Rounds = 10;

    private readonly Vector128<byte>[] _forward;
    private readonly Vector128<byte>[] _backward;

    public AesSchedule(UInt128 key)
    {
        _forward = new Vector128<byte>[Rounds + 1];
        _backward = new Vector128<byte>[Rounds + 1];
        _forward[0] = Unsafe.BitCast<UInt128, Vector128<byte>>(key);
        _forward[1] = Next(_forward[0], Aes.KeygenAssist(_forward[0], 0x01));
        _forward[2] = Next(_forward[1], Aes.KeygenAssist(_forward[1], 0x02));
        _forward[3] = Next(_forward[2], Aes.KeygenAssist(_forward[2], 0x04));
        _forward[4] = Next(_forward[3], Aes.KeygenAssist(_forward[3], 0x08));
        _forward[5] = Next(_forward[4], Aes.KeygenAssist(_forward[4], 0x10));
        _forward[6] = Next(_forward[5], Aes.KeygenAssist(_forward[5], 0x20));
        _forward[7] = Next(_forward[6], Aes.KeygenAssist(_forward[6], 0x40));
        _forward[8] = Next(_forward[7], Aes.KeygenAssist(_forward[7], 0x80));
        _forward[9] = Next(_forward[8], Aes.KeygenAssist(_forward[8], 0x1B));
        _forward[10] = Next(_forward[9], Aes.KeygenAssist(_forward[9], 0x36));
        _backward[0] = _forward[Rounds];
        for (var i = 1; i < Rounds; i++) _backward[i] = Aes.InverseMixColumns(_forward[Rounds - i]);
        _backward[Rounds] = _forward[0];
    }

    public static bool IsSupported => Aes.IsSupported;

    public UInt128 Encipher(UInt128 block)
    {
        var keys = _forward;
        var state = Unsafe.BitCast<UInt128, Vector128<byte>>(block) ^ keys[0];
        for (var i = 1; i < Rounds; i++) state = Aes.Encrypt(state, keys[i]);
        return Unsafe.BitCast<Vector128<byte>, UInt128>(Aes.EncryptLast(state, keys[Rounds]));
    }

    public UInt128 Decipher(UInt128 block)
    {
        var keys = _backward;
        var state = Unsafe.BitCast<UInt128, Vector128<byte>>(block) ^ keys[0];
        for (var i = 1; i < Rounds; i++) state = Aes.Decrypt(state, keys[i]);
        return Unsafe.BitCast<Vector128<byte>, UInt128>(Aes.DecryptLast(state, keys[Rounds]));
    }

    private static Vector128<byte> Next(Vector128<byte> key, Vector128<byte> assist)
    {
        var word = Sse2.Shuffle(assist.AsInt32(), 0xFF).AsByte();
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        key ^= Sse2.ShiftLeftLogical128BitLane(key, 4);
        return key ^ word;
    }
}
