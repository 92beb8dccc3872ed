using Ark.Core.Checks;
using Ark.Testing.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

/// <summary>Machines say too little, or something odd: a check judges what there is.</summary>
public sealed class CheckPropertyTests
{
    /// <summary>After these the machine has less than others look at; what is missing is taken away below.</summary>
    private static readonly string[] LeavesLess = ["machine-answers", "sshd-keys", "ways-free", "no-conflicts", "docker-api", "docker-same"];

    private static readonly CheckCase[] Cases = [.. CheckCases.All.Where(c => !LeavesLess.Contains(c.Key)).OrderBy(c => c.Key, StringComparer.Ordinal).SelectMany(c => c.Value)];

    private static readonly Gen<string> Odd = Gen.OneOf(
        Gen.String, Gen.Const(""), Gen.Const("-1"), Gen.Const("99999999999999999999"), Gen.Const("1.2.3.4/99"), Gen.Const("0.0.0.0/0"), Gen.Const("a b\tc"), Gen.Const("."), Gen.Const("V"), Gen.Const("中文"));

    private static readonly Gen<CheckScope> Scopes =
        from cases in Gen.Int[0, Cases.Length - 1].Array[0, 6]
        from odd in Odd
        from oddities in Gen.Int[0, 255]
        from missing in Gen.Int[0, (1 << 16) - 1].Array[3]
        from lost in Gen.Int[0, 31]
        from size in Gen.OneOf(Gen.Const(0L), Gen.Const(long.MaxValue / 8), Gen.Const(-1L))
        let spoiled = cases.Aggregate(HealthySite.Scope, (scope, c) => Cases[c].Spoil(scope))
        select Less(spoiled with { Machines = [.. spoiled.Machines.Select((m, i) => Without(Strange(m, odd, oddities, size), missing[i]))] }, lost);

    [Fact]
    public void No_facts_make_a_check_throw_and_every_finding_says_something() => Scopes.Sample(scope =>
    {
        var machines = scope.Machines.Select(m => m.Machine).Append("").ToHashSet();
        foreach (var check in CheckCatalog.All)
        {
            foreach (var finding in check.Judge(scope))
            {
                Assert.True(finding.Evidence.Length > 0, $"{check.Id}: {finding}");
                Assert.Contains(finding.Machine, machines);
                Assert.Equal(finding.Verdict is Verdict.Pass or Verdict.NotApplicable, finding.Cause.Length == 0);
            }
        }
    }, iter: 400);

    [Fact]
    public void What_is_missing_never_passes() => Scopes.Sample(scope =>
    {
        foreach (var silent in scope.Machines.Where(m => m is { Os: null, Cpu: null, Memory: null, Clock: null, Names: null, Network: null, Security: null, Limits: null, Sysctls: null, Modules: null, Storage: null, Software: null, Listeners: null, Engine: null }))
        {
            foreach (var check in CheckCatalog.All.Where(c => c.Id is not ("ways-free" or "latency" or "bandwidth")))
                Assert.DoesNotContain(check.Judge(scope), f => f.Machine == silent.Machine && f.Verdict == Verdict.Pass);
        }
    }, iter: 400);

    private static HostFacts Without(HostFacts machine, int missing)
    {
        if (missing % 7 == 0)
            missing = (1 << 16) - 1; // Now and then everything.
        bool Has(int section) => (missing & (1 << section)) == 0;
        return new()
        {
            Machine = machine.Machine,
            At = machine.At,
            Unreached = Has(0) ? null : missing % 2 == 1 && missing % 5 == 0 ? new("ssh-timeout", machine.Machine, "Nothing answered.", "ping it") : null,
            Os = Has(1) ? machine.Os : null,
            Cpu = Has(2) ? machine.Cpu : null,
            Memory = Has(3) ? machine.Memory : null,
            Clock = Has(4) ? machine.Clock : null,
            Names = Has(5) ? machine.Names : null,
            Network = Has(6) ? machine.Network : null,
            Security = Has(7) ? machine.Security : null,
            Limits = Has(8) ? machine.Limits : null,
            Sysctls = Has(9) ? machine.Sysctls : null,
            Modules = Has(10) ? machine.Modules : null,
            Storage = Has(11) ? machine.Storage : null,
            Software = Has(12) ? machine.Software : null,
            Listeners = Has(13) ? machine.Listeners : null,
            Engine = Has(14) ? machine.Engine : null,
        };
    }

    private static CheckScope Less(CheckScope scope, int lost) => scope with
    {
        Site = (lost & 1) == 0 ? scope.Site : HealthySite.Vm.Site,
        Needs = (lost & 2) == 0 ? scope.Needs : new Dictionary<string, MachineNeeds>(),
        Probes = (lost & 4) == 0 ? scope.Probes : [.. scope.Probes.Take(5)],
        Bandwidth = (lost & 4) == 0 ? scope.Bandwidth : scope.Bandwidth?.Take(2).ToList(),
        Database = (lost & 8) == 0 ? scope.Database : null,
        Products = (lost & 16) == 0 ? scope.Products : null,
    };

    /// <summary>One odd text and one odd size in many places at once, chosen by bits.</summary>
    private static HostFacts Strange(HostFacts m, string odd, int where, long size)
    {
        bool At(int bit) => (where & (1 << bit)) != 0;
        return m with
        {
            Os = At(0) ? m.Os! with { Id = odd, Like = odd, Version = odd, Kernel = odd, Name = "", CgroupControllers = [] } : m.Os,
            Cpu = At(1) ? m.Cpu! with { Count = (int)size, Flags = [] } : m.Cpu,
            Memory = At(2) ? m.Memory! with { TotalBytes = size, AvailableBytes = size } : m.Memory,
            Clock = At(3) ? m.Clock! with { OffsetSeconds = size, UncertaintySeconds = double.NaN, Sources = [odd], TimeZone = odd } : m.Clock,
            Names = At(4) ? m.Names! with { Hostname = odd, Static = odd, Addresses = [odd], Nameservers = [odd], MachineId = odd, Search = [] } : m.Names,
            Network = At(5) ? new([new(odd, [odd], odd, -1, odd, -1, odd, size)], [new(odd, null, odd)], new Dictionary<string, string> { [odd] = odd }) : m.Network,
            Limits = At(6) ? new(odd, size, size, size) : m.Limits,
            Sysctls = At(6) ? m.Sysctls!.ToDictionary(s => s.Key, _ => new SysctlFacts(odd, odd)) : m.Sysctls,
            Storage = At(7) ? m.Storage! with { FileSystems = [.. m.Storage.FileSystems.Select(f => f with { Bytes = size, FreeBytes = size, Inodes = size, FreeInodes = -size, Mode = odd, Type = odd })], Disks = [new("sda", size, true, "")] } : m.Storage,
            Engine = At(7) ? m.Engine! with { ApiVersion = odd, Version = odd, RootDirectory = odd, Swarm = odd } : m.Engine,
        };
    }
}
