using System.Security.Cryptography;
using System.Text;
using PhoenixCore.Faults.Tests.Events;
using PhoenixCore.Shard;
using Xunit.Abstractions;

namespace PhoenixCore.Faults.Tests.Hostile;

/// <summary>Everything that a server writes, over a kill and a failed sync at the most talkative log level, against every secret it knew.</summary>
public class SecretTests(ITestOutputHelper output)
{
    private const string TokenKey = "token-key.pem";
    private const string SealingKey = "secrets.key";

    [ShimFact]
    public async Task No_secret_stands_in_a_file_a_line_or_an_answer()
    {
        using var place = new TemporaryDirectory();
        await using var receiver = await HookReceiver.StartAsync();
        var (secrets, written) = (new List<Secret>(), new List<(string Place, byte[] Content)>());
        foreach (var (life, fault) in new[] { (1, null), (2, "fdatasync:150:EIO") })
        {
            using var server = ServerProcess.Start(place.Data, fault, "--log-level", "debug", "--webhook-private-targets", "true");
            using var user = new SecretUser(server, receiver.Address, life);
            await user.UseAllAsync();
            written.Add(($"command line {life}", await File.ReadAllBytesAsync($"/proc/{server.Id}/cmdline")));
            if (fault is null) server.Kill();
            else await LoadAsync(server);
            Assert.Equal(fault is null ? 137 : ShardFault.StorageFailed, server.WaitEnd());
            written.Add(($"output {life}", Encoding.UTF8.GetBytes(server.Said)));
            written.AddRange(user.Answers.Select(answer => ($"answer in life {life}", Encoding.UTF8.GetBytes(answer))));
            secrets.AddRange(user.Secrets);
        }

        var files = Directory.GetFiles(place.Root, "*", SearchOption.AllDirectories).Select(path => (Place: Path.GetRelativePath(place.Data, path), Content: File.ReadAllBytes(path))).ToArray();
        var (privateKey, sealing) = (PrivateKeyOf(files.Single(file => file.Place == TokenKey).Content), Secret.OfBytes("the sealing key", Convert.FromBase64String(Encoding.ASCII.GetString(files.Single(file => file.Place == SealingKey).Content))));
        var found = new List<string>();
        foreach (var (where, content) in files.Concat(written).SelectMany(WithLinesJoined))
        {
            foreach (var secret in secrets.Append(privateKey).Append(sealing).Where(secret => !(secret == privateKey && where == TokenKey) && !(secret == sealing && where == SealingKey)))
            {
                if (secret.FormIn(content) is { } form) found.Add($"{secret.Name} stands in {where} as {form}: {LineWith(secret, content)}");
            }
        }

        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
        AssertSearchSees(files, privateKey);
        output.WriteLine($"{secrets.Count + 2} secrets in 10 forms each: 0 hits in {files.Length} files of {files.Sum(file => file.Content.Length) >> 20} MiB and {written.Count} outputs and answers");
    }

    /// <summary>What has to be found is found, in a journal and in the one file that holds a key; a caller's text is enciphered.</summary>
    private static void AssertSearchSees((string Place, byte[] Content)[] files, Secret privateKey)
    {
        var needle = Secret.OfText("needle", "needle-1");
        Assert.Contains(files, file => needle.FormIn(file.Content) == "raw");
        var hidden = Secret.OfText("hidden", "hidden-1");
        Assert.DoesNotContain(files, file => hidden.FormIn(file.Content) != null);
        Assert.Contains(files.SelectMany(WithLinesJoined), file => file.Place == TokenKey && privateKey.FormIn(file.Content)?.StartsWith("base64", StringComparison.Ordinal) == true);
    }

    private static async Task LoadAsync(ServerProcess server)
    {
        var load = new RestLoad();
        await load.MakeWalletsAsync(server);
        await load.RunAsync(server, round: 0, clients: 4);
    }

    private static Secret PrivateKeyOf(byte[] pem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(pem));
        return Secret.OfBytes("the token key", key.ExportParameters(includePrivateParameters: true).D!);
    }

    private static IEnumerable<(string Place, byte[] Content)> WithLinesJoined((string Place, byte[] Content) file)
    {
        yield return file;
        if (file.Content.Length < 1 << 20) yield return (file.Place, Array.FindAll(file.Content, letter => letter is not ((byte)'\n' or (byte)'\r')));
    }

    private static string LineWith(Secret secret, byte[] content) => Encoding.Latin1.GetString(content).Split('\n').FirstOrDefault(line => line.Length < 2_000 && secret.FormIn(Encoding.Latin1.GetBytes(line)) != null) ?? $"{content.Length} bytes";
}
