using Ark.Core.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class FactsFileTests
{
    private static readonly Gen<string> Text = Gen.Char['\u0001', '\u9fff'].Array[0, 8].Select(c => new string(c));
    private static readonly Gen<IReadOnlyList<string>> Texts = Text.Array[0, 3].Select(t => (IReadOnlyList<string>)t);
    private static readonly Gen<DateTimeOffset> Moment = Gen.Long[0, 3_000_000_000 * TimeSpan.TicksPerSecond].Select(t => DateTimeOffset.UnixEpoch.AddTicks(t));
    private static readonly Gen<double> Number = Gen.Double[-1e9, 1e9];

    private static readonly Gen<OsFacts> Os =
        Gen.Select(Text, Text, Maybe(Text), Gen.Int[0, 2], Texts).Select((id, name, kind, version, controllers) => new OsFacts(id, "", "9.1", name, "x86_64", "5", kind, version == 0 ? null : version, controllers, "systemd"));

    private static readonly Gen<ClockFacts> Clock =
        Gen.Select(Number, Number, Text, Gen.Bool, Gen.Int[0, 2], Texts).Select((offset, error, unit, boot, sync, sources) => new ClockFacts(offset, error, "UTC", unit, boot, sync == 0 ? null : sync == 1, sources));

    private static readonly Gen<NameFacts> Names =
        Gen.Select(Text, Texts, Maybe(Texts), Text).Select((name, addresses, wildcard, block) => new NameFacts(name, name, addresses, "id", [], [], wildcard, block));

    private static readonly Gen<NetworkFacts> Network = Gen.Select(Text, Texts, Gen.Int, Gen.Long, Maybe(Text), Gen.Dictionary(Text, Text)[0, 3]).Select((name, addresses, speed, errors, gateway, neighbours) =>
        new NetworkFacts([new(name, addresses, "", 1500, "up", speed < 0 ? null : speed, "physical", errors)], [new("default", gateway, name)], neighbours));

    private static readonly Gen<SecurityFacts> Security = Gen.Select(Texts, Maybe(Texts), Maybe(Text), Gen.Bool, Maybe(Gen.Dictionary(Text, Text)[0, 3])).Select((units, rules, policy, root, sshd) =>
        new SecurityFacts(units, units, rules, policy, "absent", "absent", root, root, root ? true : null, sshd));

    private static readonly Gen<StorageFacts> Storage = Gen.Select(Text, Gen.Long, Number, Gen.Bool, Texts, Maybe(Text)).Select((name, bytes, seconds, yes, options, mode) =>
        new StorageFacts([new(name, bytes, yes, "")], [new("/var", "/", name, "xfs", yes ? true : null, options, bytes, bytes, 1, 1, mode, mode)], yes ? seconds : null, options));

    private static readonly Gen<HostFacts> Host =
        Gen.Select(Moment, Gen.Bool, Gen.Select(Maybe(Os), Maybe(Clock), Maybe(Names), Maybe(Network)), Gen.Select(Maybe(Security), Maybe(Storage), Gen.Long, Text), Maybe(Gen.Dictionary(Text, Maybe(Text))[0, 3]))
            .Select((at, unreached, one, two, sysctls) => new HostFacts
            {
                Machine = "",
                At = at,
                Unreached = unreached ? new Problem("ssh-lost", two.Item4, "The machine is gone.", "", Severity.Error) : null,
                Os = one.Item1,
                Cpu = unreached ? null : new CpuFacts(2, two.Item4, ["aes"], null),
                Memory = unreached ? null : new MemoryFacts(two.Item3, 1, 0, [two.Item4], null),
                Clock = one.Item2,
                Names = one.Item3,
                Network = one.Item4,
                Security = two.Item1,
                Limits = unreached ? null : new LimitFacts("0022", two.Item3, -1, 0),
                Sysctls = sysctls?.ToDictionary(s => s.Key, s => new SysctlFacts(s.Value, null)),
                Modules = unreached ? null : new Dictionary<string, ModuleFacts> { [two.Item4] = new(true, true, false) },
                Storage = two.Item2,
                Software = unreached ? null : new SoftwareFacts("apt", [two.Item4], [], []),
                Listeners = unreached ? null : [new("tcp", "*", 22, two.Item4)],
                Engine = unreached ? null : new EngineFacts(two.Item4, "1.41", "/", "overlay2", "systemd", "active"),
            });

    private static readonly Gen<FactsFile> Any =
        Gen.Select(Moment, Text, Host.Array[0, 3], Gen.Enum<ProbeResult>(), Number).Select((at, domain, machines, result, milliseconds) => new FactsFile(
            HostFacts.CurrentSchema, at, domain,
            [.. machines.Select((m, i) => m with { Machine = $"10.0.0.{i}" })],
            [new("10.0.0.0", "10.0.0.1", 22, result, result == ProbeResult.TimedOut ? null : milliseconds), new("10.0.0.0", "10.0.0.1", 4789, result, null) { Protocol = "udp" }])
        {
            Bandwidth = result == ProbeResult.Open ? null : [new("10.0.0.0", "10.0.0.1", (long)Math.Clamp(milliseconds, 0, 1e12), null), new("10.0.0.1", "10.0.0.0", null, domain)],
            Database = result switch
            {
                ProbeResult.Open => null,
                ProbeResult.Refused => new("", "", 0, [], new("database-refused", domain, "Nothing listens.")),
                _ => new(domain, "utf8mb4", 1, [domain, "GRANT ALL PRIVILEGES ON *.* TO `ark`@`%`"], null),
            },
        });

    private static Gen<T?> Maybe<T>(Gen<T> gen) where T : class => Gen.Select(Gen.Int[0, 3], gen).Select((n, value) => n == 0 ? null : value);

    [Fact]
    public void What_is_written_is_read_again() => Any.Sample(file =>
    {
        var read = FactsFile.Read(file.Write(), "facts.json");
        Assert.Empty(read.Problems);
        Assert.Equivalent(file, read.Value, strict: true);
        Assert.Equal(file.Write(), read.Value!.Write());
        using var piecemeal = new MemoryStream();
        file.Write(piecemeal);
        Assert.Equal(file.Write(), System.Text.Encoding.UTF8.GetString(piecemeal.ToArray()));
    }, iter: 300);

    [Fact]
    public void A_real_answer_is_read_again()
    {
        var file = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(1795627043), "example.com", [Answers.Read(Answers.Rocky)], []);
        Assert.Equivalent(file, FactsFile.Read(file.Write(), "facts.json").Value, strict: true);
        Assert.Contains("\"machineId\": \"b08dfa6083e7567a1921a715000001fb\"", file.Write());
    }

    [Fact]
    public void Facts_from_before_UDP_was_tried_are_read()
    {
        var file = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(0), "x", [], [new("10.0.0.1", "10.0.0.2", 22, ProbeResult.Open, 1)])
        {
            Needs = new Dictionary<string, MachineNeeds> { ["10.0.0.1"] = new(1, 1, 1, new Dictionary<int, string> { [53] = "names-1" }) },
        };
        var text = file.Write().Replace("\"protocol\": \"tcp\"", "\"sooner\": 1", StringComparison.Ordinal).Replace("\"udpPorts\": {}", "\"later\": 1", StringComparison.Ordinal);
        Assert.Equal((false, false), (text.Contains("protocol", StringComparison.Ordinal), text.Contains("udpPorts", StringComparison.Ordinal)));
        Assert.Equivalent(file, FactsFile.Read(text, "facts.json").Value, strict: true);
    }

    [Theory]
    [InlineData("", "facts-unreadable")]
    [InlineData("{", "facts-unreadable")]
    [InlineData("[]", "facts-foreign")]
    [InlineData("null", "facts-foreign")]
    [InlineData("{\"schema\": 1}", "facts-foreign")]
    [InlineData("{\"schema\": \"1\", \"machines\": []}", "facts-foreign")]
    [InlineData("{\"schema\": 0, \"machines\": []}", "facts-older")]
    [InlineData("{\"schema\": 2, \"machines\": {}}", "facts-newer")]
    [InlineData("{\"schema\": 1, \"machines\": []}", "facts-unreadable")]
    [InlineData("{\"schema\": 1, \"at\": \"2026-11-25T17:00:00+00:00\", \"domain\": \"x\", \"probes\": [], \"machines\": [null]}", "facts-unreadable")]
    [InlineData("{\"schema\": 1, \"at\": \"yesterday\", \"domain\": \"x\", \"probes\": [], \"machines\": []}", "facts-unreadable")]
    [InlineData("{\"schema\": 1, \"at\": \"2026-11-25T17:00:00+00:00\", \"domain\": null, \"probes\": [], \"machines\": []}", "facts-unreadable")]
    public void What_are_no_facts_of_this_schema_is_refused(string text, string code)
    {
        var problem = Assert.Single(FactsFile.Read(text, "facts.json").Problems);
        Assert.Equal(code, problem.Code);
        Assert.StartsWith("facts.json", problem.Place, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Remedy);
    }

    [Fact]
    public void A_machine_that_comes_twice_is_refused()
    {
        var facts = Answers.Read(Answers.Rocky);
        var file = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(0), "x", [facts, facts], []);
        Assert.Equal("facts-unreadable", Assert.Single(FactsFile.Read(file.Write(), "facts.json").Problems).Code);
    }

    [Fact]
    public void A_null_within_a_list_is_refused()
    {
        var text = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(0), "x", [Answers.Read(Answers.Rocky)], []).Write();
        Assert.Equal("facts-unreadable", Assert.Single(FactsFile.Read(text.Replace("\"10.0.0.11/24\"", "null"), "facts.json").Problems).Code);
    }

    [Fact]
    public void A_file_that_was_cut_is_refused()
    {
        var text = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(0), "x", [Answers.Read(Answers.Rocky)], []).Write();
        Gen.Int[0, text.Length - 3].Sample(length => !FactsFile.Read(text[..length], "facts.json").Ok);
    }

    [Fact]
    public void No_text_makes_it_throw()
    {
        Gen.String.Sample(text => !FactsFile.Read(text, "facts.json").Ok);
        var good = new FactsFile(HostFacts.CurrentSchema, Answers.Moment(0), "x", [Answers.Read(Answers.Rocky)], []).Write();
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char).Sample((at, other) =>
        {
            var read = FactsFile.Read(good[..at] + other + good[(at + 1)..], "facts.json");
            return read.Ok == (read.Problems.Count == 0);
        });
    }
}
