using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PhoenixCore.Faults.Tests.PowerCuts;

/// <summary>A user-mode Linux with a disk of its own, on which a driver runs. Cutting its power loses whatever its kernel had not yet written.</summary>
/// <remarks>The driver's file system lies in a file on another one, through a loop device: writes past the page cache then end in the outer file's cache, as they end in a disk's own cache,
/// and only a sync brings them further.</remarks>
internal sealed class Machine : IDisposable
{
    private const string Kernel = "/usr/bin/linux.uml";
    private const string Insmod = "/usr/sbin/insmod";
    private const string LoopModule = "kernel/drivers/block/loop.ko";
    private const string Ended = "the driver ended with";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly string _place = Directory.CreateTempSubdirectory("phoenix-power-").FullName;

    public Machine()
    {
        Directory.CreateDirectory(Outer);
        Directory.CreateDirectory(Inner);
        SystemCommand.Run("truncate", "-s", "512M", Disk);
        SystemCommand.Run("mkfs.ext4", "-q", "-F", Disk);
        SystemCommand.Run("mount", "-o", "loop", Disk, Outer);
        SystemCommand.Run("fallocate", "-l", "384M", InnerDisk);
        SystemCommand.Run("mkfs.ext4", "-q", "-F", InnerDisk);
        SystemCommand.Run("umount", Outer);
    }

    /// <summary>Why there is none here; null when there is.</summary>
    public static string? Missing { get; } = !File.Exists(Kernel) ? "no user-mode Linux (Debian: user-mode-linux)"
        : Environment.UserName != "root" ? "mounting a disk takes root"
        : !File.Exists(Insmod) ? "no insmod (Debian: kmod)"
        : Modules() == null ? "no loop device for user-mode Linux" : null;

    /// <summary>Where the disk can be looked at while the power is off.</summary>
    public string Data => Path.Combine(Inner, "data");

    private string Disk => Path.Combine(_place, "disk");

    private string Outer => Path.Combine(_place, "outer");

    private string InnerDisk => Path.Combine(Outer, "inner");

    private string Inner => Path.Combine(_place, "mounted");

    /// <summary>Boots, runs the driver's load, cuts the power.</summary>
    /// <param name="word">Of the driver, behind which the time counts: "opening" or "ready".</param>
    /// <param name="fault">Rules of the shim; null = no faults.</param>
    /// <returns>What the driver said, as far as it left the machine.</returns>
    public string RunUntilCut(string writer, int round, string word, TimeSpan after, string? fault)
    {
        var init = Path.Combine(_place, "init");
        File.WriteAllText(init, InitScript(writer, round, fault));
        SystemCommand.Run("chmod", "700", init);
        var start = new ProcessStartInfo(Kernel, ["rootfstype=hostfs", "rootflags=/", "ro", "mem=1G", "ubd0=" + Disk, "init=" + init, "con=null", "con0=null,fd:1", "quiet", "loglevel=0"]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        using var machine = Process.Start(start)!;
        var said = new StringBuilder();
        using var heard = new ManualResetEventSlim();
        var reading = Task.Run(async () =>
        {
            var buffer = new char[1 << 16];
            for (int got; (got = await machine.StandardOutput.ReadAsync(buffer)) > 0;)
            {
                said.Append(buffer, 0, got);
                if (heard.IsSet) continue;
                var text = said.ToString();
                if (text.Contains(word, StringComparison.Ordinal) || text.Contains(Ended, StringComparison.Ordinal)) heard.Set();
            }
        });
        machine.ErrorDataReceived += (_, _) => { };
        machine.BeginErrorReadLine();
        try
        {
            Assert.True(heard.Wait(Patience), "the machine does not come up: " + said);
            Thread.Sleep(after);
        }
        finally
        {
            machine.Kill(entireProcessTree: true);
        }

        Assert.True(machine.WaitForExit(Patience) && reading.Wait(Patience), "the machine does not end");
        Assert.False(said.ToString().Contains(Ended, StringComparison.Ordinal), "the driver ended by itself: " + said);
        return Lines(said.ToString());
    }

    /// <summary>The disk as the cut has left it.</summary>
    public void Mount()
    {
        SystemCommand.Run("mount", "-o", "loop", Disk, Outer);
        SystemCommand.Run("mount", "-o", "loop", InnerDisk, Inner);
    }

    public void Unmount()
    {
        SystemCommand.Run("umount", Inner);
        SystemCommand.Run("umount", Outer);
    }

    public void Dispose()
    {
        foreach (var mounted in new[] { Inner, Outer }) Process.Start(new ProcessStartInfo("umount", ["-q", mounted]) { RedirectStandardError = true })!.WaitForExit();
        Directory.Delete(_place, recursive: true);
    }

    private static string? Modules() => Directory.Exists("/usr/lib/uml/modules") ? Directory.GetDirectories("/usr/lib/uml/modules").Select(folder => Path.Combine(folder, LoopModule)).FirstOrDefault(File.Exists) : null;

    private static string InitScript(string writer, int round, string? fault) => string.Create(CultureInfo.InvariantCulture, $"""
        #!/bin/bash
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin
        mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev 2>/dev/null; mount -t tmpfs tmpfs /mnt
        mkdir /mnt/outer /mnt/inner /mnt/home
        insmod {Modules()}
        mount -t ext4 /dev/ubda /mnt/outer && mount -o loop /mnt/outer/inner /mnt/inner || exit 1
        stty raw -echo < /dev/console 2>/dev/null
        export HOME=/mnt/home TMPDIR=/mnt/home DOTNET_CLI_HOME=/mnt/home DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0 DOTNET_GCHeapHardLimit=10000000
        {(fault == null ? "" : $"export LD_PRELOAD={Shim.Path} FAULT={fault}")}
        {Path.Combine(AppContext.BaseDirectory, "PhoenixCore.Faults.Driver")} load /mnt/inner/data {writer} {TestSize.Seed} {round} 4 1048576 2>/mnt/home/errors
        echo "{Ended} $?"; cat /mnt/home/errors
        sleep 100

        """);

    /// <summary>The driver's lines; the kernel says things on the same console.</summary>
    private static string Lines(string said)
    {
        var lines = said.Replace("\r", "", StringComparison.Ordinal).Split('\n');
        var own = lines[..^1].Where(line => line is "opening" or "ready" or "done" || line.StartsWith("> ", StringComparison.Ordinal) || line.StartsWith("< ", StringComparison.Ordinal) || line.StartsWith("= ", StringComparison.Ordinal));
        return string.Concat(own.Select(line => line + "\n"));
    }
}
