using Ark.Core.Planning;
using Spectre.Console;

namespace Ark.Console.Output;

/// <summary>A plan as people read it: a line a step, what is and what will be.</summary>
public static class PlanView
{
    public static void Show(Plan plan, IAnsiConsole console)
    {
        if (plan.IsEmpty)
        {
            console.MarkupLineInterpolated($"[green]nothing to change[/]: {plan.Subject}");
            return;
        }

        foreach (var step in plan.Steps)
        {
            var (sign, colour) = Sign(step);
            console.MarkupLineInterpolated($"[{colour}]{sign}[/] {step.Action,-18} {step.Target}{Change(step)}");
        }

        console.MarkupLineInterpolated($"{plan.Steps.Count} steps for {plan.Subject}: {Summary(plan)}");
    }

    private static string Summary(Plan plan) =>
        string.Join(", ", plan.Steps.GroupBy(s => s.Action).Select(g => $"{g.Count()} {g.Key}"));

    private static string Change(Step step) => (step.Before, step.After) switch
    {
        ("", "") => "",
        ("", var after) => ": " + after,
        (var before, "") => ": " + before + " → gone",
        var (before, after) => $": {before} → {after}",
    };

    private static (string Sign, string Colour) Sign(Step step) => step.Work switch
    {
        CreateService or CreateConfig or CreateSecret or InstallDocker or InitSwarm or JoinSwarm or CreateSiteState => ("+", "green"),
        RemoveService or RemoveVolume or CollectGarbage or RemoveContainer => ("-", "red"),
        PullImage or Prove or AwaitHealthy or RunInit => ("·", "grey"),
        _ => ("~", "yellow"),
    };
}
