namespace PhoenixCore.Server.Rest.Input;

/// <param name="IsBadAmount">It has the type of an amount and is none: INVALID_AMOUNT; otherwise VALIDATION_ERROR.</param>
internal sealed record AmountError(string Message, bool IsBadAmount);
