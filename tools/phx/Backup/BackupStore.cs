using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PhoenixCore.Journal;

namespace PhoenixCore.Tools.Backup;

/// <summary>A directory of backups: <c>objects/</c> holds bytes under their SHA-256, <c>manifests/</c> says which belong to which backup.</summary>
/// <remarks>A file counts once it is synced, renamed and its directory is synced; a manifest is written last, so a backup that was broken off is none.</remarks>
internal sealed unsafe class BackupStore
{
    private const string Objects = "objects";
    private const string Manifests = "manifests";
    private const string ManifestEnding = ".json";
    private const string ProofEnding = ".proof";
    private const string Aside = ".new";
    private const int PieceBytes = 1 << 20;
    private static readonly JsonSerializerOptions Style = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly PosixStorage _objects;
    private readonly PosixStorage _manifests;

    private BackupStore(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        _objects = Make(System.IO.Path.Combine(Path, Objects));
        _manifests = Make(System.IO.Path.Combine(Path, Manifests));
    }

    public string Path { get; }

    /// <summary>Bytes that were copied or read; any thread.</summary>
    public long Done => Volatile.Read(ref _done);

    private long _done;

    /// <exception cref="ToolException">There is none, and none is to be made.</exception>
    public static BackupStore Open(string path, bool make)
    {
        if (!make && !Directory.Exists(System.IO.Path.Combine(path, Manifests))) throw new ToolException(ExitCode.NotFound, $"there are no backups in {path}");
        return new BackupStore(path);
    }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<string> Ids() => [.. _manifests.List().Where(name => name.EndsWith(ManifestEnding, StringComparison.Ordinal)).Select(name => name[..^ManifestEnding.Length]).OrderDescending(StringComparer.Ordinal)];

    /// <param name="id">Null = the newest.</param>
    /// <exception cref="ToolException">There is none, or its manifest is damaged.</exception>
    public BackupManifest Read(string? id)
    {
        var name = (id ?? Ids().FirstOrDefault() ?? throw new ToolException(ExitCode.NotFound, $"there are no backups in {Path}")) + ManifestEnding;
        if (!_manifests.List().Contains(name)) throw new ToolException(ExitCode.NotFound, $"there is no backup {id} in {Path}");
        var text = Encoding.UTF8.GetString(ReadAll(_manifests, name));
        var line = text.IndexOf('\n', StringComparison.Ordinal);
        if (line < 0 || text[..line] != HashOf(text[(line + 1)..])) throw new ToolException(ExitCode.DamagedData, $"manifest {name} in {Path} is damaged: its bytes are not what its first line says");
        var manifest = JsonSerializer.Deserialize<BackupManifest>(text[(line + 1)..], Style)!;
        return manifest.Format == BackupManifest.FormatValue ? manifest : throw new ToolException(ExitCode.DamagedData, $"manifest {name} has format {manifest.Format}, and {BackupManifest.FormatValue} is known");
    }

    public void Write(BackupManifest manifest)
    {
        var body = JsonSerializer.Serialize(manifest, Style);
        WriteAll(_manifests, manifest.Id + ManifestEnding, Encoding.UTF8.GetBytes(HashOf(body) + "\n" + body));
    }

    public BackupProof? ReadProof(string id) =>
        _manifests.List().Contains(id + ProofEnding) ? JsonSerializer.Deserialize<BackupProof>(ReadAll(_manifests, id + ProofEnding), Style) : null;

    public void Write(BackupProof proof) => WriteAll(_manifests, proof.Id + ProofEnding, JsonSerializer.SerializeToUtf8Bytes(proof, Style));

    public bool Holds(BackupFile file) => _objects.Exists(file.Sha256);

    /// <summary>Takes a file's beginning in.</summary>
    /// <returns>What it is stored under, and whether it was new.</returns>
    public (BackupFile File, bool IsNew) Put(IJournalStorage source, string name, string storedName, long bytes)
    {
        var aside = Guid.NewGuid().ToString("N") + Aside;
        string hash;
        using (var to = _objects.Open(aside, JournalFileMode.Create))
        {
            hash = Copy(source, name, bytes, to);
            to.Sync();
        }

        var isNew = !_objects.Exists(hash);
        if (isNew) _objects.Rename(aside, hash);
        else _objects.Delete(aside);
        _objects.SyncDirectory();
        return (new BackupFile(storedName, bytes, hash), isNew);
    }

    /// <summary>Copies an object out; the caller syncs the directory.</summary>
    /// <exception cref="ToolException">It is missing or not what it was.</exception>
    public void Get(BackupFile file, IJournalStorage target, string name)
    {
        if (FlawOf(file, out var bytes) is { } flaw) throw new ToolException(ExitCode.DamagedData, flaw);
        using var to = target.Open(name, JournalFileMode.Create);
        if (Copy(_objects, file.Sha256, bytes, to) != file.Sha256) throw new ToolException(ExitCode.DamagedData, $"object {file.Sha256} changed while it was read");
        to.Sync();
    }

    /// <summary>Null when every byte is what it was.</summary>
    public string? Check(BackupFile file)
    {
        if (FlawOf(file, out var bytes) is { } flaw) return flaw;
        var hash = Copy(_objects, file.Sha256, bytes, to: null);
        return hash == file.Sha256 ? null : $"{file.Name}: object {file.Sha256} has other bytes than were stored (SHA-256 is now {hash})";
    }

    private static PosixStorage Make(string path)
    {
        Directory.CreateDirectory(path);
        return new PosixStorage(path);
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private string? FlawOf(BackupFile file, out long bytes)
    {
        bytes = 0;
        if (!Holds(file)) return $"{file.Name}: object {file.Sha256} is missing";
        using var stored = _objects.Open(file.Sha256, JournalFileMode.Read);
        bytes = stored.Length;
        return bytes == file.Bytes ? null : $"{file.Name}: object {file.Sha256} has {bytes} bytes instead of {file.Bytes}";
    }

    /// <param name="to">Null = it is only read.</param>
    private string Copy(IJournalStorage source, string name, long bytes, IJournalFile? to)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var memory = (byte*)NativeMemory.AlignedAlloc(PieceBytes, 4_096);
        try
        {
            using var from = source.Open(name, JournalFileMode.Read);
            for (long at = 0; at < bytes;)
            {
                var wanted = (int)Math.Min(PieceBytes, bytes - at);
                var got = from.Read(at, memory, wanted);
                if (got != wanted) throw new JournalIoException("pread", name, at + got, 0);
                hash.AppendData(new ReadOnlySpan<byte>(memory, got));
                to?.Write(at, memory, got);
                at += got;
                Volatile.Write(ref _done, _done + got);
            }

            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private static byte[] ReadAll(PosixStorage storage, string name)
    {
        using var file = storage.Open(name, JournalFileMode.Read);
        var bytes = new byte[file.Length];
        fixed (byte* start = bytes) return bytes.Length == 0 ? bytes : bytes[..file.Read(0, start, bytes.Length)];
    }

    private static void WriteAll(PosixStorage storage, string name, byte[] bytes)
    {
        using (var file = storage.Open(name + Aside, JournalFileMode.Create))
        {
            fixed (byte* start = bytes) file.Write(0, start, bytes.Length);
            file.Sync();
        }

        storage.Rename(name + Aside, name);
        storage.SyncDirectory();
    }
}
