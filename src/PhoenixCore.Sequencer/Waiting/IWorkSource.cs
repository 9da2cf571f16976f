namespace PhoenixCore.Sequencer;

/// <summary>What a consumer thread waits for: a question that is cheap enough to ask in a spin loop.</summary>
public interface IWorkSource
{
    /// <summary>True when the consumer has something to do.</summary>
    /// <remarks>
    /// Asked on the consumer's thread, often. It must read what other threads write with acquire semantics
    /// (<see cref="Volatile"/>), and must not turn false again unless the consumer itself makes it so.
    /// </remarks>
    bool HasWork { get; }
}
