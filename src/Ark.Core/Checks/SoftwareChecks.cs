using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Packages, tools, and the engine where one is installed already.</summary>
public static class SoftwareChecks
{
    /// <summary>The oldest version of Docker's API that Ark speaks.</summary>
    private static readonly (int Major, int Minor) OldestApi = (1, 41);

    /// <summary>Without them the base cannot be installed; a system that lacks one is a minimal install.</summary>
    public static readonly IReadOnlyList<string> Essential = ["awk", "base64", "bash", "find", "getent", "gzip", "ip", "iptables", "modprobe", "ps", "sed", "sha256sum", "sudo",
        "sysctl", "systemctl", "tar", "timeout"];

    /// <summary>What people look for on a machine that is in trouble.</summary>
    public static readonly IReadOnlyList<string> Common = ["curl", "lsof", "nc", "ping", "rsync", "ss", "sshpass", "tcpdump", "telnet", "vi"];

    private static readonly HashSet<string> Engines = ["docker-ce", "docker-ce-cli", "docker.io", "moby-engine", "containerd.io", "containerd", "docker-buildx-plugin", "docker-compose-plugin"];

    public static readonly IReadOnlyList<Check> All =
    [
        Of("package-source", 2, CheckGroup.Software, "A package source is configured", m => m.Software, Source),
        Of("not-minimal", 1, CheckGroup.Software, "The system is more than a minimal install",
            m => m.Software, (_, machine, software) => software.MissingTools.Intersect(Essential).ToList() is { Count: > 0 } missing
            ? Fail($"no {string.Join(", ", missing)}", string.Join(", ", Essential), "The system was installed with next to nothing: the base needs these.",
                OsFamilies.Install(machine, missing.Select(t => OsFamilies.PackageOf(machine, t)))) with { Fix = Install(machine, missing) }
            : Pass("what the base needs is there")),
        Of("common-tools", 2, CheckGroup.Software, "Common tools are installed",
            m => m.Software, (_, machine, software) => software.MissingTools.Except(Essential).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing
            ? Warn($"no {string.Join(", ", missing)}", "installed", "They were left out of the install; whoever looks for a fault will want them.",
                OsFamilies.Install(machine, missing.Select(t => OsFamilies.PackageOf(machine, t)))) with { Fix = Install(machine, missing) }
            : Pass("common tools are there")),
        Of("no-conflicts", null, CheckGroup.Software, "No package stands in Docker's way", m => m.Software, Conflicts),
        OfEngine("docker-api", "Docker speaks an API that Ark speaks", (_, machine, engine) => SystemChecks.Number(engine.ApiVersion) is { } version && version.CompareTo(OldestApi) >= 0
            ? Pass($"Docker {engine.Version}, API {engine.ApiVersion}")
            : Fail($"Docker {engine.Version}, API {engine.ApiVersion}", "API 1.41 or later, as of Docker 20.10", "Docker was installed before Ark came, in a version of old.",
                OsFamilies.Of(machine) == OsFamily.Debian
                    ? "apt-get remove -y docker docker.io docker-ce docker-engine, then: ark base --part docker"
                    : "yum remove -y docker docker-ce docker-engine, then: ark base --part docker")),
        OfEngine("docker-root", "Docker keeps its data where the site wants it", (scope, _, engine) => engine.RootDirectory.TrimEnd('/') == scope.Site.DockerDir.TrimEnd('/')
            ? Pass($"data in {engine.RootDirectory}")
            : Warn($"data in {engine.RootDirectory}", $"data in {scope.Site.DockerDir}",
                "Docker was installed before Ark came. The base moves it: containers and images in the old folder are not seen any more.", "ark base --part docker")),
        OfEngine("docker-storage", "Docker lays images over each other by overlays", (_, _, engine) => engine.StorageDriver is "overlay2" or "overlayfs"
            ? Pass(engine.StorageDriver)
            : Warn(engine.StorageDriver, "overlay2", "Docker chose a slower way, for its folder's file system or for a setting of old.",
                "ark check --only docker-dir-type, then take storage-driver out of /etc/docker/daemon.json and: systemctl restart docker")),
        OfEngine("swarm-state", "The machine's Swarm is in order", (_, _, engine) => engine.Swarm switch
        {
            "active" or "inactive" => Pass($"Swarm {engine.Swarm}"),
            "locked" => Fail("Swarm locked", "Swarm active or inactive", "It was locked with a key, and Docker was restarted since.", "docker swarm unlock"),
            _ => Fail($"Swarm {engine.Swarm}", "Swarm active or inactive", "The machine could not join its Swarm, or lost it.",
                "journalctl -u docker -n 50; if it belongs to none any more: docker swarm leave --force"),
        }),
        DockerSame(),
    ];

    /// <summary>Null where no source of packages is known.</summary>
    private static InstallPackages? Install(HostFacts machine, IReadOnlyList<string> tools) => machine.Software is { PackageSources.Count: > 0 }
        ? new(string.Join(' ', tools.Select(t => OsFamilies.PackageOf(machine, t)).Distinct().Order(StringComparer.Ordinal)))
        : null;

    private static Finding Source(CheckScope scope, HostFacts machine, SoftwareFacts software) => software switch
    {
        { PackageTool: "" } => Fail("no package tool", "apt, dnf or yum", "The system has no packages, or none that Ark knows.", "install a system of the RHEL or Debian family"),
        { PackageSources.Count: 0 } => Warn($"{software.PackageTool} without a source", "one that answers",
            "Nobody has told the machine where packages come from: common tools cannot be installed.",
            software.PackageTool == "apt"
                ? "echo 'deb http://MIRROR/debian CODENAME main' > /etc/apt/sources.list && apt-get update"
                : $"write the mirror's .repo file into /etc/yum.repos.d, then: {software.PackageTool} makecache"),
        _ => Pass($"{software.PackageTool}: {string.Join(", ", software.PackageSources)}"),
    };

    private static Finding Conflicts(CheckScope scope, HostFacts machine, SoftwareFacts software)
    {
        var engines = software.Conflicts.Where(Engines.Contains).Order(StringComparer.Ordinal).ToList();
        var others = software.Conflicts.Except(engines).Order(StringComparer.Ordinal).ToList();
        var remove = $"{(software.PackageTool is "" or "apt" ? "apt-get" : software.PackageTool)} remove -y ";
        if (others.Count > 0)
            return Fail($"{string.Join(", ", others)} installed", "not installed", "It puts a program of its own in the place of docker.", remove + string.Join(' ', others));
        if (engines.Count > 0 && machine.Engine is null)
            return Warn($"{string.Join(", ", engines)} installed, but no engine answers", "Docker that answers, or none", "Docker was installed before Ark came, and does not run.",
                "systemctl enable --now docker");
        return Pass(engines.Count == 0 ? "no such package" : $"{string.Join(", ", engines)}, which answers");
    }

    /// <summary>A machine without an engine has nothing to be judged: the base installs one.</summary>
    private static Check OfEngine(string id, string title, Func<CheckScope, HostFacts, EngineFacts, Finding> judge) =>
        new(id, null, CheckGroup.Software, title, scope => scope.Machines.Select(m => NoEngine(m) ?? judge(scope, m, m.Engine!) with { Machine = m.Machine }));

    private static Check DockerSame()
    {
        var same = Agreement.Same("docker-same", null, CheckGroup.Software, "All machines that have Docker have the same version", m => $"Docker {m.Engine!.Version}", Verdict.Warning,
            "The machines were installed at different times.", (machine, _) => $"ark machine drain {machine.Machine}, install that version there, then: ark base");
        return same with { Judge = scope => [.. same.Judge(scope with { Machines = [.. scope.Machines.Where(m => NoEngine(m) is null)] }), .. scope.Machines.Select(NoEngine).OfType<Finding>()] };
    }

    private static Finding? NoEngine(HostFacts machine) => machine switch
    {
        { Unreached: not null } or { Os: null, Software: null, Engine: null } => Unknown(machine),
        { Engine: null } => NotApplicable("no engine yet: ark base installs Docker") with { Machine = machine.Machine },
        _ => null,
    };
}
