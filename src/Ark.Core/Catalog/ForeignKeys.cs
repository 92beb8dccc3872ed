using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>Keys of the Compose specification that a component does not have, with what is written instead.</summary>
internal static class ForeignKeys
{
    private const string Decides = "leave it out: ";
    private const string InImage = "set it in the image (images/<name>/Dockerfile)";
    private const string InBase = "leave it out: kernel and engine are set for the whole machine by 'ark base'";

    /// <summary>What to write instead of a service's key.</summary>
    public static IReadOnlyDictionary<string, string> Service { get; } = new Dictionary<string, string>
    {
        ["annotations"] = Decides + "nothing reads it",
        ["attach"] = Decides + "'ark' shows logs on demand",
        ["blkio_config"] = Decides + "Swarm services cannot be limited in disk throughput",
        ["build"] = "make images/<name>/Dockerfile, run 'ark images build', and name the image in 'image'",
        ["cgroup"] = InBase,
        ["cgroup_parent"] = InBase,
        ["configs"] = "list them under the component's 'files', as templates beside component.yaml",
        ["container_name"] = Decides + "an instance is called <component>-<number>",
        ["cpu_count"] = "write deploy.resources.limits.cpus",
        ["cpu_percent"] = "write deploy.resources.limits.cpus",
        ["cpu_period"] = "write deploy.resources.limits.cpus",
        ["cpu_quota"] = "write deploy.resources.limits.cpus",
        ["cpu_rt_period"] = InBase,
        ["cpu_rt_runtime"] = InBase,
        ["cpu_shares"] = "write the component's 'resources.cpus'",
        ["cpus"] = "write deploy.resources.limits.cpus",
        ["cpuset"] = "write deploy.resources.limits.cpus, or 'placement: {exclusive: true}' for a machine of its own",
        ["credential_spec"] = "list it under the component's 'files'",
        ["depends_on"] = "write the component's 'dependsOn'",
        ["develop"] = Decides + "it is for development only",
        ["device_cgroup_rules"] = Decides + "Swarm services have no devices",
        ["devices"] = Decides + "Swarm services have no devices",
        ["dns"] = Decides + "machines and containers ask the task's name service",
        ["dns_opt"] = Decides + "machines and containers ask the task's name service",
        ["dns_search"] = Decides + "machines and containers ask the task's name service",
        ["domainname"] = Decides + "the task's domain is {{ task.domain }}",
        ["driver_opts"] = Decides + "Ark decides the network",
        ["env_file"] = "write 'environment', or a file under the component's 'files'",
        ["expose"] = "write the component's 'ports'",
        ["extends"] = "write the component out; a whole component is taken over with 'include' in baseline.yaml",
        ["external_links"] = "use the other component's name: <component>.{{ task.domain }}, or components['<component>'] in templates",
        ["extra_hosts"] = "use names of the task's domain; names of other hosts belong into the site's name service",
        ["gpus"] = Decides + "Swarm services have no devices",
        ["group_add"] = InImage,
        ["ipc"] = Decides + "containers do not share it",
        ["isolation"] = Decides + "it is for Windows",
        ["label_file"] = Decides + "Ark writes the labels of services",
        ["labels"] = Decides + "Ark writes the labels of services; wanted labels of machines are 'placement.labels'",
        ["links"] = "use the other component's name: <component>.{{ task.domain }}, or components['<component>'] in templates",
        ["logging"] = InBase,
        ["mac_address"] = Decides + "Ark decides the network",
        ["mem_limit"] = "write deploy.resources.limits.memory",
        ["mem_reservation"] = "write the component's 'resources.memory'",
        ["mem_swappiness"] = InBase,
        ["memswap_limit"] = "write deploy.resources.limits.memory",
        ["models"] = Decides + "Ark runs middleware",
        ["network_mode"] = Decides + "Ark decides: the machine's network in VM mode, an address of its own in physical mode",
        ["networks"] = Decides + "Ark decides: the machine's network in VM mode, an address of its own in physical mode",
        ["oom_kill_disable"] = Decides + "an instance beyond its memory is killed and started anew",
        ["oom_score_adj"] = Decides + "an instance beyond its memory is killed and started anew",
        ["pid"] = Decides + "containers do not share it",
        ["pids_limit"] = "write deploy.resources.limits.pids",
        ["platform"] = Decides + "images are built for the site's machines",
        ["ports"] = "write the component's 'ports': {name, port, protocol}; nothing is mapped, an instance listens on its own address",
        ["post_start"] = "write the component's 'init'",
        ["pre_stop"] = "write 'stop_signal' and 'stop_grace_period', or the component's 'leave' for when an instance goes for good",
        ["privileged"] = Decides + "Swarm services cannot be privileged; name the few rights that are needed in 'cap_add'",
        ["profiles"] = Decides + "the task chooses its components",
        ["provider"] = Decides + "a component is a container",
        ["pull_policy"] = Decides + "Ark pulls images by digest before it touches anything",
        ["replicas"] = "write the component's 'count'",
        ["restart"] = Decides + "Swarm starts a dead or unhealthy instance anew",
        ["runtime"] = InBase,
        ["scale"] = "write the component's 'count'",
        ["secrets"] = "make a parameter of type 'secret' and set it into a file with 'secret: true' under the component's 'files'",
        ["security_opt"] = Decides + "Swarm services run with the engine's defaults",
        ["shm_size"] = "write 'tmpfs: [/dev/shm]'",
        ["stdin_open"] = Decides + "an instance has no terminal",
        ["storage_opt"] = InBase,
        ["tty"] = Decides + "an instance has no terminal",
        ["use_api_socket"] = Decides + "no container reaches the engine",
        ["userns_mode"] = InBase,
        ["uts"] = Decides + "containers do not share it",
        ["volumes_from"] = Decides + "a volume belongs to one instance",
    };

    /// <summary>What to write instead of a key of <c>deploy</c>.</summary>
    public static IReadOnlyDictionary<string, string> Deploy { get; } = new Dictionary<string, string>
    {
        ["endpoint_mode"] = Decides + "Ark decides the network",
        ["labels"] = Service["labels"],
        ["mode"] = "write the component's 'count'",
        ["placement"] = "write the component's 'placement'",
        ["replicas"] = "write the component's 'count'",
        ["restart_policy"] = Service["restart"],
        ["rollback_config"] = "write the component's 'update'; a failed upgrade is undone over all instances",
        ["update_config"] = "write the component's 'update'; instances are always replaced one at a time",
    };

    public static IReadOnlyDictionary<string, string> Resources { get; } = new Dictionary<string, string>
    {
        ["reservations"] = "write the component's 'resources': {cpus, memory, disk}",
    };

    public static IReadOnlyDictionary<string, string> Healthcheck { get; } = new Dictionary<string, string>
    {
        ["disable"] = "leave it out: every component has a healthcheck",
        ["start_interval"] = "leave it out: engines of today's systems do not know it",
    };

    public static IReadOnlyDictionary<string, string> Volume { get; } = new Dictionary<string, string>
    {
        ["bind"] = "write a named volume: Ark gives containers nothing of the machine",
        ["consistency"] = Decides + "it does nothing here",
        ["image"] = "put the files into the component's own image",
        ["tmpfs"] = "write 'tmpfs: [/path]' beside 'volumes'",
        ["volume"] = Decides + "a volume is filled from the image's directory when it is first used",
    };

    /// <summary>Reports those of the keys that the map has.</summary>
    public static void Refuse(YamlMap map, IReadOnlyDictionary<string, string> keys, string where)
    {
        foreach (var (key, remedy) in keys)
            map.Refuse(key, "foreign-compose-key", $"Compose's '{key}' is not a key of {where}.", remedy);
    }
}
