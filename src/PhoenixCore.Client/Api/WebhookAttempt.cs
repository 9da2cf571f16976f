namespace PhoenixCore.Client.Api;

/// <summary>What came back from a webhook's address.</summary>
/// <param name="StatusCode">Of the receiver's answer; 0 = there was none.</param>
/// <param name="Error">Empty when it was delivered.</param>
/// <param name="Answer">Its first bytes.</param>
public sealed record WebhookAttempt(bool IsDelivered, int StatusCode, string Error, string Answer, TimeSpan Took)
{
    internal static WebhookAttempt From(Contracts.V1.WebhookAttempt from) =>
        new(from.Delivered, (int)from.StatusCode, from.Error, from.Answer, TimeSpan.FromMilliseconds(from.Milliseconds));
}
