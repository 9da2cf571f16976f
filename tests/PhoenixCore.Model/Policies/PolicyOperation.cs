namespace PhoenixCore.Model.Policies;

/// <summary>What a policy can be asked about.</summary>
public enum PolicyOperation
{
    /// <summary>Value is issued.</summary>
    Credit,

    /// <summary>A debit.</summary>
    Consume,

    /// <summary>The giving side of a transfer.</summary>
    TransferOut,

    /// <summary>The receiving side of a transfer or of a capture.</summary>
    TransferIn,

    /// <summary>Value is set aside.</summary>
    Reserve,

    /// <summary>What is set aside is taken.</summary>
    Commit,
}
