using System.Globalization;
using System.Text.Json;
using PhoenixCore.Ledger.Policies;

namespace PhoenixCore.Server.Edge.Policies;

/// <summary>Members of a JSON object, each read in one form; whatever was not asked for is refused at the end.</summary>
/// <remarks>Errors: <see cref="PolicySyntaxException"/> with the member's place.</remarks>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly bool _bareDigitsAreUnits;

    public JsonFields(JsonElement element, string place, bool bareDigitsAreUnits)
    {
        Place = place;
        _bareDigitsAreUnits = bareDigitsAreUnits;
        if (element.ValueKind != JsonValueKind.Object) throw Wrong("must be an object");
        _object = element;
    }

    public string Place { get; }

    /// <summary>The member, unless it is missing or null.</summary>
    public bool TryGet(string name, out JsonElement value)
    {
        _asked.Add(name);
        return _object.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    public JsonFields? Object(string name) => TryGet(name, out var value) ? new JsonFields(value, PlaceOf(name), _bareDigitsAreUnits) : null;

    public string? Text(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= PolicyLimits.TextBytesMax } text ? text : throw Wrong(name, $"must be a text of 1 to {PolicyLimits.TextBytesMax} characters");
    }

    public string Required(string name) => Text(name) ?? throw Wrong(name, "is missing");

    public IReadOnlyList<string> Texts(string name)
    {
        if (!TryGet(name, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String)) throw Wrong(name, "must be an array of texts");
        return value.EnumerateArray().Select(item => item.GetString()!).ToArray();
    }

    public int? Integer(string name)
    {
        if (!TryGet(name, out var value)) return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : throw Wrong(name, "must be an integer");
    }

    public IEnumerable<(JsonElement Value, string Place)> Items(string name)
    {
        if (!TryGet(name, out var value)) return [];
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select((item, i) => (item, $"{PlaceOf(name)}[{i}]")) : throw Wrong(name, "must be an array");
    }

    public IEnumerable<JsonProperty> Members() => _object.EnumerateObject();

    /// <summary>An amount as requests have it: an integer counts smallest units, a text with a point is a decimal, bare digits are the dialect's.</summary>
    public PolicyAmount? Amount(string name)
    {
        if (!TryGet(name, out var value)) return null;
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        var isDecimal = value.ValueKind == JsonValueKind.String && (text.Contains('.', StringComparison.Ordinal) || !_bareDigitsAreUnits);
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || (!isDecimal && text.AsSpan().TrimStart('-').ContainsAnyExceptInRange('0', '9')) || text.AsSpan().IndexOfAny('e', 'E', '+') >= 0
            || !ContextReader.TryReadNumber(text, out var number, out var decimals)) throw Wrong(name, "must be an amount: an integer of smallest units or a text");
        return isDecimal ? new PolicyAmount(number, decimals) : new PolicyAmount(number);
    }

    /// <summary>A plain number, exact: a percentage, a multiplier, a count.</summary>
    public PolicyAmount? Number(string name) => TryGet(name, out var value) ? NumberOf(value, name) : null;

    public PolicyAmount NumberOf(JsonElement value, string name)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number && ContextReader.TryReadNumber(text, out var number, out var decimals)
            ? new PolicyAmount(number, decimals)
            : throw Wrong(name, "must be a number");
    }

    /// <summary>Nanoseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds; 0 = not given.</summary>
    public long Duration(string name) => Text(name) is { } text ? Durations.Parse(text) ?? throw Wrong(name, "must be a duration such as PT12H or P30D") : 0;

    /// <summary>Unix nanoseconds; 0 = not given.</summary>
    public long Time(string name)
    {
        if (Text(name) is not { } text) return 0;
        return Rest.Input.ExpiryReader.TryParse(text, out var time) ? time : throw Wrong(name, "must be an ISO 8601 time with an offset");
    }

    /// <summary>Refuses members that nobody has asked for: a misspelt rule would not do what its author means.</summary>
    public void End()
    {
        foreach (var member in _object.EnumerateObject())
        {
            if (!_asked.Contains(member.Name)) throw Wrong(member.Name, "is not known here");
        }
    }

    public PolicySyntaxException Wrong(string name, string what) => new($"{PlaceOf(name)} {what}");

    private PolicySyntaxException Wrong(string what) => new($"{(Place.Length == 0 ? "the policy" : Place)} {what}");

    private string PlaceOf(string name) => Place.Length == 0 ? name : $"{Place}.{name}";

    /// <summary>Minute of the day of <c>hh:mm</c>, up to 24:00.</summary>
    public int? Minute(string name)
    {
        if (Text(name) is not { } text) return null;
        return text.Length == 5 && text[2] == ':'
            && int.TryParse(text.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out var hour) && int.TryParse(text.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var minute)
            && minute < 60 && (hour < 24 || (hour == 24 && minute == 0)) ? (hour * 60) + minute : throw Wrong(name, "must be a time of day such as 22:00");
    }
}
