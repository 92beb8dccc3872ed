using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Sites;
using Ark.Remote.Checks;
using Ark.Remote.Ssh;

namespace Ark.Console.Sites;

/// <summary>What a live run is to find out.</summary>
/// <param name="Task">Null: the properties' task, or the only one.</param>
/// <param name="Fsync">How fast the disks write too, for which a little is written there.</param>
public sealed record CheckQuestion(string? Task, bool Fsync)
{
    public GatherDeadlines Deadlines { get; init; } = GatherDeadlines.Default;

    /// <summary>How much goes from each machine to each other, too.</summary>
    public bool Bandwidth { get; init; }

    /// <summary>Of the customer's database, or why it cannot be said; null: the site has none.</summary>
    public Outcome<Secret>? DatabasePassword { get; init; }
}

/// <summary>What <c>ark check</c> judges. A live run and a saved file are judged the same way: the run makes just what would be saved.</summary>
public static class CheckWorld
{
    /// <summary>Of a saved file, in bytes.</summary>
    private const long Longest = 1 << 30;

    /// <summary>Asks all machines at once, then from each to each. One that does not answer is among the facts with the reason; only a folder that is not good fails.</summary>
    /// <param name="reached">Told each machine as its connection stands or failed.</param>
    public static async Task<Outcome<FactsFile>> GatherAsync(SiteFolder folder, CheckQuestion question, IProgress<MachineConnection>? reached, CancellationToken cancellation)
    {
        var answers = AnswerFile.Read(folder);
        var properties = TextFile.Read(folder.Properties, folder.Properties, PropertiesText.MaxBytes);
        if (!answers.Ok || !properties.Ok) return Outcome<FactsFile>.Fail([.. answers.Problems, .. properties.Problems]);
        var opened = await Session.ConnectAsync(folder, reached, cancellation, new() { ConnectDeadline = question.Deadlines.Connect }, requireSudo: false);
        if (!opened.Ok) return Outcome<FactsFile>.Fail(opened.Problems);
        await using var session = opened.Value;
        var (site, time, at) = (session.Site, TimeProvider.System, TimeProvider.System.GetUtcNow());
        var machines = MachineToAsk.Of(session.Machines);
        var database = DatabaseAsync(site, question, cancellation);
        var facts = await GatherFacts.AskAsync(machines, HostFactsQuestion.For(site, question.Fsync), question.Deadlines, time, null, cancellation);
        var carried = await CarriedNeeds.ReadAsync(folder, site, question.Task, facts, cancellation);
        var told = new FactsFile(HostFacts.CurrentSchema, at, site.Domain, facts, [])
        {
            Properties = SiteSecrets.Without(properties.Value),
            Answers = answers.Value,
            Needs = carried.Needs,
            Products = carried.Products?.Order(StringComparer.Ordinal).ToList(),
            Database = await database,
        };
        var scope = Scope(told);
        var ports = machines.ToDictionary(m => m.Machine, m => NeededPorts.Targets(scope, m.Machine));
        // A machine that did not tell its facts is not asked a second time.
        machines = [.. machines.Zip(facts, (m, f) => f.Unreached is null ? m : m with { Shell = null, Unreached = f.Unreached })];
        var probes = await GatherFacts.ProbeAsync(machines, ports, question.Deadlines, time, cancellation);
        var bandwidth = question.Bandwidth ? await MeasureBandwidth.AskAsync(machines, facts, cancellation) : null;
        return Outcome<FactsFile>.Of(told with { Probes = probes, Bandwidth = bandwidth }, [.. session.Unreached.Where(p => p.Severity == Severity.Warning), .. carried.Problems]);
    }

    private static async Task<DatabaseFacts?> DatabaseAsync(Site site, CheckQuestion question, CancellationToken cancellation) =>
        site.Metadb is not { } database || question.DatabasePassword is not { } password ? null
        : password.Ok ? await CustomersDatabase.AskAsync(database, password.Value, CustomersDatabase.Deadline, cancellation)
        : CustomersDatabase.Unasked(password.Problems[0]);

    /// <summary>What checks judge by, from what was gathered.</summary>
    public static CheckScope Scope(FactsFile facts)
    {
        var site = SiteReader.Read(facts.Properties, "").Value!;
        var machines = facts.Machines.ToDictionary(m => m.Machine);
        return new()
        {
            Site = site,
            Machines = [.. Session.Addresses(site).Select(a => machines.GetValueOrDefault(a.Host) ?? Missing(a.Host, facts.At))],
            Needs = facts.Needs,
            Probes = facts.Probes,
            Bandwidth = facts.Bandwidth,
            Database = facts.Database,
            Answers = facts.Answers,
            Products = facts.Products?.ToHashSet(StringComparer.OrdinalIgnoreCase),
            Now = facts.At,
        };
    }

    /// <summary>What <see cref="Write"/> kept.</summary>
    public static Outcome<FactsFile> Read(string file)
    {
        var text = TextFile.Read(file, file, Longest);
        if (!text.Ok) return Outcome<FactsFile>.Fail(text.Problems);
        var facts = FactsFile.Read(text.Value, file);
        if (!facts.Ok) return facts;
        var site = SiteReader.Read(facts.Value.Properties, file);
        return site.Ok ? facts : Outcome<FactsFile>.Fail(new Problem("facts-no-site", file, "The properties in it describe no site.", "ark check --save FILE on the site, once more"));
    }

    /// <summary>Readers see the old file or the new one.</summary>
    public static void Write(FactsFile facts, string file)
    {
        using (var stream = File.Create(file + ".new")) facts.Write(stream);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static HostFacts Missing(string machine, DateTimeOffset at) => new()
    {
        Machine = machine,
        At = at,
        Unreached = new("not-in-file", machine, "The file says nothing of the machine.", "ark check --save FILE on the site, once more"),
    };
}
