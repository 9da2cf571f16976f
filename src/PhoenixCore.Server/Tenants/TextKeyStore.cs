using System.Globalization;
using System.Security.Cryptography;
using PhoenixCore.Journal;
using PhoenixCore.Ledger.Ids;
using PhoenixCore.Server.Hosting;

namespace PhoenixCore.Server.Tenants;

/// <summary>The keys of the tenants' texts, one small sealed file each, outside the journal: what erasing deletes (ADR 0020). One thread at a time.</summary>
/// <param name="storage">A directory of its own.</param>
public sealed unsafe class TextKeyStore(IJournalStorage storage, SecretBox secrets)
{
    /// <summary>In the data directory.</summary>
    public const string Directory = "text-keys";

    private const byte FirstNumber = 1;
    private const string Aside = ".new";
    private const string Erased = ".erased";

    /// <summary>Null when there is none.</summary>
    /// <exception cref="InvalidDataException">The file is there and cannot be opened.</exception>
    public TextCipher? Find(uint tenant)
    {
        if (DurableFile.ReadText(storage, NameOf(tenant)) is not { } text) return null;
        try
        {
            return new TextCipher(FirstNumber, Convert.FromBase64String(secrets.Open(text)));
        }
        catch (Exception e) when (e is CryptographicException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{NameOf(tenant)} in {storage.Description} was not sealed under the secrets.key that is here, or is damaged: bring both back from one backup", e);
        }
    }

    /// <summary>The tenant's key; one that was not there is made, durable on return.</summary>
    /// <exception cref="JournalIoException">It could not be written.</exception>
    public TextCipher Make(uint tenant)
    {
        if (Find(tenant) is { } known) return known;
        var key = RandomNumberGenerator.GetBytes(TextCipher.KeyBytes);
        DurableFile.WriteText(storage, NameOf(tenant), secrets.Seal(Convert.ToBase64String(key)));
        return new TextCipher(FirstNumber, key);
    }

    /// <summary>The key of a tenant that does not exist yet: what another history knew of this number is forgotten. Durable on return.</summary>
    /// <exception cref="JournalIoException">It could not be written.</exception>
    public void MakeFirst(uint tenant)
    {
        if (IsDestroyed(tenant))
        {
            storage.Delete(MarkOf(tenant));
            storage.SyncDirectory();
        }

        Make(tenant).Dispose();
    }

    /// <summary>The key was destroyed, whatever the journal says: it may be an older one, from a backup.</summary>
    public bool IsDestroyed(uint tenant) => storage.Exists(MarkOf(tenant));

    /// <summary>Overwrites and removes the tenant's key and leaves a mark; durable on return. Nothing happens when it is gone already.</summary>
    /// <exception cref="JournalIoException">It may still be there: do it again.</exception>
    public void Destroy(uint tenant)
    {
        if (!IsDestroyed(tenant)) DurableFile.WriteText(storage, MarkOf(tenant), "erased\n");
        foreach (var name in new[] { NameOf(tenant), NameOf(tenant) + Aside })
        {
            if (!storage.Exists(name)) continue;
            using (var file = storage.Open(name, JournalFileMode.ReadWrite))
            {
                var zeros = new byte[file.Length];
                fixed (byte* start = zeros) file.Write(0, start, zeros.Length);
                file.Sync();
            }

            storage.Delete(name);
        }

        storage.SyncDirectory();
    }

    private static string MarkOf(uint tenant) => tenant.ToString(CultureInfo.InvariantCulture) + Erased;

    private static string NameOf(uint tenant) => tenant.ToString(CultureInfo.InvariantCulture) + ".key";
}
