using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Journal;

namespace PhoenixCore.Server.Hosting;

/// <summary>Keeps secrets that have to be used again (not only compared) unreadable in data files: AES-256-GCM under a key in a file of its own.</summary>
/// <remarks>The key file is readable by its owner only and belongs into no backup that also holds the data. Any thread.</remarks>
public sealed class SecretBox
{
    private const string FileName = "secrets.key";
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key;

    private SecretBox(byte[] key) => _key = key;

    /// <summary>Reads the key, or makes one on the first start.</summary>
    /// <exception cref="JournalIoException">The file is there but cannot be read, or none can be made.</exception>
    public static SecretBox Open(IJournalStorage storage)
    {
        if (DurableFile.ReadText(storage, FileName) is { } text) return new SecretBox(Convert.FromBase64String(text));
        var key = RandomNumberGenerator.GetBytes(KeyBytes);
        DurableFile.WriteText(storage, FileName, Convert.ToBase64String(key));
        return new SecretBox(key);
    }

    public string Seal(string secret)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + TagBytes + text.Length];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(box.AsSpan(0, NonceBytes), text, box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes));
        return Convert.ToBase64String(box);
    }

    /// <exception cref="CryptographicException">It was sealed under another key, or changed.</exception>
    public string Open(string sealed64)
    {
        var box = Convert.FromBase64String(sealed64);
        var text = new byte[box.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(box.AsSpan(0, NonceBytes), box.AsSpan(NonceBytes + TagBytes), box.AsSpan(NonceBytes, TagBytes), text);
        return Encoding.UTF8.GetString(text);
    }
}
