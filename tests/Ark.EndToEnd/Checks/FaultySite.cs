using System.Text.Json;
using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Xunit;

namespace Ark.EndToEnd.Checks;

/// <summary>Four machines with nothing on them but SSH, and the console with properties on the first: all that <c>ark check</c> takes.</summary>
public sealed class FaultySite() : LabSite("3.1", "-faults")
{
    public static readonly IReadOnlyList<string> Machines = ["m1", "m2", "m3", "m4"];

    /// <summary>A source of packages on the machine itself, which has a telnet.</summary>
    internal static readonly string Mirror = $"""
        mkdir -p /opt/mirror
        {Package("telnet", "/usr/bin/telnet", "/opt/mirror/telnet.deb")}
        {Index}
        echo 'deb [trusted=yes] file:/opt/mirror ./' > /etc/apt/sources.list
        """;

    internal const string Index = """
        cd /opt/mirror; { dpkg-deb -f telnet.deb; echo Filename: ./telnet.deb; echo "Size: $(stat -c %s telnet.deb)"; echo "SHA256: $(sha256sum < telnet.deb | cut -c -64)"; } > Packages; cd /
        """;

    private const string Properties = """
        schema=1
        mode=vm
        machine_ips=10.88.0.11,10.88.0.12,10.88.0.13,10.88.0.14
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

    /// <summary>The script that makes a package of one program, which says "a tool".</summary>
    /// <param name="after">Its script that runs after it was installed.</param>
    internal static string Package(string name, string program, string file, string after = "exit 0") => $"""
        made=$(mktemp -d); mkdir -p $made/DEBIAN $made/usr/bin
        printf '#!/bin/sh\necho a tool\n' > $made{program}; printf '#!/bin/sh\n{after}\n' > $made/DEBIAN/postinst; chmod 755 $made{program} $made/DEBIAN $made/DEBIAN/postinst
        printf 'Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@demo.example>\nDescription: {name}\n' > $made/DEBIAN/control
        dpkg-deb -b --root-owner-group $made {file} >/dev/null; rm -r $made
        """;

    /// <summary>A lab anew, one that is kept too: it boots in seconds.</summary>
    protected override async Task MakeAsync()
    {
        await Lab.RunAsync("down");
        var console = RunAsync(Path.Combine(LabProgram.Root, "ark"), ["--version"]);
        await Lab.RunAsync("up", "--machines", "4");
        Assert.Equal(0, (await console).ExitCode);
        await Lab.InsideAsync("m1", "mkdir -p /home/ops/ark/bin");
        await CarryAsync(Path.Combine(LabProgram.Root, ".ark", "bin", "ark", "ark"), "/home/ops/ark/bin/ark");
        await Lab.InsideAsync("m1", $"cat > /home/ops/ark/bin/ark.properties <<'P'\n{Properties}P\nchmod 755 /home/ops/ark/bin/ark; chown -R ops: /home/ops/ark");
        foreach (var machine in (string[])["m3", "m4"]) await Lab.InsideAsync(machine, "ln -s /bin/true /usr/local/bin/telnet");
        await PrepareAsync();
    }

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

    /// <summary>By machine, what would tell that a fix left something behind.</summary>
    public async Task<IReadOnlyList<string>> ListAsync() => await Task.WhenAll(Machines.Select(m => Lab.InsideAsync(m, Listing)));

    public async Task AssertAsBeforeAsync(IReadOnlyList<string> before, string after)
    {
        var now = await ListAsync();
        for (var at = 0; at < now.Count; at++)
        {
            var (was, @is) = (before[at].Split('\n'), now[at].Split('\n'));
            Assert.True(was.SequenceEqual(@is), $"{Machines[at]} after {after}:\n- {string.Join("\n- ", was.Except(@is))}\n+ {string.Join("\n+ ", @is.Except(was))}");
        }
    }

    public static string Address(string machine) => "10.88.0.1" + machine[1..];
}

/// <summary>A report in JSON.</summary>
internal sealed record CheckAnswer(JsonElement Report, LabAnswer Said)
{
    public (string Verdict, string Evidence, bool Fixable)? Of(string check, string machine) =>
        Report.GetProperty("results").EnumerateArray().Where(r => r.GetProperty("id").GetString() == check && r.GetProperty("machine").GetString() == FaultySite.Address(machine))
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
}
