using System.Text;

namespace Ark.Core.Base;

/// <summary>What the base needs to know of one machine; gathered by <see cref="FactsScript"/> in one round trip.</summary>
public sealed record MachineFacts
{
    /// <summary>Address as in the properties.</summary>
    public required string Machine { get; init; }

    public required string Hostname { get; init; }

    /// <summary>Distribution and version as in <c>os-release</c>: <c>debian-12</c>.</summary>
    public required string Distribution { get; init; }

    /// <summary>Empty where no engine answers.</summary>
    public string DockerVersion { get; init; } = "";

    /// <summary>Where the engine keeps its data now.</summary>
    public string DockerRoot { get; init; } = "";

    /// <summary>inactive, pending, active, error, locked.</summary>
    public string SwarmState { get; init; } = "inactive";

    public string NodeId { get; init; } = "";

    public bool IsManager { get; init; }

    /// <summary>Bytes of the file system under Docker's data path.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Path to what stands there: SHA-256 and octal mode; absent where there is no such file.</summary>
    public IReadOnlyDictionary<string, FileFacts> Files { get; init; } = new Dictionary<string, FileFacts>();

    /// <summary>Text between Ark's marks in a file that others own.</summary>
    public IReadOnlyDictionary<string, string> Blocks { get; init; } = new Dictionary<string, string>();

    /// <summary>Kernel settings by name.</summary>
    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();

    /// <summary>The registry's certificate, PEM; empty where there is none.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>Containers of the base by name: the hash they were started with, and whether they run.</summary>
    public IReadOnlyDictionary<string, ContainerFacts> Containers { get; init; } = new Dictionary<string, ContainerFacts>();

    /// <summary><c>name:tag</c> to manifest digest, in the registry directory.</summary>
    public IReadOnlyDictionary<string, string> Images { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads what <see cref="FactsScript"/> printed: a line a fact, name and value separated by a tabulator.</summary>
    public static MachineFacts Parse(string machine, string output)
    {
        var one = new Dictionary<string, string>();
        var many = new Dictionary<string, Dictionary<string, string>>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Split(line, '\t');
            var (group, key) = Split(name, '!');
            if (key.Length == 0) one[name] = value;
            else if (many.TryGetValue(group, out var map)) map[key] = value;
            else many[group] = new() { [key] = value };
        }

        var docker = (one.GetValueOrDefault("docker") ?? "").Split('|');
        string Docker(int i) => i < docker.Length ? docker[i] : "";
        Dictionary<string, T> Map<T>(string group, Func<string, T> read) =>
            many.GetValueOrDefault(group)?.ToDictionary(e => e.Key, e => read(e.Value)) ?? [];
        return new()
        {
            Machine = machine,
            Hostname = one.GetValueOrDefault("hostname", ""),
            Distribution = one.GetValueOrDefault("os", ""),
            DockerVersion = Docker(0),
            DockerRoot = Docker(1),
            SwarmState = Docker(2).Length == 0 ? "inactive" : Docker(2),
            NodeId = Docker(3),
            IsManager = Docker(4) == "true",
            DiskBytes = long.TryParse(one.GetValueOrDefault("disk"), out var bytes) ? bytes : 0,
            Files = many.GetValueOrDefault("file")?.ToDictionary(e => e.Key, e => new FileFacts(e.Value, many.GetValueOrDefault("mode")?.GetValueOrDefault(e.Key) ?? "")) ?? [],
            Blocks = Map("block", v => Encoding.UTF8.GetString(Convert.FromBase64String(v))),
            Sysctls = Map("sysctl", v => v),
            Certificate = Encoding.UTF8.GetString(Convert.FromBase64String(one.GetValueOrDefault("certificate", ""))),
            Containers = Map("container", v => { var (running, hash) = Split(v, ' '); return new ContainerFacts(hash, running == "true"); }),
            Images = Map("image", v => v),
        };
    }

    private static (string, string) Split(string text, char at)
    {
        var i = text.IndexOf(at);
        return i < 0 ? (text, "") : (text[..i], text[(i + 1)..]);
    }
}

/// <param name="Sha256">64 hex digits.</param>
/// <param name="Mode">Octal text: <c>644</c>.</param>
public sealed record FileFacts(string Sha256, string Mode);

public sealed record ContainerFacts(string Hash, bool Running);
