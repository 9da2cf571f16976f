namespace PhoenixCore.Model.Scripts;

/// <summary>Gives commands their keys and deadlines, and brings old keyed commands back.</summary>
internal sealed class KeyDealer(SplitMix64 random, ScriptShape shape)
{
    private readonly List<ModelCommand> _recent = [];
    private int _keys;

    /// <summary>The command with its key and deadline; or an earlier keyed command again.</summary>
    public ModelCommand Deal(ModelCommand command, long stamp)
    {
        if (command is Sweep or KeyStatus) return command;

        if (random.Percent(shape.DeadlinePercent))
        {
            command = command with { Deadline = random.Percent(33) ? stamp - random.Below(3) : stamp + (random.Between(1, 50) * shape.TimeUnit) };
        }

        if (!random.Percent(shape.KeyPercent)) return command;

        if (_recent.Count > 0 && random.Percent(shape.UsedKeyPercent))
        {
            var old = random.Pick(_recent);
            return random.Percent(65) ? old with { Deadline = null } : command with { Key = old.Key };
        }

        command = command with { Key = $"k{_keys++}" };
        Remember(command);
        return command;
    }

    public KeyStatus Question()
    {
        var unknown = _recent.Count == 0 || random.Percent(30);
        var key = unknown ? $"k{_keys + random.Between(0, 3)}" : random.Pick(_recent).Key!;
        return new(key, random.Percent(40));
    }

    private void Remember(ModelCommand command)
    {
        if (_recent.Count == shape.KeysKept) _recent.RemoveAt(0);
        _recent.Add(command);
    }
}
