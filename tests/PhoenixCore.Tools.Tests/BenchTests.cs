namespace PhoenixCore.Tools.Tests;

public class BenchTests
{
    [Theory]
    [InlineData("pwrite")]
    [InlineData("mapped")]
    public void A_short_run_shows_its_figures_keeps_the_books_and_leaves_nothing_behind(string writer)
    {
        var place = Directory.CreateTempSubdirectory("phoenix-tools-").FullName;
        try
        {
            var run = ToolRun.Ok("bench", "--dir", place, "--seconds", "0.3", "--wallets", "2000", "--writer", writer);

            Assert.Matches(@"throughput\s+[1-9][\d,]* transfers/s", run.Out);
            Assert.Matches(@"control\s+.*p50 [1-9]", run.Out);
            Assert.Matches(@"books\s+ok", run.Out);
            Assert.Empty(Directory.EnumerateFileSystemEntries(place));
        }
        finally
        {
            Directory.Delete(place, recursive: true);
        }
    }

    [Fact]
    public void A_place_that_is_not_there_is_not_made() => Assert.Equal(66, ToolRun.Of("bench", "--dir", "/nowhere/at/all").Code);
}
