using System.Globalization;
using System.Net;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Panama.Features.Tasks;

namespace Ark.Panama.Features.Designs;

/// <summary>Judges a design by the console's own reader and validation. Every problem stands at its field: <c>components.cache.count</c>.</summary>
public static class DesignCheck
{
    private const string Path = "task.yaml";

    /// <summary>What a draft may still lack.</summary>
    private static readonly IReadOnlyList<string> Unfinished = ["no-components", "missing-parameter", "other-line"];

    /// <summary>What is not even kept: what the baseline does not know, values and counts beyond their limits, secrets in clear.</summary>
    public static IReadOnlyList<Problem> Refused(TaskDesign design, string line, Baseline baseline) =>
        [.. Problems(design, baseline, task => Welcoming(task, line)).Where(p => p.Severity == Severity.Error && !Unfinished.Contains(p.Code))];

    /// <summary>Everything, between the design, its baseline and its site.</summary>
    public static IReadOnlyList<Problem> All(TaskDesign design, Baseline baseline, Site site) => Problems(design, baseline, _ => site);

    private static List<Problem> Problems(TaskDesign design, Baseline baseline, Func<DeploymentTask, Site> site)
    {
        List<Problem> problems = [];
        var task = design.ToTask("1", baseline.Name, problems);
        var read = TaskReader.ReadDraft(TaskWriter.Write(task), Path);
        if (read.Document is { } document)
        {
            var fields = FieldsByLine(task, document);
            problems.AddRange(read.Problems.Select(p => p with { Place = fields.GetValueOrDefault(LineOf(p.Place), "components") }));
            problems.AddRange(TaskValidation.Validate(new(task, field => field), baseline, site(task)));
        }
        else
        {
            problems.AddRange(read.Problems.Select(p => p with { Place = "components" }));
        }

        return [.. problems.DistinctBy(p => (p.Place, p.Code))];
    }

    /// <summary>Of the text that was written, one value a line.</summary>
    private static Dictionary<int, string> FieldsByLine(DeploymentTask task, TaskDocument document)
    {
        Dictionary<int, string> fields = [];
        foreach (var field in Fields(task))
            fields[LineOf(document.PlaceOf(field))] = field;
        return fields;
    }

    /// <summary>Inner ones last.</summary>
    private static IEnumerable<string> Fields(DeploymentTask task)
    {
        yield return "purpose";
        if (task.Domain is not null)
            yield return "domain";
        foreach (var component in task.Components)
        {
            var path = $"components.{component.Name}";
            yield return path;
            yield return $"{path}.count";
            yield return $"{path}.image";
            foreach (var (part, keys) in (IEnumerable<(string, IEnumerable<string>)>)
                [("parameters", component.Parameters.Keys), ("ports", component.Ports.Keys), ("addresses", component.Addresses.Keys), ("machines", component.Machines.Keys)])
            {
                foreach (var key in keys)
                    yield return $"{path}.{part}.{key}";
            }
        }
    }

    /// <summary><c>task.yaml:12:3</c></summary>
    private static int LineOf(string place) =>
        place.Split(':') is [_, var line, ..] && int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>A site that has every machine that the task names and no pool: what only a real site can say against a task stays out.</summary>
    private static Site Welcoming(DeploymentTask task, string line) => new()
    {
        Mode = SiteMode.Vm, Machines = [.. task.Components.SelectMany(c => c.Machines.Values).Distinct().Select(m => new Machine(m, new Dictionary<string, string>()))],
        ClientAddress = IPAddress.Loopback, MachineUser = "", DockerDir = "", NtpServer = "", RegistryDir = "", Line = line, Domain = "", DockerPools = [],
    };
}
