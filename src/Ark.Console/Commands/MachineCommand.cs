using System.CommandLine;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core.Planning;
using Ark.Core.Sites;
using Ark.Remote.Ssh;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Spectre.Console;

namespace Ark.Console.Commands;

/// <summary><c>ark machine</c>: the site's machines. None goes while a majority hangs on it, unless a person types its address.</summary>
public static class MachineCommand
{
    private static readonly Argument<string> Machine = new("machine") { Description = "Address of the machine, as in the properties." };
    private static readonly Option<string?> Confirm = new("--confirm") { Description = "The machine's address, where nobody can be asked." };
    private static readonly Option<string?> Task = new("--task") { Description = "Id of the task; by default the properties' task_id, or the only one." };

    public static Command Create()
    {
        var with = new Option<string?>("--with") { Description = "Address of the new machine; by default the same address, on new hardware." };
        var list = new Command("list", "Show every machine: what it is, its Docker, its part in the Swarm, how long its certificate lasts.");
        list.SetAction(ListAsync);
        var reach = new Command("reach", "Ask from every machine whether it reaches every other.");
        reach.SetAction(ReachAsync);
        var add = new Command("add", "Take a machine into the site.") { Machine };
        add.SetAction((parsed, cancel) => System.Threading.Tasks.Task.FromResult(Change(parsed, machines => [.. machines, IPAddress.Parse(parsed.GetValue(Machine)!)])));
        var drain = new Command("drain", "Move a machine's instances to others, one at a time, proven after each.") { Machine, Confirm, GlobalOptions.DryRun, Task };
        drain.SetAction(DrainAsync);
        var remove = new Command("remove", "Take a machine that carries nothing, or is lost, out of the site.") { Machine, Confirm };
        remove.SetAction((parsed, cancel) => ForgetAsync(parsed, null, cancel));
        var replace = new Command("replace", "Forget a lost machine; what it carried comes up again on the new one.") { Machine, with, Confirm };
        replace.SetAction((parsed, cancel) => ForgetAsync(parsed, parsed.GetValue(with) ?? parsed.GetValue(Machine), cancel));
        return new("machine", "The site's machines.") { list, reach, add, drain, replace, remove };
    }

    private static Task<int> ListAsync(ParseResult parsed, CancellationToken cancellation) => WithSessionAsync(parsed, async session =>
    {
        var (facts, problems) = await BaseWorld.GatherMachinesAsync(session, cancellation);
        Talk.Problems(problems, ExitCode.Done);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Machine", "Host name", "OS", "Docker", "Swarm", "Certificate");
        foreach (var machine in Session.Addresses(session.Site).Select(a => a.Host))
        {
            if (!facts.TryGetValue(machine, out var f)) table.AddRow(machine, "-", "not reached", "", "", "");
            else table.AddRow(machine, f.Hostname, f.Distribution, f.DockerVersion, f.SwarmState != "active" ? f.SwarmState : f.IsManager ? "manager" : "worker", Ends(f.Certificate));
        }

        Terminal.Out.Write(table);
        return facts.Count == Session.Addresses(session.Site).Count ? ExitCode.Done : ExitCode.CheckFailed;
    }, cancellation);

    private static string Ends(string pem)
    {
        if (pem.Length == 0) return "";
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return $"until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}";
    }

    private static Task<int> ReachAsync(ParseResult parsed, CancellationToken cancellation) => WithSessionAsync(parsed, async session =>
    {
        var addresses = Session.Addresses(session.Site).Select(a => a.Host).ToList();
        var answers = await System.Threading.Tasks.Task.WhenAll(session.Shells.Select(async shell =>
        {
            var script = string.Join('\n', addresses.Where(a => a != shell.Key).Select(a => $"ping -c 1 -W 2 {a} >/dev/null 2>&1 && echo 'OK {a}' || echo 'fail {a}'"));
            return (From: shell.Key, (await shell.Value.RunAsync(new RemoteCommand(script), cancellation)).Output);
        }));
        foreach (var (from, output) in answers)
            foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                System.Console.Out.WriteLine($"{from} → {line.Split(' ')[1]}  {line.Split(' ')[0]}");
        if (session.Site.Mode == SiteMode.Vm) Talk.Say("VM mode: containers use the machines' network, so this is theirs too.");
        return session.Shells.Count == addresses.Count && answers.All(a => !a.Output.Contains("fail", StringComparison.Ordinal)) ? ExitCode.Done : ExitCode.CheckFailed;
    }, cancellation);

    private static Task<int> DrainAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var machine = parsed.GetValue(Machine)!;
        return TaskOperation.WithWorldAsync(parsed, parsed.GetValue(Task), null, new HashSet<string> { machine }, async world =>
        {
            if (!Allowed(world.Facts, machine, parsed.GetValue(Confirm))) return ExitCode.Failed;
            var plan = TaskPlanner.Plan(world.Desired, world.Facts, world.Recorded?.Text, PlanScope.Whole);
            if (!plan.Ok) return Talk.Problems(plan.Problems, ExitCode.Usage);
            if (world.Facts.Nodes.FirstOrDefault(n => n.Machine == machine) is not { } node)
                return Talk.Problems([new("unknown-machine", machine, $"No member of the Swarm is {machine}.", "ark machine list")], ExitCode.Usage);
            // A drained node stops what it carries: it is not told so as long as another task's instances stand there.
            var others = world.Facts.Services.Where(s => s.Spec.Machine == machine && s.Task != world.Task.Id).Select(s => s.Task).Distinct().Order(StringComparer.Ordinal).ToList();
            if (parsed.IsDry()) return TaskOperation.Preview(parsed, plan.Value);
            var code = await TaskOperation.RunAsync(parsed, world, plan.Value, new("machine drain", parsed.Ask)
            {
                Finish = others.Count > 0 ? null : async cancel => await (await NodesAsync(world.Session, machine, cancel)).DrainNodeAsync(node.Id, true, cancel),
            }, cancellation);
            if (code == ExitCode.Done)
                Talk.Say($"{machine} carries nothing of task {world.Task.Id} any more. Next: " + (others.Count == 0 ? $"ark machine remove {machine}" : $"ark machine drain {machine} --task {others[0]}"));
            return code;
        }, cancellation);
    }

    /// <summary>Takes the node out of the Swarm and its address out of the properties, or puts another in its place.</summary>
    private static Task<int> ForgetAsync(ParseResult parsed, string? with, CancellationToken cancellation) => WithSessionAsync(parsed, async session =>
    {
        var machine = parsed.GetValue(Machine)!;
        if (with is not null && !IPAddress.TryParse(with, out _)) return Talk.Problems([new("bad-address", "--with", $"{with} is no address.", "--with 10.0.0.14")], ExitCode.Usage);
        if (await session.FindSwarmAsync(cancellation, machine) is not { } swarm) return Talk.Problems([new("no-swarm", "site", "No machine that answers is a manager of a Swarm.", "ark base")], ExitCode.Failed);
        var facts = await swarm.GatherAsync(cancellation);
        var carried = Carried(facts, machine);
        if (carried.Count > 0 && with is null && session.Shells.ContainsKey(machine))
            return Talk.Problems([new("still-used", machine, $"{machine} carries {string.Join(", ", carried)}.", $"ark machine drain {machine}")], ExitCode.Failed);
        if (!Allowed(facts, machine, parsed.GetValue(Confirm))) return ExitCode.Failed;
        if (!Terminal.Confirm($"{machine} leaves the Swarm{(with is null || with == machine ? "" : $", {with} takes its place")}. Go on?", parsed.GetValue(GlobalOptions.Yes))) return ExitCode.Failed;
        var verb = with is null ? "machine remove" : "machine replace";
        return await SiteLock.HoldAsync(swarm, LockHolder.Current(), $"ark {verb}", async stop =>
        {
            var now = await swarm.GatherAsync(stop);
            if (!Carried(now, machine).SequenceEqual(carried))
                return Talk.Problems([new("world-moved", machine, $"What {machine} carries changed meanwhile.", $"ark {verb} {machine}")], ExitCode.Refused);
            await LeaveAsync(session, now, machine, verb, stop);
            Rewrite(session, machine, with);
            Talk.Say(with is null ? $"{machine} is out of the site." : "Next: ark prepare, ark base, ark apply.");
            return ExitCode.Done;
        }, cancellation);
    }, cancellation);

    private static List<string> Carried(ClusterFacts facts, string machine) => [.. facts.Services.Where(s => s.Spec.Machine == machine).Select(s => s.Name)];

    private static async Task LeaveAsync(Session session, ClusterFacts facts, string machine, string verb, CancellationToken cancellation)
    {
        var nodes = await NodesAsync(session, machine, cancellation);
        foreach (var node in facts.Nodes.Where(n => n.Machine == machine))
            await Execution.RecordAsync(session.Folder, verb, $"remove-node:{machine}", async cancel =>
            {
                await nodes.RemoveNodeAsync(node.Id, cancel);
                if (session.Shells.ContainsKey(machine)) await SwarmMembership.LeaveAsync(session.Docker(machine), cancel);
            }, cancellation);
    }

    /// <summary>The properties and the known host keys without the machine, or with another in its place.</summary>
    private static void Rewrite(Session session, string machine, string? with)
    {
        new HostKeys(session.Folder.KnownHosts).Forget(new MachineAddress(machine, session.Site.SshPort));
        if (with == machine) return;
        var properties = File.ReadAllText(session.Folder.Properties);
        var addresses = session.Site.Machines.Select(m => m.Address).ToList();
        Write(session.Folder, MachineList.Set(properties, with is null ? addresses.Where(a => a.ToString() != machine) : addresses.Select(a => a.ToString() == machine ? IPAddress.Parse(with) : a)));
    }

    private static int Change(ParseResult parsed, Func<IEnumerable<IPAddress>, IReadOnlyList<IPAddress>> change)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        if (!site.Ok) return Talk.Problems(site.Problems, ExitCode.Usage);
        if (!IPAddress.TryParse(parsed.GetValue(Machine), out _)) return Talk.Problems([new("bad-address", "machine", $"{parsed.GetValue(Machine)} is no address.", "10.0.0.14")], ExitCode.Usage);
        var text = MachineList.Set(File.ReadAllText(folder.Properties), change(site.Value.Machines.Select(m => m.Address)));
        var changed = SiteReader.Read(text, folder.Properties);
        if (!changed.Ok) return Talk.Problems(changed.Problems, ExitCode.Usage);
        Write(folder, text);
        Talk.Say("Next: ark prepare, ark base.");
        return ExitCode.Done;
    }

    private static void Write(SiteFolder folder, string text)
    {
        File.WriteAllText(folder.Properties + ".ark-new", text);
        File.Move(folder.Properties + ".ark-new", folder.Properties, overwrite: true);
    }

    /// <summary>True where no majority hangs on the machine, or a person typed its address all the same.</summary>
    private static bool Allowed(ClusterFacts facts, string machine, string? confirm)
    {
        var risks = Quorums.Without(machine, facts);
        return risks.Count == 0 || Terminal.ConfirmWord(
            $"Without {machine}, {string.Join(", ", risks.Select(r => $"{r.Group} has {r.Left} of {r.All} members left and needs {r.Needed}"))}.", machine, confirm);
    }

    /// <summary>Node operations through a manager that answers, another than <paramref name="machine"/> if there is one.</summary>
    private static async Task<ISwarmNodes> NodesAsync(Session session, string machine, CancellationToken cancellation) =>
        new DockerSwarmNodes(session.Docker(await session.FindManagerAsync(cancellation, machine) ?? throw new SwarmException("No manager answers.")));

    private static async Task<int> WithSessionAsync(ParseResult parsed, Func<Session, Task<int>> work, CancellationToken cancellation)
    {
        var opened = await Session.OpenAsync(parsed.SiteFolder(), cancellation);
        if (!opened.Ok) return Talk.Problems(opened.Problems, Session.ExitCodeOf(opened));
        await using var session = opened.Value;
        Talk.Problems([.. opened.Problems, .. session.Unreached], ExitCode.Done);
        return await work(session);
    }
}
