using System.Buffers;
using System.Text;
using System.Text.Json;

namespace PhoenixCore.Server.Rest.Description;

/// <summary>Serves the description of the API, for machines and for people; neither needs a credential. Made when it is first asked for. Any thread.</summary>
internal sealed class ApiDescription(RouteTable routes)
{
    public const string DocumentPath = "/openapi/v1.json";
    public const string PagePath = "/docs";

    private readonly Lazy<byte[]> _document = new(() => JsonSerializer.SerializeToUtf8Bytes(OpenApiDocument.Make(routes.All)));
    private readonly Lazy<byte[]> _page = new(() => Encoding.UTF8.GetBytes(DocsPage.Make(OpenApiDocument.Make(routes.All))));

    /// <returns>False when the target is neither.</returns>
    public bool TryAnswer(HttpContext http, string target)
    {
        if (target is not (DocumentPath or PagePath)) return false;
        if (!HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Get;
            throw new ApiErrorException(ApiError.MethodNotAllowed);
        }

        var isPage = target == PagePath;
        var bytes = isPage ? _page.Value : _document.Value;
        if (isPage) http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.ContentType = isPage ? "text/html; charset=utf-8" : "application/json";
        http.Response.ContentLength = bytes.Length;
        http.Response.BodyWriter.Write(bytes);
        return true;
    }
}
