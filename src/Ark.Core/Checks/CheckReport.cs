using System.Text.Json;
using System.Text.Json.Serialization;
namespace Ark.Core.Checks;

/// <summary>One line of a report.</summary>
public sealed record CheckResult(string Id, int? Requirement, string Machine, Verdict Result, string Evidence, string Wanted, string Cause, string Remedy)
{
    /// <summary>What <c>ark check --apply</c> does about it; null: nothing.</summary>
    [JsonIgnore]
    public Fix? Fix { get; init; }

    /// <summary><c>ark check --apply</c> mends it.</summary>
    public bool Fixable => Fix is not null;
}

/// <summary>Numbers of results, of all machines.</summary>
public sealed record CheckSummary(int Checks, int Machines, int Passed, int Warned, int Failed, int NotChecked, int NotApplicable)
{
    /// <summary>Nothing stands against a deployment. What could not be checked does.</summary>
    [JsonIgnore]
    public bool Good => Failed == 0 && NotChecked == 0;
}

/// <summary>What all checks found, in a stable order: check after check, machine after machine as the properties have them.</summary>
/// <param name="At">As of when the facts are.</param>
public sealed record CheckReport(DateTimeOffset At, string Domain, CheckSummary Summary, [property: JsonPropertyOrder(1)] IReadOnlyList<CheckResult> Results)
{
    /// <summary>Machines of which nothing is known, in the order of the properties.</summary>
    public IReadOnlyList<UnreachedMachine> NotReached { get; init; } = [];

    /// <summary>From machine to machine; not there where bandwidth was not asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Way>? Ways { get; init; }

    /// <summary>Every machine answered, and nothing stands against a deployment.</summary>
    public bool Good => Summary.Good && NotReached.Count == 0;

    /// <summary>As JSON in UTF-8 with a line end, piece by piece: a report of a thousand machines is never in memory as one text.</summary>
    public void Write(Stream to)
    {
        JsonSerializer.Serialize(to, this, CheckReportJson.Default.CheckReport);
        to.WriteByte((byte)'\n');
    }

    public static CheckReport Of(CheckScope scope, IReadOnlyList<Check> checks)
    {
        var order = scope.Machines.Select((m, index) => (m.Machine, index)).ToDictionary(m => m.Machine, m => m.index);
        List<CheckResult> results =
        [
            .. from check in checks
               from finding in Findings(check, scope).OrderBy(f => order.GetValueOrDefault(f.Machine, -1))
               select new CheckResult(check.Id, check.Requirement, finding.Machine, finding.Verdict, finding.Evidence, finding.Wanted, finding.Cause, finding.Remedy) { Fix = finding.Fix },
        ];
        int Count(Verdict verdict) => results.Count(r => r.Result == verdict);
        return new(
            scope.Now, scope.Site.Domain,
            new(checks.Count, scope.Machines.Count, Count(Verdict.Pass), Count(Verdict.Warning), Count(Verdict.Fail), Count(Verdict.CouldNotCheck), Count(Verdict.NotApplicable)),
            results)
        {
            NotReached = [.. from machine in scope.Machines let why = machine.Unreached where why is not null select new UnreachedMachine(machine.Machine, why.Code, why.Message, why.Remedy)],
            Ways = scope.Bandwidth is { } bandwidth ? [.. bandwidth.Select(p => new Way(p.From, p.To, scope.ProbesFrom(p.From).Where(l => l.To == p.To).Min(l => l.Milliseconds), p.BitsPerSecond))] : null,
        };
    }

    /// <summary>A check that says nothing at all has not passed.</summary>
    private static List<Finding> Findings(Check check, CheckScope scope)
    {
        List<Finding> findings = [.. check.Judge(scope)];
        return findings.Count > 0 ? findings : [Check.Unknown("nothing was found to look at", "No machine told what the check looks at.", "ark check --save facts.json, and look at it")];
    }
}

/// <summary>A machine that told nothing.</summary>
/// <param name="Code">Stable: <c>ssh-refused</c>.</param>
public sealed record UnreachedMachine(string Machine, string Code, string Message, string Remedy);

/// <summary>What was measured from one machine to another.</summary>
/// <param name="Milliseconds">Until a connection was answered, the fastest; null: none was.</param>
/// <param name="BitsPerSecond">Null: it could not be measured.</param>
public sealed record Way(string From, string To, double? Milliseconds, long? BitsPerSecond);

/// <summary>The JSON of reports: camelCase, times in UTC. Results of all verdicts stand in it.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, Converters = [typeof(VerdictWord)])]
[JsonSerializable(typeof(CheckReport))]
public sealed partial class CheckReportJson : JsonSerializerContext;

/// <summary><c>fail</c>, <c>couldNotCheck</c>, <c>warning</c>, <c>pass</c>, <c>notApplicable</c>.</summary>
public sealed class VerdictWord() : JsonStringEnumConverter<Verdict>(JsonNamingPolicy.CamelCase);
