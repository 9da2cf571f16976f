using PhoenixCore.Server.Auth;

namespace PhoenixCore.Server.Rest;

/// <summary>One line of the table of routes.</summary>
/// <param name="Method">HTTP method, upper case.</param>
/// <param name="Template">Path below the prefix; a segment in braces is a parameter.</param>
/// <param name="Scope">Any one of these lets a caller in.</param>
/// <param name="Handler">Answers the call.</param>
/// <param name="NeedsKey">In the reference dialect an Idempotency-Key has to be sent.</param>
internal sealed record Route(string Method, string Template, Scope Scope, Func<RestCall, ValueTask> Handler, bool NeedsKey)
{
    /// <summary>A route for everybody cannot be made by leaving its scope out.</summary>
    public Scope Scope { get; } = Scope != Scope.None ? Scope : throw new ArgumentException($"{Method} {Template} has no scope", nameof(Scope));

    /// <summary>Null = a parameter.</summary>
    public string?[] Segments { get; } = Template.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(segment => segment[0] == '{' ? null : segment).ToArray();
}
