using PhoenixCore.Model.Policies;

namespace PhoenixCore.Model;

/// <summary>What a command was answered and what it did.</summary>
public sealed record Outcome(ModelResult Result)
{
    /// <summary>True: this is the remembered answer of an earlier command with the same key and fingerprint; nothing was done now.</summary>
    public bool Duplicate { get; init; }

    /// <summary>In a refused batch, the index from 0 of the operation that was refused; else null.</summary>
    public int? RefusedIndex { get; init; }

    /// <summary>
    /// A second refusal that the law allows here, because a ledger may forget depleted lots (<see cref="ModelResult.LotNotFound"/> for
    /// <see cref="ModelResult.LotNotAvailable"/>) and expired reservations (<see cref="ModelResult.ReservationNotActive"/> for
    /// <see cref="ModelResult.ReservationExpired"/>). Null: only <see cref="Result"/> is right.
    /// </summary>
    public ModelResult? AlsoAllowed { get; init; }

    /// <summary>Some policy or restriction was asked about it; of a batch always false (see <see cref="Operations"/>).</summary>
    public bool UnderPolicy { get; init; }

    /// <summary>Of <see cref="ModelResult.PolicyViolation"/>, who denied it; else null.</summary>
    public Violation? Violation { get; init; }

    /// <summary>Postings in order; of a batch, those of all its operations. Empty when refused.</summary>
    public IReadOnlyList<Movement> Movements { get; init; } = [];

    /// <summary>Ordinals of the lots that were made, in order, pooled lots of new accounts included.</summary>
    public IReadOnlyList<int> LotIds { get; init; } = [];

    /// <summary>Ordinal of the wallet that was made; null when none was, and on a batch (see <see cref="Operations"/>).</summary>
    public int? WalletId { get; init; }

    /// <summary>Ordinal of the reservation that was made; null when none was, and on a batch (see <see cref="Operations"/>).</summary>
    public int? ReservationId { get; init; }

    /// <summary>Ordinal of the policy that was made; null when none was, and on a batch (see <see cref="Operations"/>).</summary>
    public int? PolicyId { get; init; }

    /// <summary>Ordinals of the credits, legs of transfers and captures to a wallet that were made, in order.</summary>
    public IReadOnlyList<int> TransactionIds { get; init; } = [];

    /// <summary>Of an accepted batch, the outcome of each operation; else empty.</summary>
    public IReadOnlyList<Outcome> Operations { get; init; } = [];

    /// <summary>Expiries made just before this command was decided, or by a sweep: facts of their own, kept though the command be refused.</summary>
    public IReadOnlyList<ExpiryFact> Expiries { get; init; } = [];

    /// <summary>The answer to a <see cref="KeyStatus"/>; else null.</summary>
    public KeyState? KeyState { get; init; }

    /// <summary>For <see cref="KeyState.Known"/>, the remembered outcome; else null.</summary>
    public Outcome? Original { get; init; }
}
