using System.Text.Json;
using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Ark.Remote.Packages;
using Xunit;

namespace Ark.EndToEnd.Checks;

/// <summary>Machines with nothing on them but SSH, and the console with properties on the first: all that <c>ark check</c> takes.</summary>
/// <param name="purpose">Stands after the name of a lab that is kept.</param>
/// <param name="machines">How many: m1…</param>
public abstract class CheckedSite(string purpose, int machines) : LabSite("3.1", purpose)
{
    /// <summary>Everything that fixes touch: state and content of files, and what is in force.</summary>
    private const string Listing = """
        find /etc /data /var/lib/dbus /var/lib/ark -xdev -printf '%p %y %m %u:%g %l\n' 2>/dev/null | LC_ALL=C sort
        find /etc -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
        sysctl net.ipv4.ip_forward net.ipv4.conf.all.rp_filter net.core.somaxconn net.ipv4.ip_local_reserved_ports fs.inotify.max_user_watches kernel.hostname
        cat /proc/swaps
        systemctl show -p Id -p ActiveState -p UnitFileState ssh chrony nftables
        nft list table inet filter 2>/dev/null
        dpkg-query -W -f '${Package} ${Status}\n'

        """;

    public IReadOnlyList<string> Machines { get; } = [.. Enumerable.Range(1, machines).Select(n => $"m{n}")];

    /// <summary>What else is in force, as commands for a machine.</summary>
    protected virtual string AlsoListed => "";

    /// <summary>A lab anew, one that is kept too: it boots in seconds.</summary>
    protected override async Task MakeAsync()
    {
        await Lab.RunAsync("down");
        var console = RunAsync(Path.Combine(LabProgram.Root, "ark"), ["--version"]);
        await Lab.RunAsync("up", "--machines", $"{machines}");
        Assert.Equal(0, (await console).ExitCode);
        await Lab.InsideAsync("m1", "mkdir -p /home/ops/ark/bin");
        await CarryAsync(Path.Combine(LabProgram.Root, ".ark", "bin", "ark", "ark"), "/home/ops/ark/bin/ark");
        await Lab.InsideAsync("m1", $"cat > /home/ops/ark/bin/ark.properties <<'P'\n{Properties}P\nchmod 755 /home/ops/ark/bin/ark; chown -R ops: /home/ops/ark");
        await PrepareAsync();
    }

    /// <summary>The folder of what a machine lacks of these; fetched once.</summary>
    protected static async Task<string> PackagesAsync(params string[] packages)
    {
        var folder = Path.Combine(LabProgram.Root, ".ark", "cache", "test-packages", packages[0]);
        var mirror = Environment.GetEnvironmentVariable("ARK_DEBIAN_MIRROR") is { Length: > 0 } named ? named : null;
        var made = await DebianClosure.MakeAsync(DebianRelease.Bookworm, packages, folder, refresh: false, mirror, TestContext.Current.CancellationToken);
        Assert.True(made.Ok, string.Join('\n', made.Problems));
        return folder;
    }

    /// <param name="packages">Folder that holds what the machine lacks of them.</param>
    /// <param name="names">With spaces between.</param>
    protected async Task InstallAsync(string machine, string packages, string names)
    {
        var there = Directory.CreateDirectory(Path.Combine(Lab.Folder, machine, "data", "packages"));
        foreach (var file in Directory.EnumerateFiles(packages)) File.Copy(file, Path.Combine(there.FullName, Path.GetFileName(file)));
        await Lab.InsideAsync(machine, $"""
            set -e
            echo 'deb [trusted=yes] file:/data/packages ./' > /etc/apt/sources.list
            apt-get -qq update
            DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends -o DPkg::Options::=--force-unsafe-io install {names} </dev/null >/dev/null 2>&1
            rm -r /data/packages
            """);
    }

    private string Properties => $"""
        schema=1
        mode=vm
        machine_ips={string.Join(',', Machines.Select(Address))}
        client_ip=10.88.0.11
        machine_user=ops
        docker_dir=/data/docker
        ntp_server=10.88.0.1
        internet=no
        registry_dir=/var/images
        aliware_version=3.1.0
        domain=demo.example
        machine_dns=keep
        dns_forwarders=10.88.0.1

        """;

    /// <summary>Makes faults, all of a machine at once.</summary>
    internal Task MakeAsync(IEnumerable<Fault> faults) => Task.WhenAll(faults.GroupBy(f => f.Machine).Select(machine =>
        Lab.InsideAsync(machine.Key, string.Concat(machine.Select(f => $"(\nset -eu\n{f.Make}\n) || {{ echo \"not made: {f.Name}\"; exit 1; }}\n")))));

    /// <summary>What <c>ark check</c> finds, with these options.</summary>
    internal async Task<CheckAnswer> CheckAsync(string options = "")
    {
        var answer = await TryArkAsync($"check --format json {options}");
        Assert.True(answer.Output.StartsWith('{'), LabProgram.Of(answer));
        return new(JsonDocument.Parse(answer.Output).RootElement, answer);
    }

    /// <summary>Runs of fixes that machines have on record, the latest first.</summary>
    public async Task<IReadOnlyList<string>> RunsAsync()
    {
        var answer = await TryArkAsync("check --undo --format json");
        Assert.True(answer.ExitCode == 0 && answer.Output.StartsWith('{'), LabProgram.Of(answer));
        using var runs = JsonDocument.Parse(answer.Output);
        return [.. runs.RootElement.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("id").GetString()!)];
    }

    /// <summary>Undoes the only run that there is.</summary>
    public async Task UndoAsync()
    {
        await ArkAsync($"check --undo {Assert.Single(await RunsAsync())} --yes");
        Assert.Empty(await RunsAsync());
    }

    /// <summary>By machine, what would tell that a fix left something behind.</summary>
    public async Task<IReadOnlyList<string>> ListAsync() => await Task.WhenAll(Machines.Select(m => Lab.InsideAsync(m, Listing + AlsoListed)));

    public async Task AssertAsBeforeAsync(IReadOnlyList<string> before, string after)
    {
        var now = await ListAsync();
        for (var at = 0; at < now.Count; at++)
        {
            var (was, @is) = (before[at].Split('\n'), now[at].Split('\n'));
            Assert.True(was.SequenceEqual(@is), $"{Machines[at]} after {after}:\n- {string.Join("\n- ", was.Except(@is))}\n+ {string.Join("\n+ ", @is.Except(was))}");
        }
    }

    /// <summary>What the machines themselves say otherwise than was wanted.</summary>
    internal async Task<IReadOnlyList<string>> OtherwiseAsync(IEnumerable<(string Machine, Mended Mended)> wanted)
    {
        var all = await Task.WhenAll(wanted.GroupBy(w => w.Machine).Select(async machine =>
        {
            const string mark = "--next--";
            var said = (await Lab.InsideAsync(machine.Key, string.Concat(machine.Select(w => $"{{ {w.Mended.Look}; }} 2>&1\necho {mark}\n")))).Split(mark);
            return machine.Zip(said, (w, words) => (w.Machine, w.Mended, Words: words.Trim()));
        }));
        return [.. all.SelectMany(a => a).Where(a => a.Words != a.Mended.Prints).Select(a => $"{a.Machine}: {a.Mended.Look} printed {a.Words}")];
    }

    public static string Address(string machine) => "10.88.0.1" + machine[1..];
}

/// <summary>A report in JSON.</summary>
internal sealed record CheckAnswer(JsonElement Report, LabAnswer Said)
{
    public (string Verdict, string Evidence, bool Fixable)? Of(string check, string machine) =>
        Report.GetProperty("results").EnumerateArray().Where(r => r.GetProperty("id").GetString() == check && r.GetProperty("machine").GetString() == CheckedSite.Address(machine))
            .Select(r => ((string, string, bool)?)(r.GetProperty("result").GetString()!, r.GetProperty("evidence").GetString()!, r.GetProperty("fixable").GetBoolean())).FirstOrDefault();

    /// <summary>What the report has otherwise than the faults have it.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<Fault> faults) =>
    [
        .. from fault in faults
           from found in fault.Found
           let said = Of(found.Check, found.On ?? fault.Machine)
           where said is not { } s || s.Verdict != found.Verdict || !s.Evidence.Contains(found.Evidence, StringComparison.Ordinal) || s.Fixable != found.Mended is not null
           select $"{fault.Name}: {found.Check} said {said}",
    ];

    /// <summary>Checks that do not pass on the machines where they are to.</summary>
    public IReadOnlyList<string> StillThere(IEnumerable<(string Machine, string Check)> mended) =>
    [
        .. from one in mended
           let said = Of(one.Check, one.Machine)
           where said is not { Verdict: "pass" or "notApplicable" }
           select $"{one.Machine}: {one.Check} said {said}: {Said.Error}",
    ];
}
