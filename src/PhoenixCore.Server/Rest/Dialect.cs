namespace PhoenixCore.Server.Rest;

/// <summary>The two ways in which the product's pages write one service.</summary>
public enum Dialect
{
    /// <summary>Routes without a prefix: <c>{"data": …}</c>, decimal strings, lower-case statuses, <c>asset</c>.</summary>
    Reference,

    /// <summary>Routes under <c>/v1</c>: bare objects, strings of smallest units, <c>asset_code</c>.</summary>
    Concepts,
}
