using Ark.Core.Checks;
using Ark.Core.Fixes;
using Ark.Core.Placement;
using Ark.Core.Planning;
using Ark.Testing.Checks;
using Xunit;

namespace Ark.Core.Tests.Fixes;

public sealed class FixPlannerTests
{
    private const string Run = "20261125-185530";

    private static readonly HostFacts Rocky = HealthySite.Scope.Machines[1];

    private static readonly HostFacts Debian = Rocky with { Os = Rocky.Os! with { Id = "debian", Like = "", Name = "Debian" }, Software = Rocky.Software! with { PackageTool = "apt" } };

    [Fact]
    public void Every_kind_of_fix_is_called_for_by_a_case_of_a_check_and_can_be_planned()
    {
        var found = CheckCases.All.SelectMany(c => c.Value.SelectMany(one => CheckReport.Of(one.Spoil(HealthySite.Scope), [CheckCatalog.All.Single(check => check.Id == c.Key)]).Results)).Where(r => r.Fix is not null).ToList();

        Assert.Equal(typeof(Fix).Assembly.GetTypes().Where(t => t.BaseType == typeof(Fix)).Select(t => t.Name).Order(), found.Select(r => r.Fix!.GetType().Name).Distinct().Order());
        Assert.All(found, result =>
        {
            Assert.True(result.Result is Verdict.Fail or Verdict.Warning, result.ToString());
            foreach (var machine in (HostFacts[])[Rocky with { Machine = result.Machine }, Debian with { Machine = result.Machine }])
            {
                var reads = FixPlanner.Reads([result], [machine]);
                var (plan, problems) = FixPlanner.Plan(Run, [result], [machine], [.. reads.SelectMany(r => r.Value.Select(path => new ReadFile(r.Key, path, "none", path.Contains("nft", StringComparison.Ordinal) ? Nft : path.Contains("tables", StringComparison.Ordinal) ? Saved : "")))]);
                Assert.Empty(problems);
                Assert.NotEmpty(plan.Steps);
                Assert.All(plan.Steps, s => Assert.NotEqual(s.Before, s.After));
                Assert.Equal(plan.Steps.Count, plan.Steps.DistinctBy(s => s.Id).Count());
            }
        });
    }

    [Fact]
    public void Settings_in_one_file_are_one_step_that_is_undone_at_once()
    {
        var step = Assert.Single(Plan(Rocky, "", new SetSysctl("vm.swappiness", "10", "60"), new SetSysctl("fs.file-max", "1048576", "1000")).Steps);
        var fix = Assert.IsType<ApplyFix>(step.Work);
        Assert.Equal(("vm.swappiness = 60; fs.file-max = 1000", "vm.swappiness = 10, now and after a reboot; fs.file-max = 1048576, now and after a reboot"), (step.Before, step.After));
        Assert.Equal("vm.swappiness = 10\nfs.file-max = 1048576\n", fix.File!.Text);
        Assert.Equal("sysctl -q -w 'vm.swappiness=10'\nsysctl -q -w 'fs.file-max=1048576'", fix.Do);
        Assert.Contains("sysctl -q -w 'vm.swappiness=60'", fix.Undo, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_several_names_the_first_is_given_and_stands_in_the_hosts_file()
    {
        var plan = Plan(Rocky, "", new SetHostName("node-1", "vm"), new SetHostsEntry(Rocky.Machine, "vm"), new SetHostName("vm", "vm"));
        Assert.Equal(["/etc/hosts", "/etc/hostname"], plan.Steps.Select(s => ((ApplyFix)s.Work).File!.Path));
        Assert.Equal("node-1\n", ((ApplyFix)plan.Steps[1].Work).File!.Text);
        Assert.Equal($"{Rocky.Machine} node-1\n", ((ApplyFix)plan.Steps[0].Work).File!.Text);
    }

    [Fact]
    public void A_file_that_is_a_link_or_says_nothing_of_where_is_left_to_people()
    {
        var (plan, problems) = FixPlanner.Plan(Run, [Result(Rocky, new SetNameServers("10.0.0.2")), Result(Rocky, new OpenPorts("nftables.service", [new(2377, "tcp")]))], [Rocky],
            [new(Rocky.Machine, "/etc/resolv.conf", "link /run/systemd/resolve/stub-resolv.conf", ""), new(Rocky.Machine, "/etc/sysconfig/nftables.conf", "file 644 0:0 12", "include \"/etc/nftables/main.nft\"\n")]);
        Assert.True(plan.IsEmpty);
        Assert.Equal(["fix-link", "fix-unclear"], problems.Select(p => p.Code));
    }

    private const string Nft = "flush ruleset\n\ntable inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\tct state established accept\n\t}\n\tchain forward {\n\t\ttype filter hook forward priority 0;\n\t}\n}\n";

    private const string Saved = "*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n";

    [Fact]
    public void Nftables_lets_in_exactly_these_ports_in_the_chain_that_drops()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, Nft, new OpenPorts("nftables.service", [new(2377, "tcp"), new(7946, "tcp"), new(7946, "udp")])).Steps).Work;
        Assert.Equal(Nft.Replace("policy drop;\n", $"policy drop;\n\t\ttcp dport {{ 2377, 7946 }} accept comment \"ark-{Run}\"\n\t\tudp dport {{ 7946 }} accept comment \"ark-{Run}\"\n", StringComparison.Ordinal), fix.File!.Text);
    }

    [Fact]
    public void Iptables_lets_them_in_first_in_its_own_table()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, Saved, new OpenPorts("netfilter-persistent.service", [.. Enumerable.Range(1000, 20).Select(p => new PortUse(p, "tcp"))])).Steps).Work;
        Assert.Equal("/etc/iptables/rules.v4", fix.File!.Path);
        Assert.Equal(2, fix.Do.Split('\n').Length);
        Assert.StartsWith("*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m multiport --dports 1000,", fix.File.Text, StringComparison.Ordinal);
        Assert.EndsWith("-j ACCEPT\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n", fix.File.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_count_in_the_order_of_the_file_at_once()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, Saved, new OpenPorts("netfilter-persistent.service", [new(2377, "tcp"), new(7946, "udp")])).Steps).Work;
        Assert.Equal(["udp", "tcp"], fix.Do.Split('\n').Select(l => l.Split(' ')[6]));
    }

    [Fact]
    public void Rules_made_by_hand_are_gone_at_boot_so_a_file_without_rules_stays_as_it_is()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, "", new OpenPorts("netfilter-persistent.service", [new(2377, "tcp")])).Steps).Work;
        Assert.Equal("", fix.File!.Text);
        Assert.StartsWith("iptables -w 5 -I INPUT -p tcp", fix.Do, StringComparison.Ordinal);
    }

    [Fact]
    public void Ufw_lets_them_in_before_what_somebody_forbids_fifteen_a_rule()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, "", new OpenPorts("ufw.service", [.. Enumerable.Range(1000, 16).Select(p => new PortUse(p, "tcp")), new(7946, "udp")])).Steps).Work;
        Assert.Equal(
            ["ufw prepend allow proto tcp to any port 1000,1001,1002,1003,1004,1005,1006,1007,1008,1009,1010,1011,1012,1013,1014 >/dev/null", "ufw prepend allow proto tcp to any port 1015 >/dev/null", "ufw prepend allow proto udp to any port 7946 >/dev/null"],
            fix.Do.Split('\n'));
    }

    [Fact]
    public void Firewalld_is_told_to_forget_what_it_was_told_to_keep()
    {
        var fix = (ApplyFix)Assert.Single(Plan(Rocky, "", new OpenPorts("firewalld.service", [new(2377, "tcp"), new(7946, "udp")])).Steps).Work;
        Assert.Contains("""firewall-cmd -q --permanent --zone="$zone" --query-port="$port" || echo "--permanent --zone=$zone --remove-port=$port" >> "$step/opened" """.TrimEnd(), fix.Do, StringComparison.Ordinal);
        Assert.Contains("firewall-cmd --permanent --zone=\"$zone\" --add-port=2377/tcp --add-port=7946/udp", fix.Do, StringComparison.Ordinal);
        Assert.Contains($"address='{Rocky.Machine}'", fix.Do, StringComparison.Ordinal);
        Assert.Contains("< \"$step/opened\"", fix.Undo, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("firewalld.service", "systemctl disable -q firewalld.service\nsystemctl stop firewalld.service")]
    [InlineData("ufw.service", "ufw disable >/dev/null")]
    [InlineData("netfilter-persistent.service", $"iptables -w 5 -I INPUT -m comment --comment ark-{Run} -j ACCEPT")]
    public void A_firewall_is_switched_off_by_what_really_does(string unit, string commands)
    {
        var fix = (ApplyFix)Assert.Single(Plan(Debian, Saved, new SetUnit(unit, false, false)).Steps).Work;
        Assert.Equal(commands, fix.Do);
        Assert.Equal(unit.StartsWith("netfilter", StringComparison.Ordinal) ? Saved.Replace("-A INPUT -i lo", $"-A INPUT -m comment --comment ark-{Run} -j ACCEPT\n-A INPUT -i lo", StringComparison.Ordinal) : null, fix.File?.Text);
    }

    [Fact]
    public void Dockers_rules_stay_where_stopping_a_firewall_would_flush_them()
    {
        var runs = Debian with { Engine = new("20.10.24", "1.41", "/data/docker", "overlay2", "systemd", "inactive") };
        ApplyFix Off(HostFacts machine, string text, string unit) => (ApplyFix)Assert.Single(Plan(machine, text, new SetUnit(unit, false, false)).Steps).Work;
        Assert.StartsWith("systemctl disable", Off(runs with { Engine = null }, Nft, "nftables.service").Do, StringComparison.Ordinal);
        Assert.Equal(Nft.Replace("policy drop;\n", $"policy drop;\n\t\taccept comment \"ark-{Run}\"\n", StringComparison.Ordinal), Off(runs, Nft, "nftables.service").File!.Text);
        Assert.Equal($"iptables -w 5 -I INPUT -m comment --comment ark-{Run} -j ACCEPT", Off(runs, Saved, "iptables.service").Do);
    }

    [Fact]
    public void Firewalls_are_switched_off_on_request_only()
    {
        CheckResult[] results = [Result(Rocky, new OpenPorts("firewalld.service", [new(2377, "tcp")])), Result(Rocky, new OpenPorts("", [new(2377, "tcp")]))];
        Assert.Equal([new SetUnit("firewalld.service", false, false), results[1].Fix!], FixPlanner.WithFirewallsOff(results).Select(r => r.Fix!));
    }

    [Fact]
    public void What_came_last_is_undone_first_and_what_was_changed_since_is_named()
    {
        FixRecord Of(int number, params MovedPath[] moved) => new("10.0.0.11", Run, number, $"/etc/{number}", "old", "new", moved, true);
        var (plan, problems) = UndoPlanner.Plan(Run, [Of(1), Of(2, new MovedPath("/etc/2", "/var/lib/ark/fixes/x/002/files/1"), new MovedPath("/etc/new", "")), Of(3), Of(4) with { Run = "another" }]);
        Assert.Equal([3, 1], plan.Steps.Select(s => ((UndoFix)s.Work).Number));
        Assert.Equal(("new", "old"), (plan.Steps[0].Before, plan.Steps[0].After));
        Assert.Equal([plan.Steps[0].Id], plan.Steps[1].Needs);
        Assert.Equal(["10.0.0.11: /etc/2", "10.0.0.11: /etc/new"], problems.Select(p => p.Place));
        Assert.Contains("diff /var/lib/ark/fixes/x/002/files/1 /etc/2", problems[0].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_later_run_changed_too_is_undone_there_first()
    {
        FixRecord Of(string run, params MovedPath[] moved) => new("10.0.0.11", run, 1, "/etc/a", "old", "new", moved, true);
        FixRecord[] records = [Of("20261125-1", new MovedPath("/etc/a", "/kept")), Of("20261125-2", new MovedPath("/etc/a", "/kept")), Of("20261125-3")];
        var (plan, problems) = UndoPlanner.Plan("20261125-1", records);
        Assert.True(plan.IsEmpty);
        Assert.Equal(("fix-changed-later", "ark check --undo 20261125-3, then: ark check --undo 20261125-1"), (problems.Single().Code, problems.Single().Remedy));
        Assert.Empty(UndoPlanner.Plan("20261125-3", records).Problems);
    }

    [Fact]
    public void A_plan_of_fixes_can_be_written_and_read()
    {
        var plan = Plan(Rocky, "", new SetSysctl("vm.swappiness", "10", "60"));
        Assert.Contains("\"kind\":\"apply-fix\"", PlanFile.Write(plan).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static Plan Plan(HostFacts machine, string text, params Fix[] fixes)
    {
        List<CheckResult> results = [.. fixes.Select(f => Result(machine, f))];
        var (plan, problems) = FixPlanner.Plan(Run, results, [machine], [.. FixPlanner.Reads(results, [machine]).SelectMany(r => r.Value.Select(p => new ReadFile(r.Key, p, text.Length == 0 ? "none" : "file 644 0:0 12", text)))]);
        Assert.Empty(problems);
        return plan;
    }

    private static CheckResult Result(HostFacts machine, Fix fix) => new("some-check", null, machine.Machine, Verdict.Fail, "seen", "wanted", "cause", "remedy") { Fix = fix };
}
