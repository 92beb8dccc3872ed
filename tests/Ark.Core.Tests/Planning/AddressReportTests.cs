using System.Net;
using System.Text.Json;
using Ark.Core.Planning;
using Xunit;

namespace Ark.Core.Tests.Planning;

public sealed class AddressReportTests
{
    private static IPAddress A(int last) => IPAddress.Parse($"10.16.9.{last}");

    [Fact]
    public void In_physical_mode_it_is_the_pool_with_who_has_what()
    {
        var task = Resolving.Resolve(Resolving.Physical, Resolving.Task(1), Resolving.Facts());
        AddressRecord[] records =
        [
            new("527", 1, new Dictionary<string, IPAddress> { ["cache-1"] = A(10), ["names-1"] = A(11), ["cache-2"] = A(13) }),
            new("527", 2, new Dictionary<string, IPAddress> { ["cache-1"] = A(10), ["names-1"] = A(11) }),
            new("577", 1, new Dictionary<string, IPAddress> { ["store-1"] = A(14) }),
        ];
        var report = AddressReport.Of(Resolving.Physical, Resolving.Facts(Resolving.Specs(task)), records, new Dictionary<string, IPAddress> { ["cache-1"] = A(10), ["gateway-1"] = A(20) });
        Assert.Equal(("10.16.9.0/24", "10.16.9.254", 7, 2, 2), (report.Pool!.Subnet, report.Pool.Gateway, report.Pool.Free, report.Pool.Reserved, report.Pool.Used));
        Assert.Equal(
            [
                new("10.16.9.10", "used", "cache-1", "527", false),
                new("10.16.9.11", "used", "names-1", "527", false),
                new("10.16.9.12", "free", "", "", false),
                new("10.16.9.13", "free", "", "", true),
                new("10.16.9.14", "reserved", "store-1", "", false),
                new("10.16.9.15–10.16.9.19", "free", "", "", false),
                new("10.16.9.20", "reserved", "gateway-1", "", false),
            ],
            report.Grouped());
        var json = JsonDocument.Parse(JsonSerializer.Serialize(report, AddressJson.Default.AddressReport)).RootElement;
        Assert.Equal(11, json.GetProperty("addresses").GetArrayLength());
        Assert.True(json.GetProperty("addresses")[3].GetProperty("wasUsed").GetBoolean());
    }

    [Fact]
    public void In_VM_mode_it_is_who_uses_which_ports_of_which_machine()
    {
        var task = Resolving.Resolve(Resolving.Vm, Resolving.Task(1), Resolving.Facts());
        var facts = Resolving.Facts(Resolving.Specs(task));
        var report = AddressReport.Of(Resolving.Vm, facts, [], new Dictionary<string, IPAddress>());
        Assert.Null(report.Pool);
        var cache = Assert.Single(report.Ports, p => p.User == "cache-1");
        Assert.Equal((facts.Find("cache-1")!.Spec.Machine, "527", "tcp/6379 tcp/9121"), (cache.Address, cache.Task, string.Join(' ', cache.Ports)));
        Assert.Equal(["10.0.0.11", "10.0.0.12", "10.0.0.13"], report.Ports.Where(p => p.User == "base").Select(p => p.Address));
        Assert.Contains("tcp/22", report.Ports[0].Ports);
    }
}
