using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;
using Ark.Core.Catalog;

namespace Ark.Console.Output;

/// <summary>Catalogues and their problems, for people and for programs.</summary>
public static class CatalogView
{
    /// <summary>Prints problems one a line, as compilers do, and says how many there are.</summary>
    /// <returns>The exit code.</returns>
    public static int Lint(IReadOnlyList<Problem> problems, IReadOnlyList<Baseline> sound, bool json)
    {
        var errors = problems.Count(p => p.Severity == Severity.Error);
        var output = System.Console.Out;
        if (json)
        {
            var report = new LintReport(new(errors, problems.Count - errors), [.. sound.Select(b => b.Name)], [.. problems.Select(LintProblem.Of)]);
            output.WriteLine(JsonSerializer.Serialize(report, CatalogJson.Default.LintReport));
        }
        else
        {
            foreach (var problem in problems)
            {
                output.WriteLine($"{problem.Place}: {Word(problem.Severity)}: {problem.Message} [{problem.Code}]");
                if (problem.Remedy.Length > 0)
                    output.WriteLine($"    → {problem.Remedy}");
            }
        }

        var fine = string.Join(", ", sound.Select(b => $"{b.Name} ({b.Components.Count} components)"));
        Talk.Say($"{errors} errors, {problems.Count - errors} warnings{(fine.Length == 0 ? "" : "; sound: " + fine)}");
        return errors == 0 ? ExitCode.Done : ExitCode.Usage;
    }

    private static string Word(Severity severity) => severity == Severity.Error ? "error" : "warning";

    internal sealed record LintSummary(int Errors, int Warnings);

    internal sealed record LintProblem(string Code, string Severity, string File, int? Line, int? Column, string Message, string Remedy)
    {
        public static LintProblem Of(Problem problem)
        {
            var parts = problem.Place.Split(':');
            var placed = parts.Length > 2 && int.TryParse(parts[^1], CultureInfo.InvariantCulture, out _) && int.TryParse(parts[^2], CultureInfo.InvariantCulture, out _);
            return new(
                problem.Code,
                Word(problem.Severity),
                placed ? string.Join(':', parts[..^2]) : problem.Place,
                placed ? int.Parse(parts[^2], CultureInfo.InvariantCulture) : null,
                placed ? int.Parse(parts[^1], CultureInfo.InvariantCulture) : null,
                problem.Message,
                problem.Remedy);
        }
    }

    internal sealed record LintReport(LintSummary Summary, IReadOnlyList<string> Sound, IReadOnlyList<LintProblem> Problems);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(CatalogView.LintReport))]
internal sealed partial class CatalogJson : JsonSerializerContext;
