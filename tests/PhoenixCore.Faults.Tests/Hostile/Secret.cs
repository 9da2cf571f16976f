using System.Text;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>Something that may stand nowhere but in the one answer that shows it, in any of the forms that a program writes bytes in.</summary>
internal sealed class Secret
{
    private readonly List<(string Name, byte[] Bytes)> _forms = [];

    private Secret(string name) => Name = name;

    public string Name { get; }

    public static Secret OfText(string name, string text)
    {
        var secret = new Secret(name);
        secret._forms.Add(("UTF-16", Encoding.Unicode.GetBytes(text)));
        secret.Add(Encoding.UTF8.GetBytes(text));
        return secret;
    }

    public static Secret OfBytes(string name, byte[] bytes)
    {
        var secret = new Secret(name);
        secret.Add(bytes);
        return secret;
    }

    /// <summary>The form that stands there; null = none does. Lines are joined too, as base64 is broken into lines.</summary>
    public string? FormIn(byte[] content)
    {
        foreach (var (form, bytes) in _forms)
        {
            if (content.AsSpan().IndexOf(bytes) >= 0) return form;
        }

        return null;
    }

    private void Add(byte[] bytes)
    {
        _forms.Add(("raw", bytes));
        _forms.Add(("hex", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))));
        _forms.Add(("HEX", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes))));
        for (var shift = 0; shift < 3; shift++)
        {
            var text = Base64In(bytes, shift);
            _forms.Add(($"base64 after {shift}", Encoding.ASCII.GetBytes(text)));
            _forms.Add(($"base64url after {shift}", Encoding.ASCII.GetBytes(text.Replace('+', '-').Replace('/', '_'))));
        }
    }

    /// <summary>The letters that hold nothing but these bytes, wherever in a longer text they begin.</summary>
    private static string Base64In(byte[] bytes, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. bytes]);
        return text[(((shift * 8) + 5) / 6)..((shift + bytes.Length) * 8 / 6)];
    }
}
