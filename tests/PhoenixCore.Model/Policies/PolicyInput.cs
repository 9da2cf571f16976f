namespace PhoenixCore.Model.Policies;

/// <summary>What a request tells policies. Intent null: the command's default. Context null: none given, which is something else than an empty one.</summary>
public sealed record PolicyInput(string? Intent, IReadOnlyList<(string Name, Value Value)>? Context, IReadOnlyList<(string Name, Value Value)> Metadata)
{
    /// <summary>Nothing.</summary>
    public static PolicyInput None { get; } = new(null, null, []);

    /// <summary>All fields as text.</summary>
    public string Describe() => this == None ? "" : $" intent={Intent} context=[{(Context is null ? "none" : string.Join(", ", Context))}] metadata=[{string.Join(", ", Metadata)}]";
}
