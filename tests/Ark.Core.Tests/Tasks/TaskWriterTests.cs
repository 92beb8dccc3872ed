using System.Net;
using Ark.Core.Tasks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Tasks;

public sealed class TaskWriterTests
{
    private const string Head = "schema: 1\nid: \"527\"\nbaseline: open-3.1 # ours\n";

    [Theory]
    [InlineData("components:\n  cache: {count: 3} # few\n", "components:\n  cache: {count: 5} # few\n")]
    [InlineData("components:\n  cache: {}\n  b: {}", "components:\n  cache: {count: 5}\n  b: {}")]
    [InlineData("components: {cache: {ports: {redis: 1}}}", "components: {cache: {count: 5, ports: {redis: 1}}}")]
    [InlineData("components:\n  cache:\n    # why\n    ports: {redis: 1}\n    # how many\n    count: 13 # odd\n", "components:\n  cache:\n    # why\n    ports: {redis: 1}\n    # how many\n    count: 5 # odd\n")]
    [InlineData("components:\n  cache:\n    # why\n    ports:\n      redis: 1\n", "components:\n  cache:\n    # why\n    count: 5\n    ports:\n      redis: 1\n")]
    [InlineData("components:\r\n  cache:\r\n    ports:\r\n      redis: 1\r\n", "components:\r\n  cache:\r\n    count: 5\r\n    ports:\r\n      redis: 1\r\n")]
    public void Setting_a_count_changes_one_line(string before, string after)
    {
        Assert.Equal(Head + after, TaskWriter.SetCount(Head + before, "t", "cache", 5).Value);
        Assert.Equal('\uFEFF' + Head + after, TaskWriter.SetCount('\uFEFF' + Head + before, "t", "cache", 5).Value);
    }

    [Fact]
    public void A_layout_that_cannot_be_edited_is_written_anew()
    {
        var after = TaskWriter.SetCount(Head + "components:\n  cache:\n    count: +3\n", "t", "cache", 5).Value!;
        Assert.Equal(5, TaskReader.Read(after, "t").Value!.Task.Components[0].Count);
    }

    [Fact]
    public void A_component_that_the_task_has_not_is_named()
    {
        var problem = Assert.Single(TaskWriter.SetCount(Head + "components: {cache: {}}", "t", "cahce", 5).Problems);
        Assert.Equal("unknown-component", problem.Code);
        Assert.Contains("'cache'", problem.Remedy, StringComparison.Ordinal);
        Assert.Equal("yaml-empty", TaskWriter.SetCount("", "t", "cache", 5).Problems[0].Code);
    }

    [Fact]
    public void The_whole_text_is_as_people_write_it()
    {
        var task = new DeploymentTask
        {
            Id = "527",
            Baseline = "open-3.1",
            Domain = "shop.example",
            Components =
            [
                new()
                {
                    Name = "metadb",
                    Count = 3,
                    ImageTag = "1.0",
                    Parameters = new Dictionary<string, string> { ["z"] = "64M", ["a"] = "say \"no\": # not\n", ["n"] = "null" },
                    Ports = new Dictionary<string, int> { ["mysql"] = 3307 },
                    Addresses = Enumerable.Range(1, 10).Reverse().Where(i => i is 1 or 2 or 10).ToDictionary(i => $"metadb-{i}", i => IPAddress.Parse($"10.16.9.{i}")),
                },
                new() { Name = "cache" },
            ],
        };
        Assert.Equal(
            """
            schema: 1
            id: "527"
            baseline: "open-3.1"
            purpose: production
            domain: "shop.example"
            components:
              cache: {}
              metadb:
                count: 3
                image: "1.0"
                parameters:
                  a: "say \"no\": # not\n"
                  n: "null"
                  z: 64M
                ports:
                  mysql: 3307
                addresses:
                  metadb-1: 10.16.9.1
                  metadb-2: 10.16.9.2
                  metadb-10: 10.16.9.10

            """,
            TaskWriter.Write(task));
    }

    [Fact]
    public void Any_parameter_is_read_back_as_it_was() =>
        Gen.Dictionary(Gen.Char.AlphaNumeric.Array[1, 8].Select(c => new string(c)), Gen.String[0, 20])[0, 4].Sample(parameters =>
        {
            if (parameters.Values.Any(v => v.Any(c => char.IsSurrogate(c) || c is '\uFFFE' or '\uFFFF')))
                return;
            var task = new DeploymentTask { Id = "1", Baseline = "b", Components = [new() { Name = "c", Parameters = parameters }] };
            var text = TaskWriter.Write(task);
            Assert.Equal(parameters.OrderBy(p => p.Key), TaskReader.Read(text, "t").Value!.Task.Components[0].Parameters.OrderBy(p => p.Key));
        });
}
