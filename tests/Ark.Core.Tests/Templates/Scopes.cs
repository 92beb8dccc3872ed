using Ark.Core.Templates;

namespace Ark.Core.Tests.Templates;

/// <summary>Scopes to render against: three caches, and a broker beside them.</summary>
internal static class Scopes
{
    public static RenderScope Cache(int index = 1, string? token = null)
    {
        List<InstanceView> peers = [.. Enumerable.Range(1, 3).Select(i => new InstanceView($"cache-{i}", i, $"10.0.0.{i}", $"10.0.0.{i}", "a"))];
        List<InstanceView> brokers = [new("mq-broker-1", 1, "10.0.0.9", "10.0.0.9", "")];
        var endpoint = new EndpointView("mq-broker", 5672, 15672, "roundrobin", null, brokers);
        return new()
        {
            Site = new("vm", "3.1", "example.com", "north", "10.0.0.250", ["10.0.0.53"]),
            Task = new("527", "mw.example.com", "poc"),
            Component = "cache",
            Instance = peers[index - 1],
            Peers = peers,
            Parameters = new(
                new Dictionary<string, object> { ["maxmemory"] = 67_108_864L, ["appendonly"] = true, ["ratio"] = 0.5, ["motto"] = "a \"b\" 'c'" },
                new Dictionary<string, Secret> { ["password"] = new("hunter2") }),
            Ports = new Dictionary<string, int> { ["redis"] = 6379, ["web-ui"] = 8080 },
            Components = new Dictionary<string, ComponentView>
            {
                ["mq-broker"] = new()
                {
                    Instances = brokers,
                    Ports = new Dictionary<string, int> { ["amqp"] = 5672 },
                    Parameters = new(new Dictionary<string, object> { ["vhost"] = "ark" }, new Dictionary<string, Secret> { ["admin"] = new("topsecret") }),
                    Endpoint = endpoint,
                },
            },
            Endpoints = [endpoint],
            Names = [new("cache.mw.example.com", peers[..2])],
            Token = token,
        };
    }
}
