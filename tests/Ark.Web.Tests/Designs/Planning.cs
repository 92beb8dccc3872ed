using System.Net;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Designs;

/// <summary>Tasks as people plan them, by API.</summary>
public static class Planning
{
    public static Dictionary<string, string> Vm => new()
    {
        ["mode"] = "vm", ["machine_ips"] = "10.0.0.11,10.0.0.12,10.0.0.13", ["client_ip"] = "10.0.0.11", ["machine_user"] = "deploy", ["docker_dir"] = "/data/docker",
        ["registry_dir"] = "/var/images", ["internet"] = "no", ["ntp_server"] = "10.0.0.1",
    };

    public static Dictionary<string, string> Physical => new(Vm)
    {
        ["mode"] = "physical", ["ip_pool_subnet"] = "10.16.9.0/24", ["ip_pool_start"] = "10", ["ip_pool_end"] = "60", ["vlan_id"] = "169", ["vlan_gateway"] = "10.16.9.254",
        ["uplink"] = "bond0", ["use_container_metadb"] = "yes",
    };

    public static Task<Reply> VmTaskAsync(this PanamaSite site, string domain) => site.NewAsync(domain, "3.1", Vm);

    public static Task<Reply> PhysicalTaskAsync(this PanamaSite site, string domain) => site.NewAsync(domain, "3.0", Physical);

    public static async Task<Reply> NewAsync(this PanamaSite site, string domain, string line, Dictionary<string, string> variables) =>
        Done(await site.As("engineer").PostAsync("tasks", new { customerId = 1, name = $"Plan {domain}", domain, line, baseline = $"open-{line}", variables }));

    public static Task<Reply> DesignAsync(this PanamaSite site, Reply task, object components, string purpose = "production") =>
        site.As("engineer").PutAsync($"tasks/{task.Id}/design", new { design = new { purpose, components }, version = task.Version });

    public static async Task<Reply> MoveAsync(this PanamaSite site, Reply task, string state) =>
        Done(await site.As("engineer").PutAsync($"tasks/{task.Id}/state", new { state, version = task.Version }));

    public static Task<Reply> AllocateAsync(this PanamaSite site, Reply task) => site.As("engineer").PostAsync($"tasks/{task.Id}/addresses", new { version = task.Version });

    public static Task<Reply> PackageAsync(this PanamaSite site, Reply task) => site.As("engineer").PostAsync($"tasks/{task.Id}/package", new { version = task.Version });

    public static Task<Reply> ReadAsync(this PanamaSite site, Reply task) => site.As("engineer").GetAsync($"tasks/{task.Id}");

    public static Reply Done(Reply reply)
    {
        Assert.True(reply.Status == HttpStatusCode.OK, reply.Body);
        return reply;
    }
}
