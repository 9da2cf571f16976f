using System.Collections.Concurrent;

namespace PhoenixCore.Server.Auth.Tokens;

/// <summary>Credentials of tokens that were checked before, a bounded number of them. Any thread.</summary>
/// <remarks>Connections remember credentials too. One that is forgotten here is therefore ended, so that its next use checks the token once more: no change of keys can pass it by.</remarks>
internal sealed class RememberedTokens(int most, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Credential> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    public Credential? Find(string name) => _known.GetValueOrDefault(name);

    /// <returns>The one that is remembered under the name, which may be another thread's.</returns>
    public Credential Keep(string name, Credential credential)
    {
        if (_known.Count >= most) MakeRoom();
        return _known.GetOrAdd(name, credential);
    }

    public void Forget(string name)
    {
        if (_known.TryRemove(name, out var credential)) credential.EndAt(DateTimeOffset.MinValue);
    }

    public void ForgetAll()
    {
        foreach (var name in _known.Keys) Forget(name);
    }

    /// <summary>Those that have ended, and where that is not enough a tenth of the others, whichever they are.</summary>
    private void MakeRoom()
    {
        var now = time.GetUtcNow();
        foreach (var (name, credential) in _known)
        {
            if (credential.HasEnded(now)) _known.TryRemove(name, out _);
        }

        foreach (var name in _known.Keys.Take(Math.Max(0, _known.Count - most + Math.Max(1, most / 10)))) Forget(name);
    }
}
