using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using PhoenixCore.Server.Auth;
using PhoenixCore.Server.Auth.Tokens;
using PhoenixCore.Server.Edge;
using PhoenixCore.Server.Rest.Output;

namespace PhoenixCore.Server.Rest;

/// <summary>Exchanges an API key for a token, as OAuth's client credentials grant does (RFC 6749, 4.4). Its errors have that standard's form, not this API's.</summary>
internal sealed class TokenEndpoint(Authenticator authenticator, Gate gate, TokenIssuer issuer, TimeProvider time)
{
    public const string Path = "/oauth/token";
    private const int BodyBytesMax = 8_192;

    public async ValueTask AnswerAsync(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            throw new ApiErrorException(ApiError.MethodNotAllowed);
        }

        if (http.Request.ContentLength > BodyBytesMax) throw new ApiErrorException(ApiError.TooLarge);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = BodyBytesMax;
        if (!http.Request.HasFormContentType || http.Request.ContentType!.StartsWith("multipart", StringComparison.OrdinalIgnoreCase))
        {
            Refuse(http, 400, "invalid_request", "the body has to be application/x-www-form-urlencoded");
            return;
        }

        IFormCollection form;
        try
        {
            form = await http.Request.ReadFormAsync(http.RequestAborted).ConfigureAwait(false);
        }
        catch (InvalidDataException)
        {
            Refuse(http, 400, "invalid_request", "the form cannot be read");
            return;
        }

        Answer(http, form);
    }

    private void Answer(HttpContext http, IFormCollection form)
    {
        if (form.Any(field => field.Value.Count > 1))
        {
            Refuse(http, 400, "invalid_request", "a field is given twice");
            return;
        }

        if (form["grant_type"] != "client_credentials")
        {
            Refuse(http, 400, "unsupported_grant_type", "grant_type has to be client_credentials");
            return;
        }

        if (ClientOf(http, form) is not { } key || !key.TryUse(time.GetUtcNow()))
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"phoenixcore\"";
            Refuse(http, 401, "invalid_client", "client_id and client_secret are not those of a valid API key");
            return;
        }

        if (ScopesOf(form, key.Caller) is not { } scopes)
        {
            Refuse(http, 400, "invalid_scope", "scope holds more than the API key has, or names that are not known");
            return;
        }

        var admission = gate.Admit(key.Caller, key.Caller.Scopes);
        if (admission.Rate is { } rate) RateHeaders.Write(http, rate);
        if (admission.Refusal is { } refusal) throw new RefusedException(refusal);
        Gate.Leave(key.Caller);
        Send(http, issuer.Issue(key.Caller, scopes), scopes);
    }

    /// <summary>From the form or from Basic credentials, which have to be the only ones.</summary>
    private Credential? ClientOf(HttpContext http, IFormCollection form)
    {
        string? id = form["client_id"], secret = form["client_secret"];
        if (http.Request.Headers.Authorization is [{ } header] && AuthenticationHeaderValue.TryParse(header, out var basic) && string.Equals(basic.Scheme, "Basic", StringComparison.OrdinalIgnoreCase))
        {
            if (secret != null) return null;
            var bytes = new byte[BodyBytesMax];
            if (!Convert.TryFromBase64String(basic.Parameter ?? "", bytes, out var count)) return null;
            var pair = Encoding.UTF8.GetString(bytes, 0, count).Split(':', 2);
            if (pair.Length != 2) return null;
            (id, secret) = (Uri.UnescapeDataString(pair[0]), Uri.UnescapeDataString(pair[1]));
        }

        if (id is null or { Length: > RequestLimits.TextMax } || secret is null or { Length: > RequestLimits.TextMax }) return null;
        var text = secret.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) ? secret : ApiKey.Of(id, secret);
        return ApiKey.TryGetKeyId(text, out var keyId) && keyId == id ? authenticator.FindKey(text) : null;
    }

    /// <summary>All of the key's when none are asked for; null when it has not got them.</summary>
    private static string? ScopesOf(IFormCollection form, Caller caller)
    {
        string? asked = form["scope"];
        if (string.IsNullOrWhiteSpace(asked)) return string.Join(' ', ScopeNames.Of(caller.Scopes));
        foreach (var name in asked.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!ScopeNames.TryParse(name, out var scope) || (caller.Scopes & scope) != scope) return null;
        }

        return asked;
    }

    private static void Send(HttpContext http, string token, string scopes)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        body.Json.WriteStartObject();
        body.Json.WriteString("access_token"u8, token);
        body.Json.WriteString("token_type"u8, "Bearer"u8);
        body.Json.WriteNumber("expires_in"u8, (int)TokenIssuer.Lifetime.TotalSeconds);
        body.Json.WriteString("scope"u8, scopes);
        body.Json.WriteEndObject();
        body.Send(http, StatusCodes.Status200OK);
    }

    private static void Refuse(HttpContext http, int status, string error, string why)
    {
        var body = JsonBody.Start(Dialect.Concepts);
        body.Json.WriteStartObject();
        body.Json.WriteString("error"u8, error);
        body.Json.WriteString("error_description"u8, why);
        body.Json.WriteEndObject();
        body.Send(http, status);
    }
}
