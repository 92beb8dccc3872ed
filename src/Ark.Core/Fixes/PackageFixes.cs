using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Packages from the sources that the machine has. Only what came in is taken away again.</summary>
internal static class PackageFixes
{
    public static Change Of(InstallPackages fix, HostFacts machine) =>
        new("packages", $"no {fix.Packages}", $"{fix.Packages} installed") { Do = Install(machine, fix.Packages), Undo = Remove(machine) };

    /// <summary>Installs, and remembers in <c>$step/packages-before</c> what was there.</summary>
    public static string Install(HostFacts machine, string packages) => OsFamilies.IsDebian(machine)
        ? $$"""
            export DEBIAN_FRONTEND=noninteractive
            {{Installed(machine)}} > "$step/packages-before"
            apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install {{packages}} </dev/null >/dev/null 2>&1 || {
              said=$(apt-get -q -o DPkg::Lock::Timeout=120 update </dev/null 2>&1 >/dev/null | grep -m 1 '^[EW]: ') || true
              why=$(apt-get -q -y -o DPkg::Lock::Timeout=120 --no-install-recommends install {{packages}} </dev/null 2>&1 >/dev/null) || {
                printf '%s\n' "$said" "$why" | grep . >&2
                false
              }
            }
            {{New(machine)}}
            """
        : $$"""
            {{Installed(machine)}} > "$step/packages-before"
            {{Tool(machine)}} -q -y install {{packages}} </dev/null >/dev/null
            {{New(machine)}}
            """;

    /// <summary>Of an install that broke off, too: what is there half as well.</summary>
    public static string Remove(HostFacts machine) => $"""[ -e "$step/packages" ] || [ ! -e "$step/packages-before" ] || {New(machine)}""" + "\n" + (OsFamilies.IsDebian(machine)
        ? """[ ! -s "$step/packages" ] || DEBIAN_FRONTEND=noninteractive xargs apt-get -q -y -o DPkg::Lock::Timeout=120 purge < "$step/packages" >/dev/null"""
        : $"""[ ! -s "$step/packages" ] || xargs {Tool(machine)} -q -y remove < "$step/packages" >/dev/null""");

    private static string New(HostFacts machine) => $"""{Installed(machine)} | LC_ALL=C comm -13 "$step/packages-before" - > "$step/packages" """.TrimEnd();

    private static string Installed(HostFacts machine) => OsFamilies.IsDebian(machine)
        ? @"dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n '/^not-installed /d; /^config-files /d; s/^[^ ]* //p' | LC_ALL=C sort"
        : @"rpm -qa --qf '%{NAME}\n' | LC_ALL=C sort -u";

    private static string Tool(HostFacts machine) => machine.Software?.PackageTool == "yum" ? "yum" : "dnf";
}
