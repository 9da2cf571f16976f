namespace PhoenixCore.Server.Edge;

/// <summary>Limits of what callers may send.</summary>
public static class RequestLimits
{
    /// <summary>Characters of a reference, external id, name, holder id or idempotency key.</summary>
    public const int TextMax = 255;

    /// <summary>Bytes of canonical JSON.</summary>
    public const int MetadataBytesMax = 4_096;
    public const int MetadataKeysMax = 50;
    public const int BodyBytesMax = 65_536;
    public const int JsonDepthMax = 16;
    public const int PageMax = 100;
    public const int PageDefault = 20;
}
