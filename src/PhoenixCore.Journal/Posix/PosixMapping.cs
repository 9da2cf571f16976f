using System.Runtime.InteropServices;

namespace PhoenixCore.Journal.Posix;

/// <summary>A shared mapping; left out of core dumps, since it holds balances.</summary>
internal sealed unsafe class PosixMapping : IJournalMapping
{
    private readonly string _name;
    private byte* _address;

    public PosixMapping(string name, byte* address, long length, bool writable)
    {
        _name = name;
        _address = address;
        Length = length;
        _ = Libc.Madvise(address, (nuint)length, Libc.MadvDontDump);
        // Faults taken here are faults that the commit path does not take. Advice only: an older kernel refuses it.
        if (writable)
            _ = Libc.Madvise(address, (nuint)length, Libc.MadvPopulateWrite);
    }

    public byte* Address => _address;

    public long Length { get; }

    public void Write(long offset, byte* source, int bytes)
    {
        Invariant.That(offset >= 0 && offset + bytes <= Length);
        _ = Libc.Memcpy(_address + offset, source, (nuint)bytes);
    }

    public void Sync(long offset, int bytes)
    {
        Invariant.That(offset >= 0 && offset + bytes <= Length);
        if (Libc.Msync(_address + offset, (nuint)bytes, Libc.MsSync) != 0)
            throw new JournalIoException("msync", _name, offset, Marshal.GetLastPInvokeError());
    }

    public void Dispose()
    {
        var mapped = (nint)_address;
        _address = null;
        if (mapped != 0)
            _ = Libc.Munmap((void*)mapped, (nuint)Length);
    }
}
