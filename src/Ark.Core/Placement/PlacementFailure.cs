using System.Globalization;

namespace Ark.Core.Placement;

/// <summary>Says why instances found no machine: the rule, and folded over machines what each lacked.</summary>
internal static class PlacementFailure
{
    private const int MostGroups = 6;

    /// <summary>Components whose machines are told apart; of further ones only names are given.</summary>
    private const int MostDetailed = 100;

    private enum Want { Drained, Labels, Exclusive, Apart, Spread, Ports, Cpus, Memory, Disk }

    /// <param name="Text">With this machine's figures.</param>
    /// <param name="Free">For cores, memory and disk what is free, to fold machines with different figures.</param>
    private sealed record Lack(Want Want, string Text, long Free = 0);

    /// <summary>One problem a component, one a pinned instance.</summary>
    public static IEnumerable<Problem> Explain(PlacementModel model, PlacementAttempt attempt)
    {
        foreach (var (order, group) in attempt.Missing.GroupBy(m => m.Kind).Index())
        {
            var kind = model.Kinds[group.Key];
            var missing = group.Select(m => m.Index).ToList();
            foreach (var (index, machine) in kind.Pinned.Where(p => missing.Remove(p.Index)))
                yield return Pinned(model, attempt.Board, kind, index, machine);
            if (missing.Count > 0)
                yield return Unplaced(model, attempt.Board, kind, missing, order < MostDetailed);
        }
    }

    private static Problem Pinned(PlacementModel model, PlacementBoard board, Kind kind, int index, int machine)
    {
        var (name, address) = ($"{kind.Name}-{index}", model.Machines[machine].Address);
        var lacks = string.Join(", ", Lacks(model, board, kind, machine).Select(l => l.Text));
        return new("no-machine", name, $"{name} is pinned to {address}, which cannot hold it: {(lacks.Length > 0 ? lacks : "another instance took its place")}.", $"pin {name} to another machine in task.yaml, or take the pin out");
    }

    private static Problem Unplaced(PlacementModel model, PlacementBoard board, Kind kind, List<int> missing, bool detailed)
    {
        var names = missing.Count <= 4
            ? string.Join(", ", missing.Select(i => $"{kind.Name}-{i}"))
            : $"{kind.Name}-{missing[0]} to {kind.Name}-{missing[^1]} ({missing.Count} instances)";
        if (!detailed)
            return new("no-machine", kind.Name, $"Component {kind.Name}: no machine for {names}.", Remedy(kind, [], missing.Count));
        var machines = Enumerable.Range(0, model.Machines.Length).Select(m => (Machine: m, Lacks: Lacks(model, board, kind, m))).ToList();
        var rules = Rules(machines.Select(m => m.Lacks));
        var head = $"Component {kind.Name}: no machine for {names}; rule: {string.Join(", ", rules.Select(RuleName))}.";
        var folded = machines.Count == 0 ? "The site has no machine." : string.Join("; ", Fold(model, kind, machines)) + ".";
        return new("no-machine", kind.Name, $"{head} {folded}", Remedy(kind, rules, missing.Count));
    }

    /// <summary>All that speaks against the machine; nothing where only the search for a whole arrangement failed.</summary>
    private static List<Lack> Lacks(PlacementModel model, PlacementBoard board, Kind kind, int machine)
    {
        List<Lack> lacks = [];
        if (model.Machines[machine].Drained)
            lacks.Add(new(Want.Drained, "drained"));
        if (!PlacementModel.Bears(model.Machines[machine], kind.Component))
            lacks.Add(new(Want.Labels, $"label {model.MissingLabel(kind, machine)} missing"));
        if (lacks.Count > 0)
            return lacks;

        if (!board[machine].MayJoin(kind))
            lacks.Add(new(Want.Exclusive, kind.Exclusive ? "not empty, needed alone" : $"kept for {(board[machine].Owner == PlacementBoard.Stranger ? "a component of another task" : model.Kinds[board[machine].Owner].Name)} alone"));
        var apart = board.On[machine].Where(k => kind.Apart.Contains(k)).Select(k => model.Kinds[k].Name).Distinct().ToList();
        if (kind.ApartFromOthers.Contains(machine))
            apart.AddRange(kind.Component.Rule.Apart.Where(model.Machines[machine].Others.Contains));
        if (apart.Count > 0)
            lacks.Add(new(Want.Apart, $"{string.Join(", ", apart.Order(StringComparer.Ordinal))} there, to be kept apart"));
        var own = board.On[machine].Contains(kind.Number);
        if (own && kind.OnePerMachine)
            lacks.Add(new(Want.Spread, $"has one of {kind.Name} already"));
        foreach (var port in kind.Ports.Where(p => board.Users[p].Contains(machine) && !own))
            lacks.Add(new(Want.Ports, $"port {model.PortName(port)} taken{User(model, board, machine, port)}"));
        Scarce(lacks, kind.Needs, board[machine].Free);
        return lacks;
    }

    private static string User(PlacementModel model, PlacementBoard board, int machine, int port) =>
        board.On[machine].Select(k => model.Kinds[k]).FirstOrDefault(k => k.Ports.Contains(port)) is { } user ? " by " + user.Name : "";

    private static void Scarce(List<Lack> lacks, in Needs needs, in Needs free)
    {
        if (needs.Cpu > free.Cpu)
            lacks.Add(new(Want.Cpus, Cores(needs, free.Cpu, ""), free.Cpu));
        if (needs.Memory > free.Memory)
            lacks.Add(new(Want.Memory, Memory(needs, free.Memory, ""), free.Memory));
        if (needs.Disk > free.Disk)
            lacks.Add(new(Want.Disk, Disk(needs, free.Disk, ""), free.Disk));
    }

    private static string Cores(in Needs needs, long free, string atMost) => string.Create(CultureInfo.InvariantCulture, $"cores {atMost}{Math.Max(0, free) / 1000.0:0.###} free, {needs.Cpu / 1000.0:0.###} needed");

    private static string Memory(in Needs needs, long free, string atMost) => $"memory {atMost}{Sizes(free, needs.Memory)}";

    private static string Disk(in Needs needs, long free, string atMost) => $"disk {atMost}{Sizes(free, needs.Disk)}";

    /// <summary>The rules without which a machine would do, most machines first; those of machines without the labels only if there are no others.</summary>
    private static List<Want> Rules(IEnumerable<List<Lack>> machines)
    {
        var all = machines.ToList();
        var near = all.Where(m => m.Count == 0 || m[0].Want > Want.Labels).ToList();
        var decisive = near.Count > 0 ? near : all;
        return [.. decisive.SelectMany(m => m.Select(l => l.Want)).GroupBy(w => w).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => g.Key)];
    }

    private static IEnumerable<string> Fold(PlacementModel model, Kind kind, List<(int Machine, List<Lack> Lacks)> machines)
    {
        var groups = machines.GroupBy(m => string.Join(", ", m.Lacks.Select(l => l.Text))).ToList();
        if (groups.Count > MostGroups)
            groups = [.. machines.GroupBy(m => string.Join(", ", m.Lacks.Select(l => l.Want is Want.Cpus or Want.Memory or Want.Disk ? l.Want.ToString() : l.Text)))];
        var ordered = groups.OrderByDescending(g => g.Count()).ThenBy(g => g.First().Machine).ToList();
        foreach (var group in ordered.Take(MostGroups))
            yield return $"{Named(model, [.. group.Select(m => m.Machine)], machines.Count)}: {Text(kind, [.. group.Select(m => m.Lacks)])}";
        if (ordered.Count > MostGroups)
            yield return $"{ordered.Skip(MostGroups).Sum(g => g.Count())} more machines: other combinations of these";
    }

    private static string Named(PlacementModel model, List<int> machines, int all) =>
        machines.Count <= 3 ? string.Join(", ", machines.Select(m => model.Machines[m].Address))
        : machines.Count == all ? $"all {all} machines"
        : $"{machines.Count} machines";

    private static string Text(Kind kind, List<List<Lack>> machines)
    {
        if (machines[0].Count == 0)
            return "would do alone, but not together with the other components";
        var atMost = machines.Select(m => string.Join(' ', m.Select(l => l.Text))).Distinct().Count() > 1 ? "at most " : "";
        return string.Join(", ", machines[0].Select((lack, i) => lack.Want switch
        {
            Want.Cpus => Cores(kind.Needs, machines.Max(m => m[i].Free), atMost),
            Want.Memory => Memory(kind.Needs, machines.Max(m => m[i].Free), atMost),
            Want.Disk => Disk(kind.Needs, machines.Max(m => m[i].Free), atMost),
            _ => lack.Text,
        }));
    }

    private static string RuleName(Want want) => want switch
    {
        Want.Drained => "drained machines",
        Want.Labels => "labels",
        Want.Exclusive => "exclusive machine",
        Want.Apart => "apart",
        Want.Spread => "spread",
        Want.Ports => "ports",
        Want.Cpus => "cores",
        Want.Memory => "memory",
        _ => "disk",
    };

    private static string Remedy(Kind kind, List<Want> rules, int missing)
    {
        List<string> ways = [];
        if (rules.Contains(Want.Labels))
            ways.Add($"label machines in machine_labels with {string.Join(", ", kind.Component.Rule.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}"))}");
        if (rules.Contains(Want.Ports))
            ways.Add($"give {kind.Name} another port in task.yaml");
        if (kind.Component.Count > missing)
            ways.Add($"lower its count to {kind.Component.Count - missing}");
        ways.Add("add machines: ark machine add");
        return string.Join(", or ", ways);
    }

    /// <summary>In bytes where rounding would make the two look alike.</summary>
    private static string Sizes(long free, long needed) => Size(free) == Size(needed)
        ? string.Create(CultureInfo.InvariantCulture, $"{free:N0} bytes free, {needed:N0} needed")
        : $"{Size(free)} free, {Size(needed)} needed";

    /// <summary><c>4.0 GiB</c></summary>
    private static string Size(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double value = Math.Max(0, bytes);
        var unit = 0;
        for (; value >= 1024 && unit < units.Length - 1; unit++)
            value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}");
    }
}
