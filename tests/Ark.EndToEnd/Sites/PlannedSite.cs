using Ark.EndToEnd.Lab;
using Ark.Web.Tests.Hosts;
using Ark.Web.Tests.Pages;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site that a new user planned in a browser: the package and the properties that were downloaded are carried to it and deployed.</summary>
/// <param name="answer">A variable that this line asks for, with what is typed.</param>
/// <param name="components">What is ticked; everything else stays as the pages give it.</param>
public abstract class PlannedSite(string line, string purpose, (string Key, string Value) answer, params string[] components) : LabSite(line, purpose)
{
    /// <summary>The lab's machines, as somebody who was told of them types them.</summary>
    private readonly Dictionary<string, string> _variables = new()
    {
        ["mode"] = "vm", ["machine_ips"] = "10.88.0.11,10.88.0.12,10.88.0.13", ["client_ip"] = "10.88.0.11", ["machine_user"] = "ops", ["docker_dir"] = "/data/docker",
        ["ntp_server"] = "10.88.0.1", ["internet"] = "no", ["registry_dir"] = "/var/images", [answer.Key] = answer.Value,
    };

    protected override async Task MakeAsync()
    {
        using var plan = await DownloadAsync("harbour.example", _variables);
        var made = await RunAsync(Path.Combine(LabProgram.Root, "lab", "site"), [Lab.Name, "--line", Line, "--task", plan.Package, "--properties", plan.Properties]);
        Assert.True(made.ExitCode == 0, LabProgram.Of(made));
        await ArkAsync("base --yes");
        await ArkAsync($"apply --task {plan.Task} --yes");
        await ArkAsync("base --part names --yes");
    }

    /// <summary>Plans the same for physical machines, and asks the console on the client what it would do: with the package, in a folder beside the site's.</summary>
    public async Task<string> PlanPhysicalAsync()
    {
        using var plan = await DownloadAsync("physical.example", new Dictionary<string, string>(_variables)
        {
            ["mode"] = "physical", ["ip_pool_subnet"] = "10.16.9.0/24", ["ip_pool_start"] = "10", ["ip_pool_end"] = "60", ["vlan_id"] = "169", ["vlan_gateway"] = "10.16.9.254", ["uplink"] = "eth1",
        });
        await Lab.InsideAsync("m1", "cd /home/ops && mkdir -p physical/bin physical/tasks && ln -sfn ../ark/catalog ../ark/var physical/ && chown -R ops: physical");
        await CarryAsync(plan.Properties, "/home/ops/physical/bin/ark.properties");
        await CarryAsync(plan.Package, $"/home/ops/physical/tasks/task_{plan.Task}.tgz");
        var answer = await ArkAsync($"plan --site ../physical --task {plan.Task}");
        return answer.Output + answer.Error;
    }

    /// <summary>Everything that was ticked is there, healthy and proven, and nothing else.</summary>
    public async Task AssertProvenAsync()
    {
        var status = await StatusAsync();
        Assert.Equal(components.Order(), status.Keys.Select(i => i[..i.LastIndexOf('-')]).Distinct().Order());
        Assert.All(status.Values, i => Assert.Equal(("healthy", "passed"), (i.Health, i.Proof)));
    }

    private async Task<Download> DownloadAsync(string domain, IReadOnlyDictionary<string, string> variables)
    {
        var folder = Directory.CreateTempSubdirectory("ark-package-");
        await using var panama = await PanamaProcess.StartAsync(folder.FullName);
        await using var chromium = new Chromium();
        await using var user = await NewUser.ComeAsync(chromium, panama);
        await user.MakeCustomerAsync("Harbour Shop");
        var id = await user.MakeTaskAsync("Harbour Shop", "Spring rollout", domain, Line, variables);
        await user.DesignAsync("poc", components);
        await user.PackageAsync(id, folder.FullName);
        return new(folder, id);
    }

    private sealed record Download(DirectoryInfo Folder, string Task) : IDisposable
    {
        public string Package => Path.Combine(Folder.FullName, $"task_{Task}.tgz");

        public string Properties => Path.Combine(Folder.FullName, "ark.properties");

        public void Dispose() => Folder.Delete(recursive: true);
    }
}
