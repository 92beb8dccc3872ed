using System.Net;
using Ark.Core.Addressing;

namespace Ark.Core.Sites;

public enum SiteMode { Physical, Vm }

/// <summary>The customer's set of machines with its properties: the content of <c>ark.properties</c>, validated.</summary>
public sealed record Site
{
    public required SiteMode Mode { get; init; }

    /// <summary>In the order of <c>machine_ips</c>; the client too if it is one of them.</summary>
    public required IReadOnlyList<Machine> Machines { get; init; }

    public required IPAddress ClientAddress { get; init; }

    public required string MachineUser { get; init; }

    /// <summary>Null where the file leaves it out: it is asked for when it is needed.</summary>
    public SecretValue? MachinePassword { get; init; }

    public int SshPort { get; init; } = 22;

    /// <summary>Where Docker keeps its data on every machine.</summary>
    public required string DockerDir { get; init; }

    /// <summary>Physical mode only.</summary>
    public AddressPool? Pool { get; init; }

    /// <summary>Physical mode only.</summary>
    public int? VlanId { get; init; }

    /// <summary>Physical mode only: NIC or bond that carries the VLAN.</summary>
    public string? Uplink { get; init; }

    public string Region { get; init; } = "";

    public required string NtpServer { get; init; }

    /// <summary>Line 3.0 only: the customer's metadata database (<c>use_container_metadb=no</c>); null where it is a component.</summary>
    public ExternalDatabase? Metadb { get; init; }

    public bool Internet { get; init; }

    /// <summary>Root folder of the image packages on the client.</summary>
    public required string RegistryDir { get; init; }

    /// <summary>A registry on the internet, where <see cref="Internet"/> is true.</summary>
    public string? RegistryUrl { get; init; }

    /// <summary><c>3.0</c> or <c>3.1</c>, from <c>aliware_version</c> (<c>3.1.x</c>).</summary>
    public required string Line { get; init; }

    /// <summary>The customer's root domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The task chosen if a command names none.</summary>
    public string? TaskId { get; init; }

    /// <summary>Name servers that DNCS forwards other names to. Empty: machines keep their own.</summary>
    public IReadOnlyList<IPAddress> DnsForwarders { get; init; } = [];

    /// <summary>Machines resolve names through DNCS (<c>machine_dns=dncs</c>); base then owns <c>resolv.conf</c>.</summary>
    public bool MachinesUseDncs { get; init; }

    /// <summary>Ranges for Docker's own networks.</summary>
    public required IReadOnlyList<IPNetwork> DockerPools { get; init; }
}

/// <summary>One host of the site. Its name in plans and messages is its address, until facts tell its host name.</summary>
public sealed record Machine(IPAddress Address, IReadOnlyDictionary<string, string> Labels)
{
    public string Name => Address.ToString();

    /// <summary>The label <c>room</c>; one room if none says otherwise.</summary>
    public string Room => Labels.GetValueOrDefault("room", "");
}

/// <summary>A database that stands outside the site.</summary>
public sealed record ExternalDatabase(string Host, int Port, string User, SecretValue? Password);
