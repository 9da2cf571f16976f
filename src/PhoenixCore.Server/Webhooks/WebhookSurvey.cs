namespace PhoenixCore.Server.Webhooks;

/// <summary>How all endpoints stand at a moment.</summary>
/// <param name="Backlog">Deliveries that wait or are tried again.</param>
/// <param name="OldestSeconds">How long the delivery that is overdue longest has been due; 0 = none is.</param>
internal readonly record struct WebhookSurvey(int Endpoints, int Disabled, int Backlog, double OldestSeconds);
