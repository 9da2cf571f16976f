namespace PhoenixCore.Faults.Tests;

/// <summary>The journal's own files, asked to sync by a process whose sync fails.</summary>
public class FailedSyncTests
{
    [ShimTheory]
    [InlineData("fdatasync:1:EIO", "refused 5")]
    [InlineData("fdatasync:1:ENOSPC", "refused 28")]
    [InlineData("pwrite:1:EIO", "refused 5")]
    [InlineData("fdatasync:2:EIO", "synced")]
    public void A_failed_sync_is_an_exception_and_never_silence(string fault, string said)
    {
        // The base library's flush calls fsync and hides its error: a file that went back to it would say "synced".
        using var place = new TemporaryDirectory();
        using var driver = DriverProcess.Start(["sync", place.Data], fault);
        Assert.Equal((0, said), (driver.WaitEnd().ExitCode, driver.WaitEnd().Said.TrimEnd()));
    }
}
