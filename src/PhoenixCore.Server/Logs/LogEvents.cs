using System.Reflection;
using PhoenixCore.Grpc;
using PhoenixCore.Journal;
using PhoenixCore.Shard.Shadow;
using PhoenixCore.Shard.Snapshots;

namespace PhoenixCore.Server.Logs;

/// <summary>Every event that this server logs. Numbers are added, never reused; the handbook lists them, and a test compares.</summary>
public static class LogEvents
{
    public const string Prefix = "PHX";

    /// <summary>What the framework says; it has numbers of its own.</summary>
    public static readonly EventId Framework = new(1, nameof(Framework));

    public static readonly EventId Starting = new(1001, nameof(Starting));
    public static readonly EventId Recovered = new(1002, nameof(Recovered));
    public static readonly EventId Ready = new(1003, nameof(Ready));
    public static readonly EventId Stopping = new(1004, nameof(Stopping));
    public static readonly EventId Stopped = new(1005, nameof(Stopped));
    public static readonly EventId RecoveryNoted = new(1006, nameof(RecoveryNoted));
    public static readonly EventId RecoveredFromSnapshot = new(1007, nameof(RecoveredFromSnapshot));
    public static readonly EventId FirstKeyMinted = new(1008, nameof(FirstKeyMinted));
    public static readonly EventId ConfigurationRefused = new(1010, nameof(ConfigurationRefused));
    public static readonly EventId DirectoryLocked = new(1011, nameof(DirectoryLocked));
    public static readonly EventId JournalDamaged = new(1012, nameof(JournalDamaged));
    public static readonly EventId StorageFailed = new(1013, nameof(StorageFailed));
    public static readonly EventId InvariantBroken = new(1014, nameof(InvariantBroken));
    public static readonly EventId LoopStalled = new(1020, nameof(LoopStalled));
    public static readonly EventId LoopResumed = new(1021, nameof(LoopResumed));
    public static readonly EventId ShadowReportNotWritten = new(1030, nameof(ShadowReportNotWritten));
    public static readonly EventId ReplicaRefused = new(1040, nameof(ReplicaRefused));
    public static readonly EventId ReplicaDiverged = new(1041, nameof(ReplicaDiverged));
    public static readonly EventId PromotionFinished = new(1042, nameof(PromotionFinished));
    public static readonly EventId LeaderLost = new(1043, nameof(LeaderLost));
    public static readonly EventId Deposed = new(1044, nameof(Deposed));
    public static readonly EventId TailCut = new(1045, nameof(TailCut));
    public static readonly EventId VotersChanged = new(1046, nameof(VotersChanged));
    public static readonly EventId Gathering = new(1047, nameof(Gathering));
    public static readonly EventId DigestsDiffer = new(1048, nameof(DigestsDiffer));
    public static readonly EventId BaseTaken = new(1049, nameof(BaseTaken));
    public static readonly EventId RequestFailed = new(4001, nameof(RequestFailed));
    public static readonly EventId WebhookDisabled = new(5001, nameof(WebhookDisabled));
    public static readonly EventId WebhookDisablingNotWritten = new(5002, nameof(WebhookDisablingNotWritten));
    public static readonly EventId WebhookNotDisabled = new(5003, nameof(WebhookNotDisabled));
    public static readonly EventId WebhookStopped = new(5004, nameof(WebhookStopped));
    public static readonly EventId WebhookEventsGone = new(5005, nameof(WebhookEventsGone));
    public static readonly EventId WebhookEventNotSent = new(5006, nameof(WebhookEventNotSent));
    public static readonly EventId WebhookPlaceNotStored = new(5007, nameof(WebhookPlaceNotStored));
    public static readonly EventId IssuerKeysUnreadable = new(6001, nameof(IssuerKeysUnreadable));

    /// <summary>Those of all rooms.</summary>
    public static IReadOnlyList<EventId> All { get; } =
    [
        .. typeof(LogEvents).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.FieldType == typeof(EventId)).Select(field => (EventId)field.GetValue(null)!),
        .. GrpcEvents.All,
        .. JournalNotes.All.Concat(SnapshotNotes.All).Concat(ShadowNotes.All).Select(note => new EventId(note.Number, note.Name)),
    ];

    private static readonly HashSet<int> Numbers = [.. All.Select(known => known.Id)];

    /// <summary>As it is written: PHX and four digits.</summary>
    public static string Text(EventId id) => $"{Prefix}{(Numbers.Contains(id.Id) ? id.Id : Framework.Id):D4}";

    /// <summary>Hands a note of the journal or of snapshots to a log.</summary>
    internal static void LogNote(this ILogger log, OperatorNote note) =>
        log.Log(note.IsTrouble ? LogLevel.Warning : LogLevel.Information, new EventId(note.Number, note.Name), "{Note}", note.Text);
}
