namespace PhoenixCore.Server.Rest;

/// <summary>One line of the table of routes.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Template">Path below the prefix; a segment in braces is a parameter.</param>
/// <param name="Handler">Answers the call.</param>
/// <param name="NeedsKey">In the reference dialect an Idempotency-Key has to be sent.</param>
internal sealed record Route(string Method, string Template, Func<RestCall, ValueTask> Handler, bool NeedsKey)
{
    /// <summary>Null = a parameter.</summary>
    public string?[] Segments { get; } = Template.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment => segment[0] == '{' ? null : segment).ToArray();
}
