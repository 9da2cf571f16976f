namespace PhoenixCore.Ledger.State;

/// <summary>Hands out memory that reads as zero and begins a page.</summary>
internal interface IAddressSpace
{
    /// <param name="bytes">Address space; it may never be touched.</param>
    nint Take(long bytes);

    /// <summary>What one <see cref="Take"/> gave is not needed any more.</summary>
    void GiveBack();
}
