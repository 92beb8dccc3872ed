using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>What software may do on one machine about what a check found there. It says what should be; how is known in <c>Ark.Core.Fixes</c>.</summary>
public abstract record Fix;

/// <summary>A kernel setting, now and after a reboot.</summary>
/// <param name="Was">Its value now; null: not known, and undoing it leaves the value until the next reboot.</param>
public sealed record SetSysctl(string Name, string Value, string? Was) : Fix;

/// <summary>A module of the kernel, now and after a reboot.</summary>
public sealed record LoadModule(string Name) : Fix;

/// <summary>The host name, now and after a reboot, and a line for it in the hosts file.</summary>
/// <param name="Was">The name now.</param>
public sealed record SetHostName(string Name, string Was) : Fix;

/// <summary>Gives a name one address in the hosts file; other addresses of it there are taken out.</summary>
public sealed record SetHostsEntry(string Address, string Name) : Fix;

/// <summary>A machine id of its own in place of one that was cloned.</summary>
public sealed record RenewMachineId : Fix;

/// <summary>Name servers of a resolv.conf that nobody else keeps.</summary>
/// <param name="Servers">1 to 3 addresses, with spaces between.</param>
public sealed record SetNameServers(string Servers) : Fix;

/// <summary>Lets exactly these ports in through the firewall that runs there, now and after a reboot.</summary>
/// <param name="Unit">Unit of the firewall; empty: rules that somebody made by hand, and that a reboot takes away.</param>
public sealed record OpenPorts(string Unit, IReadOnlyList<PortUse> Ports) : Fix
{
    public bool Equals(OpenPorts? other) => other is not null && Unit == other.Unit && Ports.SequenceEqual(other.Ports);

    public override int GetHashCode() => HashCode.Combine(Unit, Ports.Count);
}

/// <summary>A unit of systemd: whether it runs, and whether it starts at boot; null: as it is.</summary>
public sealed record SetUnit(string Unit, bool? Runs, bool? AtBoot) : Fix;

/// <summary>SELinux only reports, now and after a reboot.</summary>
/// <param name="Enforces">It enforces now.</param>
public sealed record PermitSelinux(bool Enforces) : Fix;

/// <summary>Nothing is swapped, now and after a reboot.</summary>
public sealed record DropSwap : Fix;

/// <summary>A value in a file of the kernel under /sys, now and after a reboot.</summary>
/// <param name="Name">Of the file under /etc/tmpfiles.d that keeps it.</param>
public sealed record SetKernelFile(string Name, string Path, string Value, string Was) : Fix;

/// <summary>A limit of logins of an account.</summary>
/// <param name="Kinds"><c>soft</c>, or <c>soft hard</c>.</param>
public sealed record SetLimit(string Account, string Kinds, string Item, long Value, long Was) : Fix;

/// <summary>What new files are denied by default.</summary>
public sealed record SetUmask(string Value, string Was) : Fix;

/// <summary>A time service asks this server.</summary>
/// <param name="Service">Unit that keeps the time; empty: none, chrony is installed.</param>
public sealed record FollowClock(string Server, string Service) : Fix;

public sealed record SetTimeZone(string Zone, string Was) : Fix;

/// <param name="Packages">Names, with spaces between.</param>
public sealed record InstallPackages(string Packages) : Fix;

/// <summary>Owner root, and permissions, of a folder.</summary>
/// <param name="Mode">Octal: <c>711</c>.</param>
public sealed record SetAccess(string Path, string Mode, string Was) : Fix;

/// <summary>A setting of the SSH server, for everybody.</summary>
public sealed record SetSshd(string Setting, string Value, string Was) : Fix;
