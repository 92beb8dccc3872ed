namespace Ark.Core.Checks;

/// <summary>One line of a report.</summary>
public sealed record CheckResult(string Id, int? Requirement, string Machine, Verdict Result, string Evidence, string Wanted, string Cause, string Remedy);

/// <summary>Numbers of results, of all machines.</summary>
public sealed record CheckSummary(int Checks, int Machines, int Passed, int Warned, int Failed, int NotChecked, int NotApplicable)
{
    /// <summary>Nothing stands against a deployment. What could not be checked does.</summary>
    public bool Good => Failed == 0 && NotChecked == 0;
}

/// <summary>What all checks found, in a stable order: check after check, machine after machine as the properties have them.</summary>
/// <param name="At">As of when the facts are.</param>
public sealed record CheckReport(DateTimeOffset At, string Domain, CheckSummary Summary, IReadOnlyList<CheckResult> Results)
{
    public static CheckReport Of(CheckScope scope, IReadOnlyList<Check> checks)
    {
        var order = scope.Machines.Select((m, index) => (m.Machine, index)).ToDictionary(m => m.Machine, m => m.index);
        List<CheckResult> results =
        [
            .. from check in checks
               from finding in check.Judge(scope).OrderBy(f => order.GetValueOrDefault(f.Machine, -1))
               select new CheckResult(check.Id, check.Requirement, finding.Machine, finding.Verdict, finding.Evidence, finding.Wanted, finding.Cause, finding.Remedy),
        ];
        int Count(Verdict verdict) => results.Count(r => r.Result == verdict);
        return new(
            scope.Now, scope.Site.Domain,
            new(checks.Count, scope.Machines.Count, Count(Verdict.Pass), Count(Verdict.Warning), Count(Verdict.Fail), Count(Verdict.CouldNotCheck), Count(Verdict.NotApplicable)),
            results);
    }
}
