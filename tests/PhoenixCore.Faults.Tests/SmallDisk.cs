using System.Globalization;

namespace PhoenixCore.Faults.Tests;

/// <summary>A file system of a few mebibytes in memory, with a ballast file to fill it.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int PieceBytes = 1 << 16;

    public SmallDisk(int mebibytes)
    {
        Path = Directory.CreateTempSubdirectory("phoenix-disk-").FullName;
        SystemCommand.Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}M"), "tmpfs", Path);
    }

    /// <summary>Why no file system can be mounted here; null when one can.</summary>
    public static string? Missing { get; } = Try();

    public string Path { get; }

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        for (var piece = PieceBytes; piece >= 512; piece /= 2)
        {
            try
            {
                while (true) file.Write(new byte[piece]);
            }
            catch (IOException)
            {
                // That much is not free any more; perhaps half of it is.
            }
        }
    }

    public void GiveBack() => File.Delete(Ballast);

    public void Dispose()
    {
        SystemCommand.Run("umount", "-l", Path);
        Directory.Delete(Path);
    }

    private static string? Try()
    {
        try
        {
            using var disk = new SmallDisk(1);
            return null;
        }
        catch (Exception e)
        {
            return $"no small file system can be mounted here: {e.Message}";
        }
    }
}
