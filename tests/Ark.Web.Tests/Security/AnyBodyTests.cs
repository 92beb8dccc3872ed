using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Ark.Web.Tests.Hosts;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Ark.Web.Tests.Security;

/// <summary>Every endpoint that takes JSON, with every place of its body replaced by what callers forget, or try.</summary>
public abstract class AnyBodyTests(PanamaSite site)
{
    private static readonly string[] Replacements = ["null", "\"a\\u0000b\"", "\"\"", "-1", "2147483647", "9223372036854775807", "[null]", "{\"x\":null}", "{\"x\":\"y\"}"];

    [Fact]
    public async Task Nothing_that_a_body_can_hold_breaks_the_service()
    {
        var admin = site.As("admin");
        await admin.PostAsync("tasks", new { customerId = 1, name = "T", domain = "t.example", line = "3.1", baseline = "open-3.1" });
        List<string> broken = [];
        var requests = 0;
        foreach (var (method, path, type) in Endpoints())
        {
            var whole = Example(Json.GetJsonSchemaAsNode(type).AsObject());
            foreach (var place in Places(whole, []).ToList())
            {
                foreach (var replacement in Replacements)
                {
                    var text = With(whole, place, replacement);
                    using var content = new StringContent(text, Encoding.UTF8, "application/json");
                    var reply = await admin.SendAsync(method, path, content);
                    requests++;
                    if (reply.Status >= HttpStatusCode.InternalServerError)
                        broken.Add($"{method} {path} {text}: {(int)reply.Status}");
                }
            }
        }

        Assert.True(broken.Count == 0, string.Join('\n', broken.Take(20)));
        Assert.True(requests > 1000, $"{requests} requests");
    }

    private JsonSerializerOptions Json => site.App.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

    private IEnumerable<(string Method, string Path, Type Type)> Endpoints() =>
        from endpoint in site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let accepts = endpoint.Metadata.GetMetadata<IAcceptsMetadata>()
        where accepts?.RequestType is not null && accepts.ContentTypes.Contains("application/json")
        let path = endpoint.RoutePattern.RawText!.Replace("{id:long}", "1", StringComparison.Ordinal)
        where !path.EndsWith("/me/password", StringComparison.Ordinal) // the caller would lose its session
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        select (method, "/" + path.TrimStart('/'), accepts.RequestType);

    /// <summary>A body with something at every place that the type has.</summary>
    private static JsonNode? Example(JsonNode? schema)
    {
        if (schema is not JsonObject shape || shape["$ref"] is not null)
            return JsonValue.Create("x");
        if (shape["enum"] is JsonArray words)
            return words.First(w => w is not null)!.DeepClone();
        if (shape["properties"] is JsonObject properties)
            return new JsonObject(properties.Select(p => KeyValuePair.Create(p.Key, Example(p.Value))));
        if (shape["additionalProperties"] is JsonObject value)
            return new JsonObject { ["x"] = Example(value) };
        if (shape["items"] is { } item)
            return new JsonArray(Example(item));
        return (shape["type"] is JsonArray types ? types[0] : shape["type"])?.GetValue<string>() switch
        {
            "integer" or "number" => JsonValue.Create(1),
            "boolean" => JsonValue.Create(true),
            "object" => new JsonObject(),
            _ => JsonValue.Create("x"),
        };
    }

    private static IEnumerable<object[]> Places(JsonNode? node, object[] here)
    {
        if (here.Length > 0)
            yield return here;
        var children = node switch
        {
            JsonObject o => o.Select(p => ((object)p.Key, p.Value)),
            JsonArray a => a.Select((v, index) => ((object)index, v)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            foreach (var place in Places(child, [.. here, key]))
                yield return place;
        }
    }

    private static string With(JsonNode? whole, object[] place, string replacement)
    {
        var copy = whole!.DeepClone();
        var parent = place[..^1].Aggregate(copy, (node, key) => key is int index ? node[index]! : node[(string)key]!);
        if (place[^1] is int last)
            parent[last] = JsonNode.Parse(replacement);
        else
            parent[(string)place[^1]] = JsonNode.Parse(replacement);
        return copy.ToJsonString();
    }
}

public sealed class AnyBodyOnSqlite(SqliteSite site) : AnyBodyTests(site), IClassFixture<SqliteSite>;

public sealed class AnyBodyOnMariaDb(MariaDbSite site) : AnyBodyTests(site), IClassFixture<MariaDbSite>;
