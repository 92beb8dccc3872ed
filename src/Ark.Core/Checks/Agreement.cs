namespace Ark.Core.Checks;

/// <summary>Checks across machines: what must be the same everywhere, and what must be different everywhere.</summary>
internal static class Agreement
{
    /// <summary>Machines that a line names of those that share a value.</summary>
    private const int MostNamed = 20;

    /// <summary>All machines have one value. Those that differ from most are found; where two values are equally frequent, the first of the alphabet counts as most.</summary>
    /// <param name="value">Null or empty: not known.</param>
    /// <param name="wrong">How bad another value is.</param>
    /// <param name="remedy">Of a machine that differs, and the value that most have.</param>
    /// <param name="fix">Likewise, where software may mend it.</param>
    public static Check Same(
        string id, int? requirement, CheckGroup group, string title, Func<HostFacts, string?> value, Verdict wrong, string cause, Func<HostFacts, string, string> remedy,
        Func<HostFacts, string, Fix>? fix = null) =>
        Check.Across(id, requirement, group, title, m => value(m) is { Length: > 0 } text ? text : null, (_, known) =>
        {
            if (known.Count == 0)
                return [];
            var most = known.GroupBy(k => k.Fact).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).First();
            return known.Select(k => k.Fact == most.Key
                ? Check.Pass(k.Fact, most.Key) with { Machine = k.Machine.Machine }
                : new Finding(k.Machine.Machine, wrong, k.Fact, $"{most.Key}, as on {most.Count()} of {known.Count} machines", cause, remedy(k.Machine, most.Key)) { Fix = fix?.Invoke(k.Machine, most.Key) });
        });

    /// <summary>No two machines share a value.</summary>
    /// <param name="values">Of one machine; it may bear one twice.</param>
    /// <param name="what">What a value is, in evidence: "host name".</param>
    /// <param name="remedy">Of a machine that shares one, and that value.</param>
    /// <param name="fix">Of a machine whose address does not come first among those that share a value: the first keeps it.</param>
    public static Check Unique(
        string id, int? requirement, CheckGroup group, string title, Func<HostFacts, IReadOnlyList<string>?> values, string what, string cause, Func<HostFacts, string, string> remedy,
        Func<HostFacts, Fix>? fix = null) =>
        Check.Across(id, requirement, group, title, values, (_, known) =>
        {
            var owners = known.SelectMany(k => k.Fact.Distinct().Select(value => (Value: value, k.Machine.Machine))).GroupBy(o => o.Value, o => o.Machine, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => g.Order(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
            return known.Select(k =>
            {
                var machine = k.Machine.Machine;
                var shared = k.Fact.Distinct().Where(v => owners[v].Count > 1).Order(StringComparer.Ordinal).ToList();
                return shared.Count == 0
                    ? Check.Pass($"{what} {(k.Fact.Count == 0 ? "none" : string.Join(", ", k.Fact))}") with { Machine = machine }
                    : new Finding(machine, Verdict.Fail, string.Join("; ", shared.Select(v => $"{what} {v}, also of {Others(owners[v], machine)}")),
                        $"{what} of no other machine", cause, remedy(k.Machine, shared[0])) { Fix = shared.Exists(v => owners[v][0] != machine) ? fix?.Invoke(k.Machine) : null };
            });
        });

    /// <summary>A copy on every machine of a large site would otherwise make each machine's line as long as the site.</summary>
    private static string Others(List<string> owners, string machine)
    {
        var named = owners.Where(o => o != machine).Take(MostNamed).ToList();
        var more = owners.Count - 1 - named.Count;
        return string.Join(", ", named) + (more > 0 ? $" and {more} more" : "");
    }
}
