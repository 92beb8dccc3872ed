using System.Globalization;
using System.Text.Json;
using Ark.Core.Catalog;
using Ark.Core.Yaml;
using Spectre.Console;

namespace Ark.Console.Output;

/// <summary>All that a component says, for people and for programs.</summary>
public static class ComponentView
{
    public static void Show(Baseline baseline, Component component, bool json)
    {
        var products = baseline.Products.Where(p => p.Components.Contains(component.Name)).Select(p => p.Name).ToList();
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(new ComponentOutput(baseline.Name, products, component), CatalogJson.Default.ComponentOutput));
            return;
        }

        var output = Terminal.Out;
        output.WriteLine($"{component.Name}: {component.Title}");
        var table = new Table { Border = TableBorder.None, ShowHeaders = false }.AddColumns("", "");
        foreach (var (name, value) in Facts(baseline, component, products).Where(f => f.Value.Length > 0))
            table.AddRow(Markup.Escape(name), Markup.Escape(value));
        output.Write(table);
        Table(output, ["parameter", "type", "default", "limits", "meaning"], component.Parameters.Select(p => new[] { p.Name, Word(p.Type), p.Default ?? (p.IsSecret ? "generated" : "must be said"), Limits(p), p.Help }));
        Table(output, ["file", "from", "mode", "owner", ""], component.Files.Select(f => new[] { f.Target, f.Source, Convert.ToString(f.Mode, 8).PadLeft(4, '0'), $"{f.Owner.User}:{f.Owner.Group}", f.Secret ? "secret" : "" }));
        Table(output, ["proof", "within", "on", "runs", "expects"], component.Proofs.SelectMany(p => p.Steps.Select((s, i) => new[] { i == 0 ? p.Name : "", i == 0 ? Units.Write(p.Within) : "", Word(s.On), string.Join(' ', s.Run), s.Expect ?? "exit code 0" })));
    }

    /// <summary>Rendered templates: one line each, files whole.</summary>
    public static void Show(IReadOnlyList<Rendered> rendered, bool json)
    {
        if (json)
        {
            System.Console.Out.WriteLine(JsonSerializer.Serialize(new PreviewOutput(rendered), CatalogJson.Default.PreviewOutput));
            return;
        }

        foreach (var (where, text) in rendered)
            System.Console.Out.WriteLine(where.StartsWith('/') ? $"\n--- {where}\n{text.TrimEnd()}" : $"{where}: {text}");
    }

    private static IEnumerable<(string Name, string Value)> Facts(Baseline baseline, Component component, IReadOnlyList<string> products)
    {
        var (container, pin) = (component.Container, baseline.Images.GetValueOrDefault(component.Container.Image));
        yield return ("products", string.Join(' ', products));
        yield return ("step", CatalogView.Step(component));
        yield return ("instances", CatalogView.Instances(component.Count));
        yield return ("set aside", string.Create(CultureInfo.InvariantCulture, $"{component.Resources.Cpus} cores, {Units.Write(component.Resources.MemoryBytes)} memory, {Units.Write(component.Resources.DiskBytes)} disk"));
        yield return ("image", pin is null ? container.Image : $"{container.Image}:{pin.Tag}@{pin.Digest}");
        yield return ("ports", string.Join(", ", component.Ports.Select(p => $"{p.Name} {p.Number}/{p.Protocol}")));
        yield return ("placement", Placement(component.Placement));
        yield return ("depends on", string.Join(' ', component.DependsOn));
        yield return ("volumes", string.Join(", ", container.Volumes.Select(v => $"{v.Name} at {v.Target}")));
        yield return ("health", container.Healthcheck is { } h ? $"{string.Join(' ', h.Test)} every {Units.Write(h.Interval)}, {h.Retries} times, after {Units.Write(h.StartPeriod)}" : "");
        yield return ("endpoint", component.Endpoint is { } e ? $"{e.Port}, in front {e.FrontPort}, {e.Balance}{(e.HttpCheck is null ? "" : ", asked at " + e.HttpCheck)}" : "");
        yield return ("names", string.Join(' ', component.DnsNames.Prepend(component.Name)));
        yield return ("update", $"{Units.Write(component.Update.Deadline)} for one instance, writes fail for at most {Units.Write(component.Update.WriteGap)}");
        yield return ("metrics", component.Metrics is { } m ? $"{m.Port} {m.Path}" : "");
    }

    private static string Placement(PlacementRule rule) => string.Join(", ", new[]
    {
        rule.Labels.Count == 0 ? "" : "machines with " + string.Join(' ', rule.Labels.Select(l => $"{l.Key}={l.Value}")),
        rule.Spread ? "one a machine" : "",
        rule.Exclusive ? "alone on its machines" : "",
        rule.Apart.Count == 0 ? "" : "never with " + string.Join(' ', rule.Apart),
    }.Where(p => p.Length > 0));

    private static string Limits(Parameter parameter)
    {
        string Of(double? number) => number is not { } n ? "" : parameter.Type switch
        {
            ParameterType.Size => Units.Write((long)n),
            ParameterType.Duration => Units.Write(TimeSpan.FromSeconds(n)),
            _ => n.ToString(CultureInfo.InvariantCulture),
        };
        return parameter.Values.Count > 0 ? string.Join(' ', parameter.Values)
            : parameter.Min is null && parameter.Max is null ? parameter.Pattern ?? ""
            : $"{Of(parameter.Min)}–{Of(parameter.Max)}";
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static void Table(IAnsiConsole output, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(columns);
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        if (table.Rows.Count > 0)
            output.Write(table);
    }

    internal sealed record ComponentOutput(string Baseline, IReadOnlyList<string> Products, Component Component);

    internal sealed record PreviewOutput(IReadOnlyList<Rendered> Rendered);
}
