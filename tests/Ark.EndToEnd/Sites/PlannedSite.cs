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
        var folder = Directory.CreateTempSubdirectory("ark-package-");
        try
        {
            var id = await DownloadAsync(folder.FullName);
            var made = await RunAsync(Path.Combine(LabProgram.Root, "lab", "site"), [Lab.Name, "--line", Line,
                "--task", Path.Combine(folder.FullName, $"task_{id}.tgz"), "--properties", Path.Combine(folder.FullName, "ark.properties")]);
            Assert.True(made.ExitCode == 0, LabProgram.Of(made));
            await ArkAsync("base --yes");
            await ArkAsync($"apply --task {id} --yes");
            await ArkAsync("base --part names --yes");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Everything that was ticked is there, healthy and proven, and nothing else.</summary>
    public async Task AssertProvenAsync()
    {
        var status = await StatusAsync();
        Assert.Equal(components.Order(), status.Keys.Select(i => i[..i.LastIndexOf('-')]).Distinct().Order());
        Assert.All(status.Values, i => Assert.Equal(("healthy", "passed"), (i.Health, i.Proof)));
    }

    private async Task<string> DownloadAsync(string folder)
    {
        await using var panama = await PanamaProcess.StartAsync(folder);
        await using var chromium = new Chromium();
        await using var user = await NewUser.ComeAsync(chromium, panama);
        await user.MakeCustomerAsync("Harbour Shop");
        var id = await user.MakeTaskAsync("Harbour Shop", "Spring rollout", "harbour.example", Line, _variables);
        await user.DesignAsync("poc", components);
        await user.PackageAsync(id, folder);
        return id;
    }
}
