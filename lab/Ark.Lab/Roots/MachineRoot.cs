using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Lab.Computer;
using Ark.Lab.Labs;

namespace Ark.Lab.Roots;

/// <summary>
/// The file system that all machines start from: Debian as a server of a data centre has it, without Docker and without .NET. Made once with
/// mmdebstrap, kept as a tar in the cache under a hash of what it is made from, and unpacked beside it for the machines to share.
/// </summary>
internal sealed class MachineRoot
{
    private const string Suite = "bookworm";

    private static readonly string[] Packages = ["systemd", "systemd-sysv", "dbus", "openssh-server", "sudo", "ifupdown", "iproute2", "iputils-ping", "iptables",
        "nftables", "kmod", "procps", "chrony", "ca-certificates", "curl", "less", "netbase", "tzdata", "xz-utils"];

    private readonly string _mirror = Environment.GetEnvironmentVariable("ARK_DEBIAN_MIRROR") ?? "";
    private readonly string _script = LabHome.Script("customise.sh");

    public MachineRoot() => Key = Hash();

    /// <summary>12 hex digits over everything that goes into it.</summary>
    public string Key { get; }

    /// <summary>The unpacked root. Machines have it as the lower layer of their disk: never write into it.</summary>
    public string Folder => Path.Combine(LabHome.Cache, $"root-{Key}");

    private string Tar => Folder + ".tar";

    /// <summary>Makes what is missing. Several labs may ask at the same time: one makes it, the others wait.</summary>
    public async Task<Outcome<MachineRoot>> EnsureAsync(Action<string> tell, CancellationToken cancellation)
    {
        if (Directory.Exists(Folder))
            return Outcome<MachineRoot>.Of(this);
        using var turn = await FileLock.TakeAsync(Path.Combine(LabHome.Cache, "root.lock"), cancellation);
        if (!File.Exists(Tar))
        {
            tell("making the machines' file system from Debian packages (once, about a minute)");
            if (await MakeAsync(cancellation) is { } problem)
                return Outcome<MachineRoot>.Fail(problem);
        }
        if (!Directory.Exists(Folder))
        {
            tell("unpacking the machines' file system");
            await UnpackAsync(cancellation);
        }
        return Outcome<MachineRoot>.Of(this);
    }

    private async Task<Problem?> MakeAsync(CancellationToken cancellation)
    {
        var hook = Path.Combine(LabHome.Cache, "customise.sh");
        foreach (var old in Directory.EnumerateFiles(LabHome.Cache, "*.unfinished"))
            File.Delete(old);
        var unfinished = $"{Tar}.{Environment.ProcessId}.unfinished";
        await File.WriteAllTextAsync(hook, _script, cancellation);
        List<string> command = ["mmdebstrap", "--variant=minbase", "--format=tar", $"--include={string.Join(',', Packages)}",
            "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*", $"--customize-hook=sh '{hook}' \"$1\"", Suite, unfinished];
        if (_mirror.Length > 0)
            command.Add(_mirror);
        var environment = new Dictionary<string, string> { ["ACCOUNT"] = LabDefinition.User, ["PASSWORD"] = LabDefinition.Password };
        var answer = await Programs.RunAsync(command, cancellation, environment: environment);
        if (!answer.Ok)
        {
            var log = Path.Combine(LabHome.Cache, "mmdebstrap.log");
            await File.WriteAllTextAsync(log, answer.Error, cancellation);
            var cause = answer.Error.Split('\n').LastOrDefault(l => l.StartsWith("E: ", StringComparison.Ordinal)) ?? $"exit code {answer.ExitCode}";
            return new Problem("no-machine-root", "mmdebstrap", $"The machines' file system could not be made: {cause}",
                $"read {log}; if Debian's packages are served elsewhere here, name the place: ARK_DEBIAN_MIRROR=… ./ark lab up");
        }
        File.Move(unfinished, Tar, overwrite: true);
        return null;
    }

    private async Task UnpackAsync(CancellationToken cancellation)
    {
        var unfinished = Folder + ".unfinished";
        await Programs.MustAsync(cancellation, "rm", "-rf", unfinished);
        Directory.CreateDirectory(unfinished);
        await Programs.MustAsync(cancellation, "tar", "--extract", "--numeric-owner", "--xattrs", "--xattrs-include=*", "--file", Tar, "--directory", unfinished);
        Directory.Move(unfinished, Folder);
    }

    private string Hash()
    {
        var inputs = string.Join('\n', [Suite, _mirror, RuntimeInformation.OSArchitecture.ToString(), LabDefinition.User, LabDefinition.Password, .. Packages, _script]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(inputs)))[..12];
    }
}
