using PhoenixCore.Journal;

namespace PhoenixCore.Replication.State;

/// <summary>The copy's state in a file of two slots in the shard's directory. One thread at a time.</summary>
public sealed class ReplicaFile
{
    /// <summary>In the shard's directory.</summary>
    public const string Name = "replica";

    private readonly DurableSlots _slots;

    private ReplicaFile(DurableSlots slots, ReplicaState state) => (_slots, State) = (slots, state);

    /// <summary>As it is on disk.</summary>
    public ReplicaState State { get; private set; }

    /// <summary>Reads the state; a directory without one is a new copy and gets an incarnation.</summary>
    /// <exception cref="InvalidDataException">The file is damaged: what this copy has promised is not known, so it cannot have a vote any more.</exception>
    public static ReplicaFile Open(IJournalStorage storage)
    {
        var slots = new DurableSlots(storage, Name);
        if (slots.IsDamaged) throw new InvalidDataException($"{Name} in {storage.Description} cannot be read: what this copy has promised is not known. Remove the directory and let it follow anew");
        if (slots.Content is { } content) return new ReplicaFile(slots, ReplicaState.Read(content));
        var made = new ReplicaFile(slots, new ReplicaState { Incarnation = Guid.NewGuid(), Timeline = Guid.NewGuid() });
        made.Save(made.State);
        return made;
    }

    /// <summary>So much is committed for certain, by what a copy keeps in its directory, which a server may have open. Changes nothing.</summary>
    /// <returns>Null = it is no copy's directory.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another format.</exception>
    public static ulong? CommittedIn(IJournalStorage storage)
    {
        var slots = new DurableSlots(storage, Name);
        if (slots.IsDamaged) throw new InvalidDataException($"{Name} in {storage.Description} cannot be read: what was committed is not known");
        return slots.Content is { } content ? ReplicaState.Read(content).Committed : null;
    }

    /// <summary>Durable on return.</summary>
    /// <exception cref="JournalIoException">It may be durable or not; the copy must end.</exception>
    public void Save(ReplicaState state)
    {
        if (state.Promised < State.Promised) throw new InvalidOperationException("a promise never falls");
        _slots.Write(state.Write());
        State = state;
    }
}
