using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.EndToEnd.Lab;
using Ark.Remote.Execution;
using Xunit;

namespace Ark.EndToEnd.Kills;

/// <summary>
/// The console is ended as by kill -9 at every kind of step of base, apply and upgrade, one run after the other on the same machines: each run goes on
/// where the killed one left things. At the end stands what stands after runs that nobody disturbed.
/// </summary>
[Trait("campaign", "kills")]
public sealed class KillTests
{
    [Fact]
    public Task A_console_killed_at_any_kind_of_step_does_no_harm() => KillAsync(FailPoint.BeforeEffect);

    [Fact]
    public Task A_console_killed_at_any_kind_of_step_before_and_after_journal_and_effect_does_no_harm() => KillAsync(Enum.GetValues<FailPoint>());

    private static async Task KillAsync(params FailPoint[] moments)
    {
        await using var disturbed = await KillSite.StartAsync();
        await using var calm = await KillSite.StartAsync();
        var kills = 0;
        foreach (var (verb, prepare) in Runs)
        {
            foreach (var site in (KillSite[])[calm, disturbed]) await prepare(site);
            await calm.ArkAsync(verb + " --yes");
            kills += await KilledAsync(disturbed, verb, moments);
            await disturbed.ArkAsync(verb + " --yes");
            Assert.Equal(await calm.StateAsync(), await disturbed.StateAsync());
        }

        Assert.True(kills >= 20 * moments.Length, $"Only {kills} kills.");
        foreach (var site in (KillSite[])[calm, disturbed])
        {
            Assert.Contains("nothing to change", (await site.ArkAsync("base --yes")).Error);
            Assert.Equal(0, (await site.TryArkAsync("plan --exit-code")).ExitCode);
            Assert.All(await site.StatusAsync(), i => Assert.Equal(("healthy", "passed"), (i.Value.Health, i.Value.Proof)));
        }
    }

    /// <summary>What is run, and what is done before it.</summary>
    private static (string Verb, Func<KillSite, Task> Prepare)[] Runs =>
    [
        ("base", _ => Task.CompletedTask),
        ("apply", _ => Task.CompletedTask),
        ("upgrade echo --image next", site => site.ImportAsync("base", "next", config => config["Labels"] = new JsonObject { ["version"] = "next" })),
        ("scale echo 1", _ => Task.CompletedTask),
        ("apply", site => site.WriteAsync("tasks/task_kills/task.yaml", "schema: 1\nid: kills\nbaseline: kills\ncomponents:\n  echo: {count: 3}\n")),
    ];

    /// <summary>Kills at each kind of step that the plan has, and plans anew after each: what a killed run has done is not there to be killed at again.</summary>
    private static async Task<int> KilledAsync(KillSite site, string verb, FailPoint[] moments)
    {
        Dictionary<string, Queue<FailPoint>> left = [];
        for (var kills = 0; ; kills++)
        {
            var kinds = await KindsAsync(site, verb);
            foreach (var kind in kinds) left.TryAdd(kind, new(moments));
            if (kinds.FirstOrDefault(k => left[k].Count > 0) is not { } next)
            {
                Assert.All(left, l => Assert.True(l.Value.Count == 0, $"{verb}: nothing was killed at {l.Key}:{string.Join(',', l.Value)}"));
                return kills;
            }

            var moment = left[next].Dequeue();
            var killed = await site.TryArkAsync(verb + " --yes", $"ARK_PARALLEL=1 ARK_FAIL_POINT={next}:{moment}");
            Assert.True(killed.ExitCode == 137, $"{verb} was to be killed at {next}:{moment}:\n{LabProgram.Of(killed)}");
        }
    }

    private static async Task<IReadOnlyList<string>> KindsAsync(KillSite site, string verb)
    {
        var answer = await site.TryArkAsync(verb == "base" ? "base --dry-run --format json" : verb + " --dry-run --format json");
        Assert.True(answer.Output.StartsWith('{'), LabProgram.Of(answer));
        using var plan = JsonDocument.Parse(answer.Output);
        return [.. plan.RootElement.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("action").GetString()!).Distinct()];
    }
}
