namespace PhoenixCore.Server.Rest.Description;

/// <summary>What the description says about a route beside its line in the table of routes.</summary>
/// <param name="Routes">Method and template; with several, the first is the name to use and the others are its aliases.</param>
/// <param name="Operation">Name for generated clients.</param>
/// <param name="Summary">For people.</param>
internal sealed record RouteText(string[] Routes, string Operation, string Summary)
{
    /// <summary>Schema of the body; null = none is read.</summary>
    public string? Body { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>Schema of the answer; in brackets a page of such rows; null = no body.</summary>
    public string? Answer { get; init; }

    /// <summary>Query parameters in <see cref="SchemaText"/>'s notation, all optional.</summary>
    public string Query { get; init; } = "";

    /// <summary>Errors of its own, beside those that every route has.</summary>
    public string Codes { get; init; } = "";

    /// <summary>Changes the ledger: has a deadline, and refusals are remembered with the key.</summary>
    public bool IsCommand { get; init; }
}
