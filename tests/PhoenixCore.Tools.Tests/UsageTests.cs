namespace PhoenixCore.Tools.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("--verbose")]
    [InlineData]
    [InlineData("journal")]
    [InlineData("journal", "dump")]
    [InlineData("journal", "dump", ".", "--colour")]
    [InlineData("journal", "dump", ".", "--limit", "0")]
    [InlineData("journal", "dump", ".", "--from-sequence", "minus")]
    [InlineData("balance", ".")]
    [InlineData("balance", ".", "alice", "--at", "yesterday")]
    [InlineData("balance", ".", "alice", "--sequence", "0")]
    [InlineData("balance", ".", "alice", "--at", "2026-01-01", "--sequence", "4")]
    [InlineData("bench", "--writer", "quill")]
    [InlineData("bench", "--seconds", "0")]
    [InlineData("bench", "--batch", "100000")]
    public void Wrong_usage_ends_with_64_and_a_reason(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);

        Assert.Equal(64, run.Code);
        Assert.StartsWith("phx: ", run.Error);
        Assert.Equal("", run.Out);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("journal", "dump", "--help")]
    [InlineData("journal", "verify", "--help")]
    [InlineData("balance", "--help")]
    [InlineData("bench", "--help")]
    [InlineData("tenant", "create", "--help")]
    [InlineData("key", "rotate", "--help")]
    public void Help_lists_the_exit_codes(params string[] arguments)
    {
        var run = ToolRun.Ok(arguments);

        Assert.All((int[])[0, 64, 65, 66, 69, 70, 71, 73, 76, 77], code => Assert.Contains($"\n  {code} ", run.Out, StringComparison.Ordinal));
    }

    [Fact]
    public void A_directory_that_is_not_there_or_holds_no_journal_is_named()
    {
        var empty = Directory.CreateTempSubdirectory("phoenix-tools-").FullName;
        try
        {
            foreach (var place in new[] { empty, Path.Combine(empty, "missing") })
            {
                var run = ToolRun.Of("journal", "verify", place);
                Assert.Equal(66, run.Code);
                Assert.Contains(place, run.Error, StringComparison.Ordinal);
            }

            Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
        }
        finally
        {
            Directory.Delete(empty, recursive: true);
        }
    }
}
