using System.Diagnostics;
using System.Runtime.InteropServices;
using PhoenixCore.Bench.Load.Results;

namespace PhoenixCore.Bench.Load.Core;

/// <summary>What the disk does without a ledger, in the same run.</summary>
public static unsafe class DiskControl
{
    private const int ReadWriteCreateTruncate = 0x2 | 0x40 | 0x200;
    private const int Direct = 0x4000;
    private const int OwnerOnly = 0x180;
    private const int DontNeed = 4;
    private const int Mebibyte = 1 << 20;

    /// <summary>Median of overwriting one 4 KiB page of a written file and syncing it, microseconds.</summary>
    public static double SyncMicroseconds(string directory)
    {
        var path = Path.Combine(directory, "control-" + Guid.NewGuid().ToString("N")[..8]);
        var page = (byte*)NativeMemory.AlignedAlloc(Mebibyte, 4096);
        NativeMemory.Fill(page, Mebibyte, 1);
        var fd = open(path, ReadWriteCreateTruncate, OwnerOnly);
        for (var i = 0; i < 4; i++) Must(pwrite(fd, page, Mebibyte, (long)i * Mebibyte) == Mebibyte);
        Must(fsync(fd) == 0);
        var times = new List<double>();
        for (var i = 0; i < 400; i++)
        {
            var start = Stopwatch.GetTimestamp();
            Must(pwrite(fd, page, 4096, (long)i * 4096) == 4096);
            Must(fdatasync(fd) == 0);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        End(fd, path, page);
        return ResultTable.Median(times);
    }

    public static double DirectBytesPerSecond(string directory, int mebibytes)
    {
        var path = Path.Combine(directory, "control-" + Guid.NewGuid().ToString("N")[..8]);
        var block = (byte*)NativeMemory.AlignedAlloc(Mebibyte, 4096);
        NativeMemory.Fill(block, Mebibyte, 1);
        var fd = open(path, ReadWriteCreateTruncate | Direct, OwnerOnly);
        if (fd < 0) fd = open(path, ReadWriteCreateTruncate, OwnerOnly); // a file system without direct writes
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < mebibytes; i++) Must(pwrite(fd, block, Mebibyte, (long)i * Mebibyte) == Mebibyte);
        Must(fdatasync(fd) == 0);
        var rate = (double)mebibytes * Mebibyte / watch.Elapsed.TotalSeconds;
        End(fd, path, block);
        return rate;
    }

    /// <summary>Reads the directory's largest files after dropping them from the cache.</summary>
    public static double ColdReadBytesPerSecond(string directory)
    {
        var block = (byte*)NativeMemory.AlignedAlloc(4 * Mebibyte, 4096);
        long bytes = 0;
        var watch = new Stopwatch();
        foreach (var file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories).OrderByDescending(f => new FileInfo(f).Length).Take(12))
        {
            var fd = open(file, 0, 0);
            _ = posix_fadvise(fd, 0, 0, DontNeed);
            watch.Start();
            for (long at = 0, read; (read = pread(fd, block, 4 * Mebibyte, at)) > 0; at += read) bytes += read;
            watch.Stop();
            _ = close(fd);
        }

        NativeMemory.AlignedFree(block);
        return bytes / watch.Elapsed.TotalSeconds;
    }

    private static void End(int fd, string path, byte* memory)
    {
        _ = close(fd);
        File.Delete(path);
        NativeMemory.AlignedFree(memory);
    }

    private static void Must(bool condition)
    {
        if (!condition) throw new IOException($"errno {Marshal.GetLastPInvokeError()}");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPStr)] string path, int flags, int mode);

    [DllImport("libc")]
    private static extern int close(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern long pwrite(int fd, void* bytes, nuint count, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern long pread(int fd, void* bytes, nuint count, long offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int fsync(int fd);

    [DllImport("libc", SetLastError = true)]
    private static extern int fdatasync(int fd);

    [DllImport("libc")]
    private static extern int posix_fadvise(int fd, long offset, long length, int advice);
}
