using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ark.Console;
using Ark.Remote.Files;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Tasks, as folder or archive, in which something is wrong, through the program: exit code 2, every problem with its line, nothing touched.</summary>
public sealed class BadTasksTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string File = "tasks/task_1/task.yaml";

    public static TheoryData<string, string, string[]> Faults => new()
    {
        {
            "counts, components, instances, parameters, ports, machines",
            """
            schema: 1
            id: "1"
            baseline: open-3.1
            components:
              cache: {count: 4}
              metadb: {count: 2, machines: {metadb-1: 10.99.0.99}}
              mq-broker: {count: 1000}
              cash: {}
              "$(touch canary)": {}
              csb-broker:
                count: 0
                cuont: 2
                ports: {htp: 1}
                image: "a;touch canary"
                parameters: {routes: "$(touch canary)", nope: 1, workers: 1000}
                addresses: {csb-broker-x: 10.99.0.1}
            """,
            [
                "count-even:5:18", "count-even:6:19", "unknown-machine:6:43", "count-too-high:7:22", "count-even:7:22", "unknown-component:8:9", "unknown-component:9:22", "count-too-low:11:12",
                "unknown-key:12:5", "unknown-port:13:18", "bad-value:14:12", "bad-parameter:15:26", "unknown-parameter:15:51", "bad-parameter:15:63", "unknown-instance:16:17",
            ]
        },
        { "another id than the folder's", "schema: 1\nid: \"2\"\nbaseline: open-3.1\ncomponents: {cache: {}}\n", ["other-task:2:5"] },
        { "a shell's words in head", "schema: 1\nid: 1;touch canary\nbaseline: $(touch canary)\ndomain: a`touch canary`.b\npurpose: x|y\ncomponents: {cache: {}}\n", ["bad-task-id:2:5", "bad-value:3:11", "bad-value:4:9", "bad-value:5:10"] },
        { "an unknown baseline", "schema: 1\nid: \"1\"\nbaseline: open-9.9\ncomponents: {cache: {}}\n", ["unknown-baseline:3:11"] },
        { "a dependency that is not chosen, on another line of product", "schema: 1\nid: \"1\"\nbaseline: open-3.0\ncomponents: {haproxy: {}}\n", ["other-line:3:11"] },
        { "no component", "schema: 1\nid: \"1\"\nbaseline: open-3.1\ncomponents: {}\n", ["no-components:4:13"] },
        {
            "a billion laughs",
            "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + string.Concat("bcdefghi".Select(c => $"{c}: &{c} [{string.Join(", ", Enumerable.Repeat($"*{(char)(c - 1)}", 9))}]\n")),
            [
                "missing-key:1:1", "missing-key:1:1", "missing-key:1:1", "missing-key:1:1", "unknown-key:1:1", "yaml-anchor:1:4",
                .. Enumerable.Range(2, 8).SelectMany(l => (string[])[$"unknown-key:{l}:1", $"yaml-anchor:{l}:4", .. Enumerable.Range(0, 9).Select(i => $"yaml-alias:{l}:{8 + (4 * i)}")]),
            ]
        },
        { "lists without an end", new string('[', 100_000), ["yaml-too-deep:1:34"] },
        { "no YAML", "schema: 1\nid: \"1\n\tbaseline: [", ["yaml-syntax:3:1"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_is_listed_with_its_line_and_nothing_is_touched(string what, string text, string[] expected)
    {
        string[] verb = what.Length % 2 == 0 ? ["apply", "--yes"] : ["plan"];
        site.Prepared().Write(File, text);
        var listed = Short(site.Refused(verb));
        Assert.Equal(expected.Order(), listed.Order());
        var lines = listed.Select(l => l.Split(':') is [_, { Length: > 0 } line, ..] ? int.Parse(line, System.Globalization.CultureInfo.InvariantCulture) : 0).ToList();
        Assert.Equal(lines.Order(), lines);
    }

    [Theory]
    [InlineData("4", "count-even:6:12")]
    [InlineData("0", "count-too-low:6:12,count-even:6:12")]
    [InlineData("-1", "bad-count:")]
    public void A_number_of_instances_that_cannot_be_is_refused_before_the_machines_are_asked(string count, string expected)
    {
        site.Prepared();
        Assert.Equal(expected.Split(','), Short(site.Refused("scale", "cache", count, "--yes")));
    }

    [Fact]
    public void Arguments_are_looked_at_before_the_machines_are_asked()
    {
        site.Prepared();
        Assert.Equal(["bad-task-id"], site.Refused("plan", "--task", "../../../etc").Select(p => p.Code));
        Assert.Equal(["bad-task-id"], site.Refused("apply", "--yes", "--task", "1;touch canary").Select(p => p.Code));
        Assert.Equal(["unknown-component"], site.Refused("scale", "$(touch canary)", "3", "--yes").Select(p => p.Code));
        Assert.Equal(["no-plan"], site.Refused("apply", "nowhere.json", "--yes").Select(p => p.Code));
        Assert.Equal(["no-folder"], site.Refused("plan", "--out", "nowhere/plan.json").Select(p => p.Code));
        site.Write("tasks/task_a;touch canary/task.yaml", CarriedSite.GoodTask);
        Directory.Delete(Path.Combine(site.Root, "tasks/task_1"), recursive: true);
        Assert.Equal(["other-task"], site.Refused("plan").Select(p => p.Code));
    }

    [Fact]
    public void Images_that_their_owner_did_not_supply_are_no_fault_of_a_task_that_does_not_want_them()
    {
        site.Prepared().Write("catalog/reference-3.1/images.yaml", $"reference/mq-broker: {{tag: \"1\", digest: \"sha256:{new string('a', 64)}\"}}\n");
        site.Write(File, "schema: 1\nid: \"1\"\nbaseline: reference-3.1\ncomponents:\n  mq-broker: {count: 0}\n");
        Assert.Equal(["count-too-low:5:22"], Short(site.Refused("plan")));
    }

    [Fact]
    public void A_task_file_that_is_none_is_named()
    {
        site.Prepared().Write(File, new string('#', (1 << 20) + 1));
        Assert.Equal(["too-long:"], Short(site.Refused("plan")));
        System.IO.File.WriteAllBytes(Path.Combine(site.Root, File), [.. "schema: 1\n"u8, 0xff, 0xfe]);
        Assert.Equal(["not-text:2"], Short(site.Refused("plan")));
        System.IO.File.Delete(Path.Combine(site.Root, File));
        Assert.Equal(["no-task-file:"], Short(site.Refused("plan")));
    }

    public static TheoryData<string, string[]> Archives => new()
    {
        { "truncated", ["truncated-archive"] },
        { "no gzip", ["not-an-archive"] },
        { "oversized", ["oversized-archive"] },
        { "a bomb", ["oversized-archive"] },
        { "links", ["not-a-file", "not-a-file"] },
        { "paths", ["path-escapes", "path-escapes", "path-escapes", "bad-path"] },
        { "no task", ["no-task-file"] },
        { "twice", ["duplicate-entry"] },
        { "wrong task", ["count-even", "unknown-key"] },
        { "billion laughs", ["missing-key", "missing-key", "missing-key", "unknown-key", "yaml-anchor", "unknown-key", "yaml-alias", "yaml-alias"] },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public void An_archive_that_cannot_be_taken_is_named_with_all_that_is_wrong_and_nothing_of_it_is_unpacked(string what, string[] expected)
    {
        site.Prepared();
        Directory.Delete(Path.Combine(site.Root, "tasks/task_1"), recursive: true);
        System.IO.File.WriteAllBytes(Path.Combine(site.Root, "tasks/task_1.tgz"), Archive(what));
        var listed = site.Refused("apply", "--yes");
        Assert.Equal(expected, listed.Select(p => p.Code));
        Assert.All(listed, p => Assert.StartsWith("tasks/task_1.tgz", p.Place, StringComparison.Ordinal));
    }

    [Fact]
    public void A_good_archive_is_unpacked_once_its_content_and_the_passphrase_are_known()
    {
        site.Prepared();
        Directory.Delete(Path.Combine(site.Root, "tasks/task_1"), recursive: true);
        System.IO.File.WriteAllBytes(Path.Combine(site.Root, "tasks/task_1.tgz"), Pack((TarEntryType.RegularFile, "task_1/task.yaml", CarriedSite.GoodTask)));
        Assert.Equal(ExitCode.Failed, site.Ark(["plan", "--site", site.Root, "--passphrase-file", site.PassphraseFile]).Exit);
        Assert.Equal(CarriedSite.GoodTask, site.Read(File));
    }

    private static byte[] Archive(string what)
    {
        var good = (TarEntryType.RegularFile, "task.yaml", CarriedSite.GoodTask);
        return what switch
        {
            "truncated" => Pack(good) is var whole ? whole[..^30] : [],
            "no gzip" => Encoding.UTF8.GetBytes("<html>404 not found</html>"),
            "oversized" => new byte[TaskArchive.MaxPacked + 1],
            "a bomb" => Pack(good, (TarEntryType.RegularFile, "zeros", new string('\0', (int)TaskArchive.MaxUnpacked))),
            "links" => Pack(good, (TarEntryType.SymbolicLink, "link", "/etc/passwd"), (TarEntryType.HardLink, "hard", "../../../bin/ark.properties")),
            "paths" => Pack(good, (TarEntryType.RegularFile, "../../../canary", "x"), (TarEntryType.RegularFile, "/tmp/canary", "x"), (TarEntryType.RegularFile, "a/../../b", "x"), (TarEntryType.RegularFile, "a\u0007b", "x")),
            "no task" => Pack((TarEntryType.RegularFile, "readme", "x")),
            "twice" => Pack(good, good),
            "wrong task" => Pack((TarEntryType.RegularFile, "task.yaml", CarriedSite.GoodTask.Replace("count: 3", "count: 4\n    cuont: 3", StringComparison.Ordinal))),
            _ => Pack((TarEntryType.RegularFile, "task.yaml", "schema: 1\na: &a [lol]\nb: [*a, *a]\n")),
        };
    }

    private static byte[] Pack(params (TarEntryType Type, string Name, string Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            foreach (var (type, name, content) in entries)
            {
                var entry = new PaxTarEntry(type, name);
                if (type == TarEntryType.RegularFile) entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
                else entry.LinkName = content;
                tar.WriteEntry(entry);
            }
        }

        return packed.ToArray();
    }

    private static string[] Short(IEnumerable<Listed> problems) =>
        [.. problems.Select(p => $"{p.Code}:{(p.Place.StartsWith(File + ":", StringComparison.Ordinal) ? p.Place[(File.Length + 1)..] : "")}")];
}
