using System.Text.RegularExpressions;
using Ark.Core.Base;

namespace Ark.Core.Checks;

/// <summary>
/// Reads what <see cref="HostFactsScript"/> printed. Whatever is not there or not understood makes its own section null and no other; no text makes
/// it throw.
/// </summary>
public static partial class HostFactsReader
{
    /// <summary>The output begins as the script's does: something on the machine ran it.</summary>
    public static bool IsAnswer(string output) => output.StartsWith("@@ begin\n", StringComparison.Ordinal) || output.Contains("\n@@ begin\n", StringComparison.Ordinal);

    /// <param name="question">What the script was made for.</param>
    /// <param name="machine">Address as in the properties.</param>
    /// <param name="output">Standard output of the script, whole or cut.</param>
    /// <param name="sent">The console's clock before the script was sent.</param>
    /// <param name="received">The console's clock when all its output was there.</param>
    public static HostFacts Read(HostFactsQuestion question, string machine, string output, DateTimeOffset sent, DateTimeOffset received)
    {
        var text = new HostText(output);
        return new()
        {
            Machine = machine,
            At = sent,
            Os = Os(text),
            Cpu = Cpu(text),
            Memory = Memory(text),
            Clock = HostClockReader.Read(text, sent, received),
            Names = Names(text),
            Network = HostNetworkReader.Network(text),
            Security = HostSecurityReader.Read(text),
            Limits = Limits(text),
            Sysctls = Sysctls(text, question),
            Modules = Modules(text, question),
            Storage = HostStorageReader.Read(text, question),
            Software = HostSoftwareReader.Read(text),
            Listeners = HostNetworkReader.Listeners(text),
            Engine = Engine(text),
        };
    }

    /// <summary>The file of a kernel setting. As sysctl has it, a slash in the name stands for a dot in the file's.</summary>
    internal static string SysctlFile(string name) => "/proc/sys/" + string.Concat(name.Select(c => c switch { '.' => '/', '/' => '.', _ => c }));

    private static OsFacts? Os(HostText text)
    {
        var release = text.HasFile("/etc/os-release") ? text.File("/etc/os-release") : text.File("/usr/lib/os-release");
        string Release(string key) => Unquote(HostText.Setting(release, key, '='));
        if (Release("ID") is not { Length: > 0 } id || text.Value("/proc/sys/kernel/osrelease") is not { } kernel) return null;
        var unified = text.HasFile("/sys/fs/cgroup/cgroup.controllers");
        var controllers = unified
            ? HostText.Words(text.Value("/sys/fs/cgroup/cgroup.controllers") ?? "")
            : text.File("/proc/cgroups").Select(HostText.Words).Where(w => w.Length == 4 && w[3] == "1").Select(w => w[0]);
        int? version = unified ? 2 : text.File("/proc/self/mounts").Select(HostText.Words).Any(w => w.Length > 2 && w[2] == "cgroup") ? 1 : null;
        return new(
            id, Release("ID_LIKE"), Version(Release("VERSION_ID"), text.Value("/etc/redhat-release")), Release("PRETTY_NAME") is { Length: > 0 } pretty ? pretty : Release("NAME"),
            text.First("machine"), kernel, text.First("virtualisation") is { Length: > 0 } kind ? kind : null,
            version, [.. controllers.Order(StringComparer.Ordinal)], text.Value("/proc/1/comm") ?? "");
    }

    /// <summary>CentOS 7 tells only its major version in os-release; redhat-release has the whole.</summary>
    private static string Version(string version, string? redhat) =>
        redhat is not null && !version.Contains('.') && ReleaseNumber().Match(redhat) is { Success: true } release && release.Groups[1].Value.StartsWith(version + ".", StringComparison.Ordinal)
            ? release.Groups[1].Value
            : version;

    private static string Unquote(string? value)
    {
        if (value is null) return "";
        if (value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0]) value = value[1..^1];
        return Escape().Replace(value, "$1");
    }

    private static CpuFacts? Cpu(HostText text)
    {
        if (text.Value("/sys/devices/system/cpu/online") is not { } online || Count(online) is not { } count) return null;
        string? Field(string name) => HostText.Setting(text.Lines("cpu"), name, ':');
        return new(
            count,
            Field("model name") ?? Field("Model") ?? Field("cpu") ?? Field("CPU part") ?? "",
            [.. HostText.Words(Field("flags") ?? Field("Features") ?? "").Order(StringComparer.Ordinal)],
            text.Value("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
    }

    /// <summary>How many are in a list such as <c>0-3,5</c>.</summary>
    private static int? Count(string list)
    {
        var count = 0L;
        foreach (var range in list.Split(','))
        {
            var ends = range.Split('-', 2);
            if (HostText.Number(ends[0]) is not { } first || HostText.Number(ends[^1]) is not { } last || first < 0 || last < first || last > 1_000_000) return null;
            count += last - first + 1;
        }

        return count <= int.MaxValue ? (int)count : null;
    }

    private static MemoryFacts? Memory(HostText text)
    {
        var lines = text.File("/proc/meminfo");
        long? Bytes(string name) => HostText.Setting(lines, name, ':') is { } value && HostText.Number(value.Replace(" kB", "", StringComparison.Ordinal)) is { } kilobytes ? kilobytes * 1024 : null;
        if (Bytes("MemTotal") is not { } total || (Bytes("MemAvailable") ?? Bytes("MemFree")) is not { } available || Bytes("SwapTotal") is not { } swap) return null;
        var boot = text.File("/etc/fstab").Where(line => !line.TrimStart().StartsWith('#') && HostText.Words(line) is { Length: > 2 } words && words[2] == "swap");
        var pages = Chosen().Match(text.Value("/sys/kernel/mm/transparent_hugepage/enabled") ?? "");
        return new(total, available, swap, [.. boot.Select(SysctlLine.Plain)], pages.Success ? pages.Groups[1].Value : null);
    }

    private static NameFacts? Names(HostText text)
    {
        if (text.Value("/proc/sys/kernel/hostname") is not { } name) return null;
        var resolver = text.File("/etc/resolv.conf").Select(HostText.Words).Where(w => w.Length > 1).ToList();
        var hosts = text.File(BaseNames.HostsFile);
        var block = hosts.SkipWhile(l => l != BaseNames.BlockBegin).Skip(1).TakeWhile(l => l != BaseNames.BlockEnd);
        return new(
            name,
            text.File("/etc/hostname").Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0 && l[0] != '#') ?? "",
            Resolved(text, "self") ?? [],
            text.Value("/etc/machine-id") ?? "",
            [.. resolver.Where(w => w[0] == "nameserver").Select(w => w[1])],
            resolver.LastOrDefault(w => w[0] is "search" or "domain")?[1..] ?? [],
            Resolved(text, "wildcard"),
            string.Concat(block.Select(l => l + "\n")));
    }

    /// <summary>What getent found; it ends with 2 where there is no such name. Null: it took too long, or is not there.</summary>
    private static IReadOnlyList<string>? Resolved(HostText text, string part) => text.Exit(part) switch
    {
        0 => [.. text.Lines(part).Select(l => HostText.Words(l).FirstOrDefault("")).Where(a => a.Length > 0).Distinct()],
        2 => [],
        _ => null,
    };

    private static LimitFacts? Limits(HostText text)
    {
        var lines = text.Lines("limits").Concat(text.File("/proc/self/limits")).ToList();
        long? Limit(string name) => lines.FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal)) is { } line
            && HostText.Words(line[name.Length..]) is [var soft, ..] ? soft == "unlimited" ? -1 : HostText.Number(soft) : null;
        return text.Lines("limits").FirstOrDefault(l => Octal().IsMatch(l)) is { } umask
            && Limit("Max open files") is { } files && Limit("Max processes") is { } processes && Limit("Max core file size") is { } core
            ? new(umask.PadLeft(4, '0'), files, processes, core)
            : null;
    }

    private static Dictionary<string, SysctlFacts>? Sysctls(HostText text, HostFactsQuestion question)
    {
        if (!text.Files.Any()) return null;
        var lines = SettingFiles.Sysctls(text);
        return question.Sysctls.Distinct().ToDictionary(
            name => name,
            name => new SysctlFacts(text.Value(SysctlFile(name)) is { } now ? SysctlLine.Plain(now) : null, SettingFiles.Sysctl(lines, name)));
    }

    private static Dictionary<string, ModuleFacts>? Modules(HostText text, HostFactsQuestion question)
    {
        if (!text.Has("modules") || !text.Files.Any()) return null;
        var (boot, loaded) = (SettingFiles.Modules(text), text.File("/proc/modules").Select(l => l.Split(' ')[0]).ToHashSet());
        var found = text.Lines("modules").Select(l => l.Replace('-', '_')).ToList();
        return question.Modules.Distinct().ToDictionary(name => name, name =>
        {
            var plain = name.Replace('-', '_');
            var files = found.Where(l => l.EndsWith($"/{plain}.ko", StringComparison.Ordinal)).ToList();
            // What works without being loaded is part of the kernel.
            var builtIn = !loaded.Contains(plain) && (files.Any(l => l.Contains("/modules.builtin:", StringComparison.Ordinal)) || Works(text, plain));
            return new ModuleFacts(builtIn || loaded.Contains(plain), builtIn || loaded.Contains(plain) || files.Count > 0, builtIn || boot.Contains(plain));
        });
    }

    /// <summary>The kernel shows what only this module gives.</summary>
    private static bool Works(HostText text, string module) => text.Names.Contains("/sys/module/" + module) || module switch
    {
        "8021q" => text.Names.Contains("/proc/net/vlan"),
        "br_netfilter" => text.Names.Contains("/proc/sys/net/bridge"),
        "ip_vs" => text.Names.Contains("/proc/net/ip_vs"),
        "nf_conntrack" => text.Names.Contains("/proc/sys/net/netfilter/nf_conntrack_max"),
        "overlay" => text.File("/proc/filesystems").Any(l => HostText.Words(l).LastOrDefault() == "overlay"),
        _ => false,
    };

    private static EngineFacts? Engine(HostText text) =>
        text.First("engine").Split('|') is [{ Length: > 0 } version, var api, var root, var driver, var cgroup, { Length: > 0 } swarm] ? new(version, api, root, driver, cgroup, swarm) : null;

    [GeneratedRegex(@"\brelease ([0-9][0-9.]*)", RegexOptions.CultureInvariant)]
    private static partial Regex ReleaseNumber();

    [GeneratedRegex(@"\\([\\""'$`])", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();

    [GeneratedRegex(@"\[(\w+)\]", RegexOptions.CultureInvariant)]
    private static partial Regex Chosen();

    [GeneratedRegex("^[0-7]{1,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex Octal();
}
