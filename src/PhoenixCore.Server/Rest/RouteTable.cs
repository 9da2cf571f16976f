namespace PhoenixCore.Server.Rest;

/// <summary>Finds the route of a path; built once.</summary>
internal sealed class RouteTable
{
    private const int SegmentsMax = 6;
    private const string ConceptsPrefix = "v1";

    private readonly Dictionary<string, Route[]>.AlternateLookup<ReadOnlySpan<char>> _byFirst;

    public RouteTable(IEnumerable<Route> routes)
    {
        All = routes.ToArray();
        var byFirst = All.GroupBy(route => route.Segments[0]!).ToDictionary(group => group.Key, group => group.OrderBy(route => route.Segments.Count(segment => segment is null)).ToArray());
        _byFirst = byFirst.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public IReadOnlyList<Route> All { get; }

    /// <param name="target">The request's target as it was sent: escapes are undone segment by segment, so that an escaped slash stays in its segment.</param>
    /// <param name="allowed">Methods that the path knows, when this one is not among them.</param>
    /// <returns>Null when there is no such path, or not with this method.</returns>
    public Route? Find(string method, string target, out Dialect dialect, out string[] parameters, out string? allowed)
    {
        (dialect, parameters, allowed) = (Dialect.Reference, [], null);
        Span<Range> segments = stackalloc Range[SegmentsMax + 2];
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (path.Length < 2 || path[0] != '/') return null;
        path = path[1..].TrimEnd('/');
        var count = path.Split(segments, '/');
        var first = 0;
        if (path[segments[0]].SequenceEqual(ConceptsPrefix))
        {
            dialect = Dialect.Concepts;
            first = 1;
        }

        if (count == first || count - first > SegmentsMax || !_byFirst.TryGetValue(path[segments[first]], out var candidates)) return null;
        foreach (var route in candidates)
        {
            if (!Matches(route, path, segments[first..count])) continue;
            if (route.Method != method)
            {
                allowed = allowed is null ? route.Method : $"{allowed}, {route.Method}";
                continue;
            }

            parameters = ParametersOf(route, path, segments[first..count]);
            return route;
        }

        return null;
    }

    private static bool Matches(Route route, ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        if (route.Segments.Length != segments.Length) return false;
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = path[segments[i]];
            if (route.Segments[i] is { } literal ? !segment.SequenceEqual(literal) : segment.IsEmpty) return false;
        }

        return true;
    }

    private static string[] ParametersOf(Route route, ReadOnlySpan<char> path, ReadOnlySpan<Range> segments)
    {
        var count = route.Segments.Count(segment => segment is null);
        if (count == 0) return [];
        var parameters = new string[count];
        var at = 0;
        for (var i = 0; i < segments.Length; i++)
        {
            if (route.Segments[i] is null) parameters[at++] = Uri.UnescapeDataString(path[segments[i]]);
        }

        return parameters;
    }
}
