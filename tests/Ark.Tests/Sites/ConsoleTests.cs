using System.Globalization;
using System.Net;
using System.Text.Json;
using Ark.Console;
using Ark.Core;
using Ark.Core.Planning;
using Ark.Remote.State;
using Ark.Remote.Swarm;
using Xunit;

namespace Ark.Tests.Sites;

/// <summary>The program on a real Swarm, where nothing needs to be deployed for the answer.</summary>
public sealed class ConsoleTests(OneMachineSite site) : IClassFixture<OneMachineSite>
{
    private static readonly LockHolder Ben = new("ben@client2, process 2", "elsewhere", "2/2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_in_a_file_is_taken_as_long_as_nothing_moved_and_refused_when_the_task_or_the_site_did()
    {
        var file = site.PathOf("plan.json");
        Assert.Equal(ExitCode.Done, await CodeOf("plan", "--out", file, "--component", "store"));

        // Nobody said yes: it was about to begin, although the password of the component was made anew.
        var asked = await site.ArkAsync("apply", file);
        Assert.Equal((ExitCode.Failed, true), (asked.Exit, asked.Error.Contains("give --yes", StringComparison.Ordinal)));
        Assert.Equal(ExitCode.Usage, await CodeOf("apply", file, "--component", "store"));
        Assert.Equal(ExitCode.Usage, await CodeOf("apply", site.PathOf("nowhere")));

        site.Write("tasks/task_527/task.yaml", OneMachineSite.TaskText(1) + "# a word more\n");
        var moved = await site.ArkAsync("apply", file, "--yes");
        Assert.Equal(ExitCode.Refused, moved.Exit);
        Assert.Contains("record-task:527 would be done otherwise", moved.Error, StringComparison.Ordinal);
        site.Write("tasks/task_527/task.yaml", OneMachineSite.TaskText(1));

        await site.Swarm.CreateServiceAsync(site.Engine.Spec("store-1", "store") with { Machine = OneMachineSite.Machine }, Cancellation);
        try
        {
            moved = await site.ArkAsync("apply", file, "--yes");
            Assert.Equal(ExitCode.Refused, moved.Exit);
            Assert.Contains("create-service:store-1 would not be done any more", moved.Error, StringComparison.Ordinal);

            var diff = await site.ArkAsync("diff", "--format", "json");
            Assert.Equal(ExitCode.Done, diff.Exit);
            var level = JsonDocument.Parse(diff.Out).RootElement.GetProperty("differences").EnumerateArray().Single(d => d.GetProperty("property").GetString() == "environment.LEVEL");
            Assert.Equal(("store-1", "info", ""), (level.GetProperty("target").GetString(), level.GetProperty("is").GetString(), level.GetProperty("wanted").GetString()));
            Assert.Contains("environment.LEVEL: info → none", (await site.ArkAsync("diff")).Out, StringComparison.Ordinal);
        }
        finally
        {
            await site.Swarm.RemoveServiceAsync("store-1", Cancellation);
        }
    }

    [Fact]
    public async Task Whoever_would_change_the_site_is_refused_while_another_holds_it_and_previews_are_not()
    {
        // Something for the base to do, as long as it is not there.
        await DiskLabelAsync(null);
        await using var taken = (await OperationLock.TakeAsync(site.Swarm, Ben, "ark upgrade", TimeProvider.System, Cancellation)).Value!;
        Assert.Equal(ExitCode.Done, await CodeOf("base", "--part", "labels", "--dry-run"));
        string[][] refusals =
        [
            ["base", "--part", "labels", "--yes"],
            ["machine", "remove", OneMachineSite.Machine, "--confirm", OneMachineSite.Machine, "--yes"],
            ["machine", "replace", OneMachineSite.Machine, "--confirm", OneMachineSite.Machine, "--yes"],
            ["apply", "--yes"],
            ["scale", "store", "2", "--yes"],
        ];
        foreach (var arguments in refusals)
        {
            if (arguments[0] == "apply") await DiskLabelAsync(100L << 30);
            var refused = await site.ArkAsync(arguments);
            Assert.True(refused.Exit == ExitCode.Refused, $"{string.Join(' ', arguments)} ended with {refused.Exit}: {refused.Error}");
            Assert.Contains("ben@client2", refused.Error, StringComparison.Ordinal);
        }

        Assert.Equal(OneMachineSite.TaskText(1), await File.ReadAllTextAsync(site.TaskFile, Cancellation));
        Assert.NotNull((await site.Swarm.GatherAsync(Cancellation)).Nodes.Single().Machine);
        Assert.Equal(ExitCode.Done, await CodeOf("plan"));
        Assert.Equal(ExitCode.Done, await CodeOf("diff"));
    }

    [Fact]
    public async Task Addresses_in_VM_mode_are_the_machines_with_who_uses_which_ports()
    {
        var spec = site.Engine.Spec("proxy-1", "proxy") with { Machine = OneMachineSite.Machine };
        new InstanceUse { Ports = [new(8443, "tcp")] }.AddTo(spec.Labels);
        await site.Swarm.CreateServiceAsync(spec, Cancellation);
        try
        {
            var json = JsonDocument.Parse((await site.ArkAsync("addresses", "--format", "json")).Out).RootElement;
            Assert.Equal("vm", json.GetProperty("mode").GetString());
            var proxy = json.GetProperty("ports").EnumerateArray().Single(p => p.GetProperty("user").GetString() == "proxy-1");
            Assert.Equal((OneMachineSite.Machine, "tcp/8443"), (proxy.GetProperty("address").GetString(), proxy.GetProperty("ports")[0].GetString()));
            Assert.Contains("tcp/8443", (await site.ArkAsync("addresses")).Out, StringComparison.Ordinal);
        }
        finally
        {
            await site.Swarm.RemoveServiceAsync("proxy-1", Cancellation);
        }
    }

    [Fact]
    public async Task In_physical_mode_the_plan_gives_addresses_of_the_pool_around_what_other_tasks_have_on_record()
    {
        site.WriteProperties("mode=physical\nip_pool_subnet=10.16.9.0/24\nip_pool_start=10\nip_pool_end=20\nvlan_id=169\nvlan_gateway=10.16.9.254\nuplink=bond0");
        var store = await site.OpenStoreAsync();
        try
        {
            await store.WriteTaskAsync("577", "text", new Dictionary<string, IReadOnlyDictionary<string, Secret>>(), new Dictionary<string, IPAddress> { ["proxy-1"] = IPAddress.Parse("10.16.9.10") }, Cancellation);
            var plan = await site.ArkAsync("plan", "--task", "527");
            Assert.Contains($"create-service     store-1: store:1 on {OneMachineSite.Machine} as 10.16.9.11", plan.Out, StringComparison.Ordinal);
            var json = JsonDocument.Parse((await site.ArkAsync("addresses", "--format", "json")).Out).RootElement;
            Assert.Equal((10, 1, 0), (json.GetProperty("pool").GetProperty("free").GetInt32(), json.GetProperty("pool").GetProperty("reserved").GetInt32(), json.GetProperty("pool").GetProperty("used").GetInt32()));
            Assert.Equal("proxy-1", json.GetProperty("addresses")[0].GetProperty("owner").GetString());
            Assert.Contains("10.16.9.11–10.16.9.20", (await site.ArkAsync("addresses")).Out, StringComparison.Ordinal);
        }
        finally
        {
            await store.ForgetTaskAsync("577", Cancellation);
            site.WriteProperties("mode=vm");
        }
    }

    [Fact]
    public async Task What_changed_the_site_stands_in_the_audit()
    {
        await DiskLabelAsync(null);
        var based = await site.ArkAsync("base", "--part", "labels", "--yes");
        Assert.True(based.Exit == ExitCode.Done, based.Error);
        Assert.Null(await site.Swarm.FindConfigAsync(OperationLock.ConfigName, Cancellation));
        var run = JsonDocument.Parse((await site.ArkAsync("audit", "--format", "json")).Out).RootElement.GetProperty("runs").EnumerateArray().Last();
        Assert.Equal(("base", "done"), (run.GetProperty("verb").GetString(), run.GetProperty("result").GetString()));
        Assert.StartsWith(LockHolder.Current().Who.Split(',')[0], run.GetProperty("who").GetString(), StringComparison.Ordinal);
    }

    private async Task DiskLabelAsync(long? bytes) => await new DockerSwarmNodes(site.Engine.Client).LabelNodeAsync(
        (await site.Swarm.GatherAsync(Cancellation)).Nodes.Single().Id, new Dictionary<string, string?> { [ArkLabels.Disk] = bytes?.ToString(CultureInfo.InvariantCulture) }, Cancellation);

    private async Task<int> CodeOf(params string[] arguments) => (await site.ArkAsync(arguments)).Exit;
}
