using System.Text.RegularExpressions;
using Ark.Core.Yaml;

namespace Ark.Core.Catalog;

/// <summary>Reads the key <c>container</c> of a component: Compose's keys with Compose's meanings, as far as Ark has them.</summary>
internal sealed class ContainerReader(YamlMap map)
{
    /// <summary>The keys that a component's <c>container</c> has.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        "image", "entrypoint", "command", "environment", "healthcheck", "volumes", "tmpfs", "ulimits", "sysctls", "cap_add", "cap_drop", "user",
        "working_dir", "hostname", "init", "read_only", "stop_signal", "stop_grace_period", "deploy",
    ];

    public ContainerPart Read()
    {
        map.Know(Keys);
        var limits = Limits();
        var part = new ContainerPart
        {
            Image = map.Need("image")?.Matching(Words.Image(), Words.ImageForm) ?? "",
            Entrypoint = Command("entrypoint"),
            Command = Command("command"),
            Environment = Pairs("environment", Words.EnvironmentName().IsMatch, "a variable's name", empty: true),
            Healthcheck = Health(),
            Volumes = [.. map.Get("volumes")?.Items().Select(Volume).OfType<VolumeMount>() ?? []],
            Tmpfs = Tmpfs(),
            Ulimits = [.. Ulimits()],
            Sysctls = Pairs("sysctls", Words.Sysctl().IsMatch, "a kernel setting such as kernel.shmmax", empty: false),
            CapAdd = Capabilities("cap_add"),
            CapDrop = Capabilities("cap_drop"),
            User = Word("user", Words.User(), "a user, or user:group"),
            WorkingDir = map.Get("working_dir")?.Matching(Words.Target(), Words.TargetForm),
            Hostname = map.Get("hostname")?.String(),
            Init = map.Get("init")?.Boolean(),
            ReadOnly = map.Get("read_only")?.Boolean() ?? false,
            StopSignal = Word("stop_signal", Words.Signal(), "a signal such as SIGTERM"),
            StopGracePeriod = map.Get("stop_grace_period")?.Duration(),
            CpuLimit = limits?.Get("cpus")?.Number(0.01, 4096),
            MemoryLimit = limits?.Get("memory")?.Size(),
            PidsLimit = limits?.Get("pids")?.Integer(1),
        };
        limits?.Close();
        Targets(part);
        Interpolated();
        ForeignKeys.Refuse(map, ForeignKeys.Service, "'container'");
        map.Close();
        return part;
    }

    private YamlMap? Limits()
    {
        var deploy = map.Get("deploy")?.Map();
        var resources = deploy?.Get("resources")?.Map();
        var limits = resources?.Get("limits")?.Map();
        if (deploy is not null)
            ForeignKeys.Refuse(deploy, ForeignKeys.Deploy, "'container.deploy'");
        if (resources is not null)
            ForeignKeys.Refuse(resources, ForeignKeys.Resources, "'container.deploy.resources'");
        limits?.Refuse("devices", "foreign-compose-key", "Compose's 'devices' is not a key of 'limits'.", ForeignKeys.Service["devices"]);
        deploy?.Close();
        resources?.Close();
        return limits;
    }

    private IReadOnlyList<string>? Command(string key)
    {
        if (map.Get(key) is not { } value)
            return null;
        if (!value.IsScalar)
            return value.Texts();
        value.Add("wrong-type", $"'{value.Path}' must be a list of words.", $"write [{string.Join(", ", (value.Text() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))}]");
        return null;
    }

    private string? Word(string key, Regex pattern, string what)
    {
        if (map.Get(key) is not { } value || value.Text() is not { } text)
            return null;
        if (pattern.IsMatch(text))
            return text;
        value.Add("bad-value", $"'{value.Path}' must be {what}, not {YamlFile.Show(text)}.");
        return null;
    }

    private SortedDictionary<string, string> Pairs(string key, Func<string, bool> name, string what, bool empty)
    {
        SortedDictionary<string, string> pairs = new(StringComparer.Ordinal);
        if (map.Get(key) is not { } value)
            return pairs;
        if (value.IsList)
        {
            foreach (var item in value.Items())
            {
                if (item.Text() is not { } text)
                    continue;
                var at = text.IndexOf('=', StringComparison.Ordinal);
                if (at < 1)
                    item.Add("bad-value", $"'{item.Path}' must be NAME=value, not {YamlFile.Show(text)}.", "write the value: nothing is taken from the environment of the console");
                else
                    Take(text[..at], text[(at + 1)..], item.Place);
            }

            return pairs;
        }

        foreach (var (word, place, item) in value.Map()?.Entries ?? [])
        {
            if (item.Text() is { } text)
                Take(word, text, place);
        }

        return pairs;

        void Take(string word, string text, YamlPlace place)
        {
            if (!name(word))
                map.File.Add("bad-value", place, $"{YamlFile.Show(word)} in '{value.Path}' is not {what}.");
            else if (text.Length == 0 && !empty)
                map.File.Add("bad-value", place, $"{YamlFile.Show(word)} in '{value.Path}' has no value.");
            else if (!pairs.TryAdd(word, text))
                map.File.Add("duplicate-key", place, $"{YamlFile.Show(word)} stands twice in '{value.Path}'.", "keep one of them");
        }
    }

    private Healthcheck? Health()
    {
        if (map.Get("healthcheck")?.Map() is not { } check)
            return null;
        var test = check.Need("test");
        List<string> words = test is null ? [] : test.IsScalar ? ["CMD-SHELL", test.Text() ?? ""] : [.. test.Texts()];
        if (test is { IsList: true } && words is not ["CMD" or "CMD-SHELL", _, ..])
            test.Add("bad-value", $"'{test.Path}' must begin with CMD or CMD-SHELL and name what is run.", "write [CMD, ark-health]");
        var read = new Healthcheck(
            words,
            check.Get("interval")?.Duration() ?? TimeSpan.FromSeconds(30),
            check.Get("timeout")?.Duration() ?? TimeSpan.FromSeconds(30),
            check.Get("retries")?.Integer(1, 1000) ?? 3,
            check.Get("start_period")?.Duration() ?? TimeSpan.Zero);
        ForeignKeys.Refuse(check, ForeignKeys.Healthcheck, "'healthcheck'");
        check.Close();
        return read;
    }

    private static VolumeMount? Volume(YamlValue value)
    {
        if (value.IsMap)
            return LongVolume(value);
        if (value.String() is not { } text)
            return null;
        var parts = text.Split(':');
        if (parts[0].Length > 0 && parts[0][0] is '/' or '.' or '~')
        {
            var path = parts.Length > 1 ? "takes a path of the machine" : "has no name";
            value.Add("volume-form", $"'{value.Path}' {path}: {YamlFile.Show(text)}.", "write a named volume, data:/path; configuration belongs under the component's 'files'");
            return null;
        }

        if (parts is [_, _] or [_, _, "ro" or "rw"])
            return Checked(value, parts[0], parts[1], parts is [_, _, "ro"]);
        value.Add("volume-form", $"'{value.Path}' must be name:/path or name:/path:ro, not {YamlFile.Show(text)}.");
        return null;
    }

    private static VolumeMount? LongVolume(YamlValue value)
    {
        var map = value.Map()!;
        var type = map.Get("type");
        if (type?.String() is { } word && word != "volume")
            type.Add("volume-form", $"'{type.Path}' must be volume, not {YamlFile.Show(word)}.", word == "tmpfs" ? ForeignKeys.Volume["tmpfs"] : ForeignKeys.Volume["bind"]);
        var source = map.Need("source")?.String();
        var target = map.Need("target")?.String();
        var readOnly = map.Get("read_only")?.Boolean() ?? false;
        ForeignKeys.Refuse(map, ForeignKeys.Volume, "a volume");
        map.Close();
        return source is null || target is null ? null : Checked(value, source, target, readOnly);
    }

    private static VolumeMount? Checked(YamlValue value, string name, string target, bool readOnly)
    {
        if (!Words.Name().IsMatch(name))
            value.Add("volume-form", $"The volume's name in '{value.Path}' must be {Words.NameForm}, not {YamlFile.Show(name)}.");
        else if (!Words.Target().IsMatch(target))
            value.Add("bad-target", $"The volume's path in '{value.Path}' must be {Words.TargetForm}, not {YamlFile.Show(target)}.");
        else
            return new(name, target, readOnly);
        return null;
    }

    private IReadOnlyList<string> Tmpfs()
    {
        if (map.Get("tmpfs") is not { } value)
            return [];
        var items = value.IsScalar ? [value] : value.Items();
        return [.. items.Select(i => i.Matching(Words.Target(), Words.TargetForm)).OfType<string>()];
    }

    private IEnumerable<Ulimit> Ulimits()
    {
        foreach (var (name, place, value) in map.Get("ulimits")?.Map()?.Entries ?? [])
        {
            if (!Words.Ulimit().IsMatch(name))
                map.File.Add("bad-value", place, $"{YamlFile.Show(name)} is no limit's name.", "write nofile, nproc, memlock, core…");
            if (value.IsMap)
            {
                var limit = value.Map()!;
                var soft = limit.Need("soft")?.Integer(-1);
                var hard = limit.Need("hard")?.Integer(-1);
                limit.Close();
                if (soft > hard && hard != -1)
                    value.Add("bad-value", $"'{value.Path}' has a soft limit above its hard one.");
                yield return new(name, soft ?? 0, hard ?? 0);
            }
            else if (value.Integer(-1) is { } both)
            {
                yield return new(name, both, both);
            }
        }
    }

    private IReadOnlyList<string> Capabilities(string key)
    {
        List<string> names = [];
        foreach (var item in map.Get(key)?.Items() ?? [])
        {
            if (item.Matching(Words.Capability(), "a capability such as NET_BIND_SERVICE") is not { } name)
                continue;
            if (key == "cap_add" && name == "ALL")
                item.Add("bad-value", "All capabilities at once are as good as a privileged container.", "name the few that are needed");
            names.Add(name.StartsWith("CAP_", StringComparison.Ordinal) ? name[4..] : name);
        }

        return names;
    }

    private void Targets(ContainerPart part)
    {
        var all = part.Volumes.Select((v, i) => (v.Target, Path: $"{map.Path}.volumes[{i}]")).Concat(part.Tmpfs.Select((t, i) => (Target: t, Path: $"{map.Path}.tmpfs[{i}]")));
        foreach (var twice in all.GroupBy(t => t.Target.TrimEnd('/')).Where(g => g.Count() > 1))
            map.File.Add("duplicate-target", map.File.PlaceOf(twice.Last().Path), $"Two mounts go to {twice.Key}.", "give each a path of its own");
        foreach (var sysctl in part.Sysctls.Keys.Where(s => s.StartsWith("net.", StringComparison.Ordinal)))
        {
            map.File.Add(
                "net-sysctl",
                map.File.PlaceOf($"{map.Path}.sysctls.{sysctl}"),
                $"Docker refuses '{sysctl}' in VM mode, where a container has the machine's network.",
                "leave it out, or ask for it among the kernel settings of 'ark base'");
        }
    }

    /// <summary>A shell may have its own variables; nothing else may look as if Ark set them in.</summary>
    private void Interpolated()
    {
        foreach (var (key, _, value) in map.Entries)
        {
            if (key is "command" or "entrypoint" or "healthcheck" && RunsShell(value))
                continue;
            foreach (var scalar in Scalars(value).Where(s => Words.Interpolation().IsMatch(s.Text() ?? "")))
                scalar.Add("compose-interpolation", $"'{scalar.Path}' has a $" + "{…}, which Ark does not set in.", "make it a parameter of the component and write {{ parameters.name }}");
        }
    }

    private static bool RunsShell(YamlValue value)
    {
        var words = Scalars(value).Select(s => s.Text()).ToList();
        return words.Contains("CMD-SHELL") || words.Any(w => w is "-c" or "-lc" or "-ec" or "-euc") || (value.IsMap && value.Map()!.Get("test") is { IsScalar: true });
    }

    private static IEnumerable<YamlValue> Scalars(YamlValue value) =>
        value.IsList ? value.Items().SelectMany(Scalars)
        : value.IsMap ? value.Map()!.Entries.SelectMany(e => Scalars(e.Value))
        : value.IsScalar ? [value]
        : [];
}
