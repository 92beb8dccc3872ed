using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Yaml;
using Spectre.Console;

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

    /// <summary>A line a baseline, or a line a component of the only one.</summary>
    public static void Baselines(IReadOnlyList<Baseline> baselines, bool components, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(new CatalogOutput(baselines), CatalogJson.Default.CatalogOutput));
            return;
        }

        var table = new Table { Border = TableBorder.Simple };
        if (components)
        {
            table.AddColumns("component", "title", "step", "instances", "cores", "memory", "disk", "ports", "depends on", "image");
            foreach (var c in baselines.SelectMany(b => b.Components))
            {
                table.AddRow([.. new[]
                {
                    c.Name, c.Title, Step(c), Instances(c.Count), c.Resources.Cpus.ToString(CultureInfo.InvariantCulture), Units.Write(c.Resources.MemoryBytes), Units.Write(c.Resources.DiskBytes),
                    string.Join(' ', c.Ports.Select(p => p.Number.ToString(CultureInfo.InvariantCulture))), string.Join(' ', c.DependsOn), c.Container.Image,
                }.Select(Markup.Escape)]);
            }
        }
        else
        {
            table.AddColumns("baseline", "line", "title", "products", "components", "images");
            foreach (var b in baselines)
                table.AddRow([.. new[] { b.Name, b.Line, b.Title, string.Join(' ', b.Products.Select(p => p.Name)), string.Join(' ', b.Components.Select(c => c.Name)), b.Images.Count == 0 ? "not built" : $"{b.Images.Count}" }.Select(Markup.Escape)]);
        }

        Terminal.Out.Write(table);
    }

    internal static string Step(Component component) => component.Stage.ToString().ToLowerInvariant();

    internal static string Instances(CountRule count) =>
        $"{count.Default} ({count.Min}–{count.Max}{(count.Odd ? ", odd" : "")}{(count.Poc is { } poc ? $", poc {poc}" : "")})";

    private static string Word(Severity severity) => severity == Severity.Error ? "error" : "warning";

    internal sealed record CatalogOutput(IReadOnlyList<Baseline> Baselines);

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

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(CamelCase<Stage>), typeof(CamelCase<ParameterType>), typeof(CamelCase<ProofTarget>)])]
[JsonSerializable(typeof(CatalogView.LintReport))]
[JsonSerializable(typeof(CatalogView.CatalogOutput))]
[JsonSerializable(typeof(ComponentView.ComponentOutput))]
[JsonSerializable(typeof(ComponentView.PreviewOutput))]
internal sealed partial class CatalogJson : JsonSerializerContext;

/// <summary>Words as the YAML has them: <c>middleware</c>.</summary>
internal sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase) where T : struct, Enum;
