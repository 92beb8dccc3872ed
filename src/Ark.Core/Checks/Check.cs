using Ark.Core.Placement;

namespace Ark.Core.Checks;

/// <summary>What a check says of a machine. The worst comes first: a report is as bad as its worst line.</summary>
public enum Verdict
{
    /// <summary>It must be mended before a deployment.</summary>
    Fail,

    /// <summary>The fact could not be found out. Never taken for a pass.</summary>
    CouldNotCheck,

    /// <summary>A deployment can go on; somebody should know.</summary>
    Warning,

    Pass,

    /// <summary>The question does not arise for this machine or this site.</summary>
    NotApplicable,
}

/// <summary>What checks are grouped by in reports, in this order.</summary>
public enum CheckGroup { Access, System, Hardware, Clock, Names, Network, Security, Kernel, Limits, Storage, Software, Ports, Plan, Database, People }

/// <summary>What one check found on one machine.</summary>
/// <param name="Machine">Address; empty where it is about the site as a whole.</param>
/// <param name="Evidence">What was seen, with its value.</param>
/// <param name="Wanted">What should be there, in the same words and units; empty where the verdict says it all.</param>
/// <param name="Cause">The one cause, in a sentence; empty for a pass.</param>
/// <param name="Remedy">The one command that mends it, or whom to ask; empty for a pass.</param>
public sealed record Finding(string Machine, Verdict Verdict, string Evidence, string Wanted = "", string Cause = "", string Remedy = "")
{
    /// <summary>What <c>ark check --apply</c> does about it; null: nothing, people must.</summary>
    public Fix? Fix { get; init; }
}

/// <summary>One question about machines: a pure function of what they said and of what the site wants.</summary>
/// <param name="Id">Stable, kebab-case, never translated.</param>
/// <param name="Requirement">Number in spec §6; null: not one of the 23.</param>
/// <param name="Title">The question as a statement that holds where all is well: "IPv4 forwarding is on".</param>
public sealed record Check(string Id, int? Requirement, CheckGroup Group, string Title, Func<CheckScope, IEnumerable<Finding>> Judge)
{
    /// <summary>A check of each machine by itself. A fact that is not known makes it <see cref="Verdict.CouldNotCheck"/>.</summary>
    /// <param name="fact">What it looks at.</param>
    /// <param name="judge">Of a fact that is known; the finding's machine is filled in.</param>
    public static Check Of<T>(string id, int? requirement, CheckGroup group, string title, Func<HostFacts, T?> fact, Func<CheckScope, HostFacts, T, Finding> judge) where T : class =>
        new(id, requirement, group, title, scope => scope.Machines.Select(machine => fact(machine) switch
        {
            { } known => judge(scope, machine, known) with { Machine = machine.Machine },
            null => Unknown(machine),
        }));

    /// <summary>A check over all machines at once: of those whose fact is known; the others could not be checked.</summary>
    public static Check Across<T>(string id, int? requirement, CheckGroup group, string title, Func<HostFacts, T?> fact, Func<CheckScope, IReadOnlyList<(HostFacts Machine, T Fact)>, IEnumerable<Finding>> judge)
        where T : class =>
        new(id, requirement, group, title, scope =>
        {
            var all = scope.Machines.Select(m => (Machine: m, Fact: fact(m))).ToList();
            return [.. judge(scope, [.. all.Where(m => m.Fact is not null).Select(m => (m.Machine, m.Fact!))]), .. all.Where(m => m.Fact is null).Select(m => Unknown(m.Machine))];
        });

    public static Finding Pass(string evidence, string wanted = "") => new("", Verdict.Pass, evidence, wanted);

    public static Finding Fail(string evidence, string wanted, string cause, string remedy) => new("", Verdict.Fail, evidence, wanted, cause, remedy);

    public static Finding Warn(string evidence, string wanted, string cause, string remedy) => new("", Verdict.Warning, evidence, wanted, cause, remedy);

    public static Finding Unknown(string evidence, string cause, string remedy) => new("", Verdict.CouldNotCheck, evidence, "", cause, remedy);

    public static Finding NotApplicable(string why) => new("", Verdict.NotApplicable, why);

    /// <summary>The same check where the question arises; where it does not, one line that says why.</summary>
    /// <param name="whyNot">Of the site; null where the question arises.</param>
    public Check Unless(Func<CheckScope, string?> whyNot)
    {
        var judge = Judge;
        return this with { Judge = scope => whyNot(scope) is { } reason ? [NotApplicable(reason)] : judge(scope) };
    }

    /// <summary>A part of what the machine said is missing, though the rest of its section is there.</summary>
    /// <param name="what">In a few words: "what the time service says".</param>
    internal static Finding Untold(HostFacts machine, string what) => new(
        machine.Machine, Verdict.CouldNotCheck, $"{what}: not known", "", "The fact could not be gathered there.", SaveAndLook(machine));

    internal static Finding Unknown(HostFacts machine) => machine.Unreached is { } reason
        ? new(machine.Machine, Verdict.CouldNotCheck, "the machine did not answer", "", reason.Message, reason.Remedy)
        : new(machine.Machine, Verdict.CouldNotCheck, "the machine did not say", "", "The fact could not be gathered there.", SaveAndLook(machine));

    private static string SaveAndLook(HostFacts machine) => $"ark check --save facts.json, and look at {machine.Machine} in it";
}

/// <summary>What checks judge by.</summary>
public sealed record CheckScope
{
    private readonly MachineTable _machines = new([]);
    private readonly ProbeTable _probes = new([]);

    public required Sites.Site Site { get; init; }

    /// <summary>Every machine of the site in the order of the properties, the client first; those that were not reached too.</summary>
    public required IReadOnlyList<HostFacts> Machines { get => _machines.All; init => _machines = new(value); }

    /// <summary>What will be placed on each machine, by address; empty where no task was carried along or nothing could be placed.</summary>
    public IReadOnlyDictionary<string, MachineNeeds> Needs { get; init; } = new Dictionary<string, MachineNeeds>();

    /// <summary>From machine to machine, TCP and UDP, as tried; empty where it was not.</summary>
    public IReadOnlyList<PortProbe> Probes { get => _probes.All; init => _probes = new(value); }

    /// <summary>How much goes from machine to machine; null: it was not asked for.</summary>
    public IReadOnlyList<BandwidthProbe>? Bandwidth { get; init; }

    /// <summary>The customer's metadata database; null where the site has none, or it was not asked.</summary>
    public DatabaseFacts? Database { get; init; }

    /// <summary>What people answered, by the requirement's number.</summary>
    public IReadOnlyDictionary<int, Answer> Answers { get; init; } = new Dictionary<int, Answer>();

    /// <summary>Products of the task, for requirements that hold for some only; null: no task is known.</summary>
    public IReadOnlySet<string>? Products { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Null: none of the site's machines.</summary>
    internal HostFacts? Find(string machine) => _machines.Find(machine);

    /// <summary>Machines that one of the site's is to try to reach.</summary>
    internal IEnumerable<HostFacts> OthersOf(HostFacts machine) => _machines.OthersOf(machine);

    internal IEnumerable<PortProbe> ProbesFrom(string machine) => _probes.From(machine);

    internal IEnumerable<PortProbe> ProbesTo(string machine) => _probes.To(machine);
}

/// <param name="Cpu">Whole processors, summed.</param>
/// <param name="MemoryBytes">Summed.</param>
/// <param name="DiskBytes">Under Docker's folder, summed.</param>
/// <param name="Ports">In VM mode: TCP port to the instance that will listen there.</param>
public sealed record MachineNeeds(decimal Cpu, long MemoryBytes, long DiskBytes, IReadOnlyDictionary<int, string> Ports)
{
    private static readonly Dictionary<int, string> None = [];

    /// <summary>In VM mode: UDP port to the instance that will listen there. Files from before it was known have none.</summary>
    public IReadOnlyDictionary<int, string> UdpPorts { get; init => field = value ?? None; } = None;

    /// <summary>Both, with the instances. TCP first, sorted.</summary>
    internal IEnumerable<(PortUse Port, string Instance)> AllPorts() =>
        Ports.OrderBy(p => p.Key).Select(p => (new PortUse(p.Key, "tcp"), p.Value)).Concat(UdpPorts.OrderBy(p => p.Key).Select(p => (new PortUse(p.Key, "udp"), p.Value)));
}

/// <summary>How a connection or a datagram from one machine to another ended.</summary>
public enum ProbeResult
{
    /// <summary>Something answered.</summary>
    Open,

    /// <summary>The machine answered that nothing listens there: the way is free.</summary>
    Refused,

    /// <summary>Something on the way said no (ICMP): a firewall that rejects.</summary>
    Filtered,

    /// <summary>Nobody said anything: a firewall that drops, or no route; of a datagram also a program that listens and does not answer.</summary>
    TimedOut,
}

/// <param name="Milliseconds">Until the answer; null where there was none, and of UDP.</param>
public sealed record PortProbe(string From, string To, int Port, ProbeResult Result, double? Milliseconds)
{
    /// <summary><c>tcp</c> or <c>udp</c>. Files from before UDP was tried do not say it.</summary>
    public string Protocol { get; init => field = value ?? "tcp"; } = "tcp";
}

/// <param name="BitsPerSecond">Of one TCP connection, as the receiver counted them; null where it could not be measured.</param>
/// <param name="Why">Why not, in a few words; null where it was measured.</param>
public sealed record BandwidthProbe(string From, string To, long? BitsPerSecond, string? Why);

/// <param name="Version">As the server says it.</param>
/// <param name="LowerCaseTableNames">0, 1 or 2.</param>
/// <param name="Grants">Of the account, as <c>SHOW GRANTS</c> prints them, without passwords.</param>
/// <param name="Problem">Why nothing could be asked.</param>
public sealed record DatabaseFacts(string Version, string CharacterSet, int LowerCaseTableNames, IReadOnlyList<string> Grants, Problem? Problem);

/// <summary>What somebody said to a requirement that only people can answer.</summary>
/// <param name="Yes">It is fulfilled.</param>
public sealed record Answer(bool Yes, string Text, string By, DateTimeOffset At);
