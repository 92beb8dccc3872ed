using Ark.EndToEnd.Lab;
using Ark.EndToEnd.Sites;
using Ark.Web.Tests.Hosts;
using Ark.Web.Tests.Pages;
using Microsoft.Playwright;
using Xunit;

namespace Ark.EndToEnd.Panama;

/// <summary>What a new user plans in a browser and downloads is carried to a site and deployed there: that very package.</summary>
public sealed class PackageTests
{
    /// <summary>The lab's machines, as somebody who was told of them types them.</summary>
    private static readonly Dictionary<string, string> Machines = new()
    {
        ["mode"] = "vm", ["machine_ips"] = "10.88.0.11,10.88.0.12,10.88.0.13", ["client_ip"] = "10.88.0.11", ["machine_user"] = "ops", ["docker_dir"] = "/data/docker",
        ["ntp_server"] = "10.88.0.1", ["internet"] = "no", ["registry_dir"] = "/var/images",
    };

    [Theory]
    [InlineData("3.1", "machine_dns", "dncs", "metadb", "dncs", "edas-registry", "mq-broker", "csb-broker", "cache")]
    [InlineData("3.0", "use_container_metadb", "yes", "metadb", "haproxy", "edas-registry", "mq-broker", "csb-broker", "cache")]
    public async Task A_package_of_Panama_deploys_to_proven_components(string line, string key, string value, params string[] components)
    {
        var folder = Directory.CreateTempSubdirectory("ark-package-");
        try
        {
            var id = await DownloadAsync(folder.FullName, line, new(Machines) { [key] = value }, components);
            await using var site = await PackagedSite.StartAsync(line, Path.Combine(folder.FullName, $"task_{id}.tgz"), Path.Combine(folder.FullName, "ark.properties"));
            await site.ArkAsync("base --yes");
            await site.ArkAsync($"apply --task {id} --yes");
            var status = await site.StatusAsync();
            Assert.Equal(components.Order(), status.Keys.Select(i => i[..i.LastIndexOf('-')]).Distinct().Order());
            Assert.All(status.Values, i => Assert.Equal(("healthy", "passed"), (i.Health, i.Proof)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> DownloadAsync(string folder, string line, Dictionary<string, string> variables, string[] components)
    {
        await using var panama = await PanamaProcess.StartAsync(folder);
        using var playwright = await Playwright.CreateAsync();
        await using var chromium = await Looks.LaunchAsync(playwright);
        var user = await NewUser.ComeAsync(chromium, panama.Url, panama.SetUpCode);
        await user.MakeCustomerAsync("Harbour Shop");
        var id = await user.MakeTaskAsync("Harbour Shop", "Spring rollout", "harbour.example", line, variables);
        await user.DesignAsync("poc", components);
        await user.PackageAsync(id, folder);
        return id;
    }
}

/// <summary>Three machines, and on the first of them the console with a task package and properties from elsewhere: no base yet.</summary>
internal sealed class PackagedSite : CarriedSite, IAsyncDisposable
{
    public static async Task<PackagedSite> StartAsync(string line, string task, string properties)
    {
        var site = new PackagedSite();
        var made = await RunAsync(Path.Combine(LabProgram.Root, "lab", "site"), [site.Lab.Name, "--line", line, "--task", task, "--properties", properties]);
        Assert.True(made.ExitCode == 0, LabProgram.Of(made));
        return site;
    }

    public async ValueTask DisposeAsync() => await Lab.RunAsync("down");
}
