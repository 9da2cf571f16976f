using System.Text;
using PhoenixCore.Simulation.Node;

namespace PhoenixCore.Simulation.World;

/// <summary>How often each fault met each state.</summary>
internal sealed class FaultTable
{
    private static readonly int States = Enum.GetValues<NodeState>().Length;
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length * States];

    public void Count(FaultKind fault, NodeState state) => _counts[((int)fault * States) + (int)state]++;

    public long this[FaultKind fault, NodeState state] => _counts[((int)fault * States) + (int)state];

    public long Of(FaultKind fault) => Enum.GetValues<NodeState>().Sum(state => this[fault, state]);

    public void Add(FaultTable other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
    }

    public override string ToString()
    {
        var text = new StringBuilder($"{"",-16}");
        foreach (var state in Enum.GetValues<NodeState>()) text.Append($"{state,11}");
        text.AppendLine();
        foreach (var fault in Enum.GetValues<FaultKind>())
        {
            text.Append($"{fault,-16}");
            foreach (var state in Enum.GetValues<NodeState>()) text.Append($"{this[fault, state],11}");
            text.AppendLine();
        }

        return text.ToString();
    }
}
