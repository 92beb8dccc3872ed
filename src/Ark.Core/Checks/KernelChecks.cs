using System.Globalization;
using Ark.Core.Base;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Kernel settings and modules. What <c>ark base</c> sets by itself does not fail before it ran.</summary>
public static class KernelChecks
{
    /// <summary>Read after every other file of its kind.</summary>
    internal const string OwnFile = "/etc/sysctl.d/99-zz-site.conf";

    private const string Reserved = "net.ipv4.ip_local_reserved_ports";

    public static readonly IReadOnlyList<Check> All =
    [
        OfBase("ip-forwarding", 9, "net.ipv4.ip_forward", "IPv4 forwarding is on", "Packets from and to containers are not passed on.", Verdict.Fail),
        OfBase("max-map-count", 23, "vm.max_map_count", "Programs may map 262144 areas of memory", "Elasticsearch refuses to start with fewer.", Verdict.Fail).Unless(Arises.WithElasticsearch),
        OfBase("somaxconn", null, "net.core.somaxconn", "4096 connections may wait to be accepted", "Under load, connections are dropped before a program sees them.", Verdict.Warning, kernelMayDo: true),
        Setting("bridge-filter", "net.bridge.bridge-nf-call-iptables", "Packets over bridges pass the packet filter", v => v == "1", "1",
            "Docker's rules between containers have no effect on bridged packets.", mayBeAbsent: "the bridge's filter comes with the module br_netfilter, which Docker loads"),
        Setting("reverse-path", "net.ipv4.conf.all.rp_filter", "Answers that come back another way are not dropped", v => v is "0" or "2", "0 or 2",
            "Strict reverse-path filtering drops what comes in by another interface than answers would leave by.", value: "2"),
        Setting("swappiness", "vm.swappiness", "The kernel swaps reluctantly", v => Number(v) is <= 10, "at most 10",
            "The kernel moves programs' memory to disk to keep files in memory.", value: "10", unless: m => m.Memory is { SwapBytes: 0 } ? "there is no swap" : null),
        Setting("inotify-watches", "fs.inotify.max_user_watches", "65536 files may be watched", AtLeast(65536), "at least 65536",
            "Programs that follow logs fail with 'no space left on device' in many containers.", value: "524288"),
        Setting("inotify-instances", "fs.inotify.max_user_instances", "128 programs of one account may watch files", AtLeast(128), "at least 128",
            "Programs that follow logs fail with 'too many open files' in many containers.", value: "512"),
        Setting("file-max", "fs.file-max", "262144 files may be open on the machine", AtLeast(262144), "at least 262144",
            "Containers share that number: the last ones cannot open files or connections.", value: "1048576"),
        Setting("pid-max", "kernel.pid_max", "32768 threads may exist on the machine", AtLeast(32768), "at least 32768",
            "Containers share that number: the last ones cannot start threads.", value: "4194304"),
        Of("port-range", null, CheckGroup.Kernel, "Ports for outgoing connections are clear of those that instances listen on",
            m => m.Sysctls?.GetValueOrDefault("net.ipv4.ip_local_port_range"), PortRange),
        Module("module-overlay", "overlay", "The kernel has overlay file systems", Verdict.Fail, "Docker lays images over each other by it."),
        Module("module-br-netfilter", "br_netfilter", "The kernel filters bridged packets", Verdict.Warning, "Docker's rules between containers have no effect without it."),
        Module("module-nf-conntrack", "nf_conntrack", "The kernel follows connections", Verdict.Fail, "Docker's address translation needs it."),
        Module("module-openvswitch", "openvswitch", "The kernel has Open vSwitch's data path",
            Verdict.Warning, "Open vSwitch passes packets on in userspace without it, which costs processor time.", atBoot: true).Unless(Arises.InPhysicalMode),
    ];

    /// <summary>A setting that <c>ark base</c> writes, at least with its value.</summary>
    /// <param name="kernelMayDo">Kernels of today start with that value: it is enough where no file sets it.</param>
    private static Check OfBase(string id, int? requirement, string name, string title, string cause, Verdict wrong, bool kernelMayDo = false) =>
        Of(id, requirement, CheckGroup.Kernel, title, m => m.Sysctls?.GetValueOrDefault(name), (_, machine, fact) =>
        {
            var wanted = BaseLayout.Sysctls[name];
            var reaches = AtLeast(Number(wanted) ?? 0);
            var runs = machine.Engine is { Swarm: "active" };
            var lookUp = $"grep -rn {name} /etc/sysctl.conf /etc/sysctl.d /usr/lib/sysctl.d";
            var after = fact.AfterReboot is null ? "no file sets it" : $"after a reboot {fact.AfterReboot}";
            var should = $"{name} = {(wanted == "1" ? "1" : "at least " + wanted)}, now and after a reboot";
            var fix = fact.Now is { } value ? new SetSysctl(name, reaches(value) ? value : wanted, value) : null;
            var finding = fact switch
            {
                { Now: null } => Untold(machine, name),
                { AfterReboot: { } later } when runs && !reaches(later) => Shown(wrong, $"{name} = {fact.Now}, {after}",
                    should, $"A file that is read after {BaseNames.SysctlFile} sets it otherwise. {cause}", lookUp),
                { AfterReboot: { } later } when !reaches(later) => Shown(Verdict.Warning, $"{name} = {fact.Now}, {after}",
                    should, "A file sets it otherwise; where it is read after Ark's own it wins.", lookUp),
                { Now: { } now } when !reaches(now) => Shown(runs ? wrong : Verdict.Warning, $"{name} = {now}",
                    should, runs ? cause : $"{cause} The base, which sets it, has not been installed yet.", "ark base --part kernel"),
                { AfterReboot: null } when !runs && !kernelMayDo => Shown(Verdict.Warning, $"{name} = {fact.Now}, {after}",
                    should, "It was set for the moment only; the base, which writes it down, has not been installed yet.", "ark base --part kernel"),
                { AfterReboot: null } when !kernelMayDo => Shown(Verdict.Warning, $"{name} = {fact.Now}, {after}",
                    should, $"{BaseNames.SysctlFile} was taken away: a reboot brings the kernel's own value back.", "ark base --part kernel"),
                _ => Pass($"{name} = {fact.Now}, {after}", should),
            };
            return finding.Verdict is Verdict.Fail or Verdict.Warning ? finding with { Fix = fix } : finding;
        });

    private static Check Setting(
        string id, string name, string title, Func<string, bool> good, string wanted, string cause, string? value = null, string? mayBeAbsent = null, Func<HostFacts, string?>? unless = null) =>
        Of(id, null, CheckGroup.Kernel, title, m => m.Sysctls?.GetValueOrDefault(name), (_, machine, fact) =>
        {
            var remedy = $"echo '{name} = {value ?? wanted}' >> {OwnFile} && sysctl -p {OwnFile}";
            if (unless?.Invoke(machine) is { } reason)
                return NotApplicable(reason);
            if (fact.Now is not { } now)
                return mayBeAbsent is null ? Untold(machine, name) : NotApplicable(mayBeAbsent);
            if (!good(now))
                return Warn($"{name} = {now}", wanted, cause, remedy) with { Fix = new SetSysctl(name, value ?? wanted, now) };
            return fact.AfterReboot is { } later && !good(later)
                ? Warn($"{name} = {now}, after a reboot {later}", wanted, $"It was set for the moment only. {cause}", remedy) with { Fix = new SetSysctl(name, now, now) }
                : Pass($"{name} = {now}", wanted);
        });

    /// <param name="atBoot">Nothing loads it when it is needed.</param>
    private static Check Module(string id, string name, string title, Verdict wrong, string cause, bool atBoot = false) =>
        Of(id, null, CheckGroup.Kernel, title, m => m.Modules?.GetValueOrDefault(name), (_, machine, module) => module switch
        {
            { Loaded: false, Available: true } when atBoot => Warn($"{name} is there, but not loaded", $"{name} loaded, now and after a reboot", $"Nothing loads it by itself. {cause}",
                $"modprobe {name} && echo {name} >> /etc/modules-load.d/zz-site.conf") with { Fix = new LoadModule(name) },
            { Loaded: true } => Pass($"{name} is loaded"),
            { Available: true } => Pass($"{name} is there, and loaded when it is needed"),
            _ => Shown(wrong, $"no module {name}", $"{name} loaded, or to be had", $"The running kernel was built without it, or its modules are not installed. {cause}",
                OsFamilies.Of(machine) == OsFamily.Rhel ? OsFamilies.Install(machine, "kernel-modules-$(uname -r)") : "apt-get install -y --reinstall linux-image-$(uname -r)"),
        });

    private static Finding PortRange(CheckScope scope, HostFacts machine, SysctlFacts fact)
    {
        var bounds = (fact.Now ?? "").Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Select(Number).ToList();
        if (bounds is not [{ } low, { } high])
            return Untold(machine, "net.ipv4.ip_local_port_range");
        var ports = NeededPorts.OfBase(scope, machine.Machine).Concat(scope.Needs.GetValueOrDefault(machine.Machine)?.AllPorts().Select(p => p.Port) ?? []).Select(p => p.Number).Distinct().Order().ToList();
        var kept = machine.Sysctls?.GetValueOrDefault(Reserved)?.Now ?? "";
        var inside = ports.Where(p => p >= low && p <= high && !Ranges(kept).Any(r => p >= r.Low && p <= r.High)).ToList();
        var reserved = string.Join(',', (string[])[.. kept.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), .. inside.Select(p => p.ToString(CultureInfo.InvariantCulture))]);
        return inside.Count == 0
            ? Pass($"{low} to {high}")
            : Warn($"{low} to {high}, with {string.Join(", ", inside)} in it", $"without {string.Join(", ", inside)}",
                "An outgoing connection may take an instance's port for a while: the instance then fails to start.",
                $"echo '{Reserved} = {reserved}' >> {OwnFile} && sysctl -p {OwnFile}") with { Fix = new SetSysctl(Reserved, reserved, kept) };
    }

    /// <summary>Ports as the kernel lists them: <c>8080,9000-9100</c>.</summary>
    private static IEnumerable<(int Low, int High)> Ranges(string text) =>
        from part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        let ends = part.Split('-').Select(e => int.TryParse(e, out var port) ? port : -1).ToList()
        select (ends[0], ends[^1]);

    private static Finding Shown(Verdict verdict, string evidence, string wanted, string cause, string remedy) => new("", verdict, evidence, wanted, cause, remedy);

    private static Func<string, bool> AtLeast(long least) => text => Number(text) is { } number && number >= least;

    /// <summary>Numbers beyond 64 bits count as the greatest: the kernel prints 2^64-1 for "no limit".</summary>
    private static long? Number(string text) =>
        decimal.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (long)Math.Min(number, long.MaxValue) : null;
}
