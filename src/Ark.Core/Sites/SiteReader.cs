using System.Net;
using System.Text.RegularExpressions;

namespace Ark.Core.Sites;

/// <summary>From the text of <c>ark.properties</c> to a <see cref="Site"/>, or to all that is wrong with it.</summary>
public static partial class SiteReader
{
    /// <summary>For Docker's own networks if the file says nothing; clear of what companies usually use at the low end of 10/8.</summary>
    public const string DefaultDockerPool = "10.201.0.0/16";

    /// <param name="text">The file's content.</param>
    /// <param name="path">As problems name it: <c>bin/ark.properties</c>.</param>
    /// <returns>The site with warnings, or every problem at once with <c>path:line</c>.</returns>
    public static Outcome<Site> Read(string text, string path)
    {
        var properties = PropertiesText.Parse(text, path);
        var fields = new SiteFields(properties, path);
        foreach (var problem in properties.Problems)
            fields.Keep(problem, int.TryParse(problem.Place.AsSpan(problem.Place.LastIndexOf(':') + 1), out var at) ? at : 0);
        if (properties.Entries.Count == 0 && properties.Problems.Count > 0)
            return Outcome<Site>.Fail(fields.Problems);

        Keys(fields);
        var mode = Mode(fields);
        var machines = Machines(fields);
        var labels = MachineLabels.Read(fields, machines);
        var network = SiteNetwork.Read(fields, mode, machines);
        var line = Line(fields);
        var metadb = SiteDatabase.Read(fields, line);
        var site = Draft(fields, line, machines, network) with { Metadb = metadb };
        return Outcome<Site>.From(fields.Problems, () => site with
        {
            Mode = mode!.Value,
            Machines = [.. machines.Select(m => new Machine(m, labels.GetValueOrDefault(m, [])))],
        });
    }

    /// <summary>The site without what hangs on the mode; where something is wrong a stand-in is there, and the problem says so.</summary>
    private static Site Draft(SiteFields fields, string? line, IReadOnlyList<IPAddress> machines, SiteNetwork network)
    {
        var internet = fields.Flag("internet", false);
        return new()
        {
            Mode = default,
            Machines = [],
            ClientAddress = Client(fields, machines) ?? IPAddress.None,
            MachineUser = User(fields),
            MachinePassword = fields.Secret("machine_password"),
            SshPort = fields.Number("ssh_port", fields.Get("ssh_port"), 1, 65535) ?? 22,
            DockerDir = Folder(fields, "docker_dir"),
            Pool = network.Pool,
            VlanId = network.VlanId,
            Uplink = network.Uplink,
            Region = fields.Matching("region", fields.Get("region"), Word(), "a name of letters, digits and - _ .") ?? "",
            NtpServer = Host(fields, "ntp_server", fields.Need("ntp_server")) ?? "",
            Internet = internet,
            RegistryDir = Folder(fields, "registry_dir"),
            RegistryUrl = Registry(fields, internet),
            Line = line ?? "",
            Domain = Domain(fields),
            TaskId = fields.Matching("task_id", fields.Get("task_id"), Task(), "a task's id: letters, digits and - at most 32"),
            DnsForwarders = network.DnsForwarders,
            MachinesUseDncs = UsesDncs(fields, line, network.DnsForwarders.Count),
            DockerPools = network.DockerPools,
        };
    }

    private static void Keys(SiteFields fields)
    {
        var known = SiteProperty.All.Select(p => p.Key).ToList();
        foreach (var entry in fields.Entries.Where(e => !known.Contains(e.Key)))
        {
            var hint = Nearest.Hint(entry.Key, known);
            fields.Add("unknown-key", entry.Line, $"The key {SiteFields.Show(entry.Key)} is unknown.", hint.Length > 0 ? hint : "take it out");
        }

        if (fields.Number("schema", fields.Get("schema"), 0, int.MaxValue) is { } schema && schema != SiteProperty.Schema)
            fields.Add("unknown-schema", fields.LineOf("schema"), $"schema={schema} is not known to this program, which reads {SiteProperty.Schema}.", "use the program that came with the file, or write the file anew");
    }

    private static SiteMode? Mode(SiteFields fields)
    {
        if (fields.Need("mode") is not { } value)
            return null;
        SiteMode? mode = value.ToLowerInvariant() switch { "physical" => SiteMode.Physical, "vm" => SiteMode.Vm, _ => null };
        if (mode is null)
            fields.Add("bad-value", fields.LineOf("mode"), $"mode={SiteFields.Show(value)} is neither physical nor vm.", "write mode=physical or mode=vm");
        return mode;
    }

    private static List<IPAddress> Machines(SiteFields fields)
    {
        List<IPAddress> machines = [];
        Dictionary<IPAddress, int> lines = [];
        fields.Need("machine_ips");
        foreach (var (item, line) in fields.Items("machine_ips"))
        {
            if (fields.Address("machine_ips", item, line) is not { } address)
                continue;
            if (lines.TryAdd(address, line))
                machines.Add(address);
            else
                fields.Add("duplicate-machine", line, $"machine_ips: {address} stands twice{(lines[address] == line ? "" : $": first in line {lines[address]}")}.", "keep one of them");
        }

        return machines;
    }

    private static IPAddress? Client(SiteFields fields, IReadOnlyList<IPAddress> machines)
    {
        var client = fields.Address("client_ip", fields.Need("client_ip"));
        if (client is not null && machines.Count > 0 && !machines.Contains(client))
        {
            fields.Add("client-outside", fields.LineOf("client_ip"), $"The client {client} is not one of machine_ips: it will carry the console and the registry only.",
                "add it to machine_ips if containers may run there", Severity.Warning);
        }

        return client;
    }

    private static string User(SiteFields fields)
    {
        var user = fields.Matching("machine_user", fields.Need("machine_user"), Account(), "an account's name: letters, digits and - _ . at most 32") ?? "";
        if (user == "root")
        {
            fields.Add("root-user", fields.LineOf("machine_user"), "The machines are entered as root.", "better: an account with sudo, the same on all machines", Severity.Warning);
        }

        return user;
    }

    private static string Folder(SiteFields fields, string key)
    {
        var folder = fields.Matching(key, fields.Need(key), AbsolutePath(), "an absolute path of letters, digits and - _ . + @") ?? "";
        if (folder.Split('/').Any(part => part is ".." or "."))
            fields.Add("bad-value", fields.LineOf(key), $"{key}={SiteFields.Show(folder)} has a part '.' or '..'.", "write the path without");
        return folder.TrimEnd('/');
    }

    private static string? Registry(SiteFields fields, bool internet)
    {
        var value = fields.Matching("registry_url", fields.Get("registry_url"), RegistryAddress(), "a registry's address: host, port and path");
        if (internet && fields.Get("registry_url") is null)
            fields.Missing("registry_url", "because internet=yes");
        return value;
    }

    private static string Domain(SiteFields fields)
    {
        var value = fields.Need("domain")?.ToLowerInvariant().TrimEnd('.');
        return fields.Matching("domain", value, DomainName(), "a domain of two labels or more: letters, digits, dashes") ?? "";
    }

    private static string? Line(SiteFields fields)
    {
        if (fields.Need("aliware_version") is not { } version)
            return null;
        if (Version().Match(version) is { Success: true } match)
            return match.Groups[1].Value;
        fields.Add("bad-value", fields.LineOf("aliware_version"), $"aliware_version={SiteFields.Show(version)} is neither 3.0.x nor 3.1.x.", "write aliware_version=3.1.x, or 3.0.x for HAProxy in place of DNCS");
        return null;
    }

    private static bool UsesDncs(SiteFields fields, string? line, int forwarders)
    {
        var at = fields.LineOf("machine_dns");
        switch (fields.Get("machine_dns")?.ToLowerInvariant())
        {
            case null or "keep":
                return false;
            case "dncs" when line == "3.0":
                fields.Add("no-dncs", at, "machine_dns=dncs, but line 3.0 has no DNCS.", "write machine_dns=keep or aliware_version=3.1.x");
                return true;
            case "dncs":
                if (forwarders == 0)
                    fields.Add("no-forwarders", at, "machine_dns=dncs without dns_forwarders: the machines will resolve names of the task's domain only.", "write dns_forwarders=<the company's name servers>", Severity.Warning);
                return true;
            case { } other:
                fields.Add("bad-value", at, $"machine_dns={SiteFields.Show(other)} is neither dncs nor keep.", "write machine_dns=dncs or machine_dns=keep");
                return false;
        }
    }

    /// <summary>A host name or an IPv4 address.</summary>
    internal static string? Host(SiteFields fields, string key, string? value)
    {
        if (value is not null && value.All(c => char.IsAsciiDigit(c) || c == '.'))
            return fields.Address(key, value)?.ToString();
        return fields.Matching(key, value, HostName(), "a host name or an IPv4 address");
    }

    private const string DnsLabel = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    [GeneratedRegex($@"\A(?=.{{1,253}}\z){DnsLabel}(?:\.{DnsLabel})*\z")]
    private static partial Regex HostName();

    [GeneratedRegex($@"\A(?=.{{1,200}}\z){DnsLabel}(?:\.{DnsLabel})+\z")]
    private static partial Regex DomainName();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_.-]{0,31}\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9-]{0,31}\z")]
    private static partial Regex Task();

    [GeneratedRegex(@"\A(?:/[A-Za-z0-9._+@-]{1,255})+/?\z")]
    private static partial Regex AbsolutePath();

    [GeneratedRegex($@"\A(?:https?://)?{DnsLabel}(?:\.{DnsLabel})*(?::[0-9]{{1,5}})?(?:/[A-Za-z0-9._-]+)*/?\z")]
    private static partial Regex RegistryAddress();

    [GeneratedRegex(@"\A(3\.[01])(?:\.(?:x|X|[0-9]{1,4}))?\z")]
    private static partial Regex Version();
}
