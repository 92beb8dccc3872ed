using System.Net;
using Ark.Core.Tasks;
using Xunit;

namespace Ark.Core.Tests.Tasks;

public sealed class TaskReaderTests
{
    private const string Path = "tasks/task_527/task.yaml";

    private const string Good = """
        schema: 1
        id: "527"
        baseline: open-3.1
        purpose: production
        domain: shop.example
        components:
          metadb: {count: 3, parameters: {max_connections: 300}, ports: {mysql: 3307}, addresses: {metadb-1: 10.16.9.21}, machines: {metadb-1: 10.88.0.11}, image: "1.0"}
          cache: {}
        """;

    private static (string Code, string Place)[] Problems(string text) => [.. TaskReader.Read(text, Path).Problems.Select(p => (p.Code, p.Place[Path.Length..]))];

    [Fact]
    public void A_task_is_read()
    {
        var task = TaskReader.Read(Good, Path).Value!.Task;
        Assert.Equal(("527", "open-3.1", "production", "shop.example"), (task.Id, task.Baseline, task.Purpose, task.Domain));
        Assert.Equal(["cache", "metadb"], task.Components.Select(c => c.Name));
        var metadb = task.Components[1];
        Assert.Equal((3, "300", 3307, "1.0"), (metadb.Count, metadb.Parameters["max_connections"], metadb.Ports["mysql"], metadb.ImageTag));
        Assert.Equal((IPAddress.Parse("10.16.9.21"), IPAddress.Parse("10.88.0.11")), (metadb.Addresses["metadb-1"], metadb.Machines["metadb-1"]));
        Assert.Null(task.Components[0].Count);
    }

    [Fact]
    public void Every_problem_comes_at_once_with_its_place() => Assert.Equal(
        [
            ("unknown-schema", ":1:9"), ("bad-task-id", ":2:5"), ("wrong-type", ":8:14"), ("unknown-key", ":9:7"), ("bad-address", ":10:29"), ("unknown-instance", ":11:17"),
            ("out-of-range", ":12:24"), ("missing-key", ":1:1"),
        ],
        Problems("""
            schema: 2
            id: ../527
            purpose: poc
            # two
            domain: shop.example
            components:
              metadb:
                  count: three
                  colour: red
                  machines: {metadb-1:  10.0.0.011,
                            cache-1: 10.0.0.1}
                  ports: {mysql:   70000}
            """).OrderBy(p => p.Code == "missing-key"));

    [Theory]
    [InlineData("id: &a 527\nbaseline: *a", "yaml-anchor")]
    [InlineData("id: !!str 527", "yaml-tag")]
    [InlineData("id: 1\nid: 2", "duplicate-key")]
    [InlineData("id: [", "yaml-syntax")]
    [InlineData("", "yaml-empty")]
    [InlineData("a: 1\n---\nb: 2", "yaml-documents")]
    public void What_YAML_has_and_tasks_have_not_is_refused(string text, string code) => Assert.Contains(Problems(text), p => p.Code == code);

    [Fact]
    public void A_billion_laughs_end_at_the_first()
    {
        var lines = Enumerable.Range(1, 30).Select(i => $"a{i}: &a{i} [{string.Join(',', Enumerable.Repeat(i == 1 ? "lol" : $"*a{i - 1}", 10))}]");
        Assert.Contains(Problems(string.Join('\n', lines)), p => p.Code == "yaml-anchor");
        Assert.Contains(Problems(new string('[', 5000)), p => p.Code is "yaml-too-deep");
        Assert.Contains(Problems("a: " + new string('x', 1 << 20)), p => p.Code == "yaml-too-big");
    }
}
