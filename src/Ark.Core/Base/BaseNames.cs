namespace Ark.Core.Base;

/// <summary>Names and places of the base that stand on machines; a change of one needs a step that mends what stands there.</summary>
public static class BaseNames
{
    /// <summary>The registry's host name, the same for the client's and for its mirror; in every machine's hosts file.</summary>
    public const string RegistryHost = "registry.ark";

    public const int RegistryPort = 5000;

    /// <summary>What stands before an image's name: <c>registry.ark:5000</c>.</summary>
    public static readonly string Registry = $"{RegistryHost}:{RegistryPort}";

    public static readonly string AuthorityFile = $"/etc/docker/certs.d/{Registry}/ca.crt";

    public const string RegistryCertificate = "/etc/ark/registry/tls.crt";

    public const string RegistryKey = "/etc/ark/registry/tls.key";

    /// <summary>Whom the registry's image runs as; only it and root read the key.</summary>
    public const string RegistryUser = "5000:5000";

    public const string DaemonFile = "/etc/docker/daemon.json";

    public const string SysctlFile = "/etc/sysctl.d/90-ark.conf";

    public const string HostsFile = "/etc/hosts";

    public const string ResolverFile = "/etc/resolv.conf";

    /// <summary>Where the files that Ark replaced are kept, under their own paths.</summary>
    public const string BeforeDir = "/var/lib/ark/before";

    /// <summary>The registry that machines use, over TLS.</summary>
    public const string RegistryContainer = "ark-registry";

    /// <summary>The same images in clear on the client's loopback, port 80.</summary>
    public const string LoopbackContainer = "ark-registry-loopback";

    /// <summary>On containers of the base, with their names.</summary>
    public const string ContainerLabel = "ark.base";

    public const string BlockBegin = "# ark: begin";

    public const string BlockEnd = "# ark: end";
}
