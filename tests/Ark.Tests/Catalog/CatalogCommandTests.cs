using System.Diagnostics;
using System.Text.Json;
using Ark.Console;
using Xunit;

namespace Ark.Tests.Catalog;

/// <summary>The program itself, on a catalogue in a folder of its own.</summary>
public sealed class CatalogCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ark-catalog-").FullName;

    public CatalogCommandTests()
    {
        Write("catalog/open-3.1/baseline.yaml", "schema: 1\nname: open-3.1\nline: \"3.1\"\ntitle: T\nproducts: [{name: p, title: P, components: [store]}]\n");
        Assert.Equal(ExitCode.Done, Ark("catalog", "new", "store").Exit);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_starter_is_written_linted_and_shown()
    {
        Assert.Equal((ExitCode.Done, ""), Ark("catalog", "lint") is var lint ? (lint.Exit, lint.Out) : default);
        Assert.Contains("store", Ark("catalog", "show").Out, StringComparison.Ordinal);
        Assert.Contains("18000", Ark("catalog", "show", "open-3.1").Out, StringComparison.Ordinal);
        Assert.Contains("maxConnections", Ark("catalog", "show", "open-3.1", "store").Out, StringComparison.Ordinal);
        var json = JsonDocument.Parse(Ark("catalog", "show", "open-3.1", "store", "--format", "json").Out).RootElement;
        Assert.Equal("middleware", json.GetProperty("component").GetProperty("stage").GetString());
        Assert.Equal(64 << 20, json.GetProperty("component").GetProperty("resources").GetProperty("memoryBytes").GetInt64());
    }

    [Fact]
    public void New_never_overwrites()
    {
        Write("catalog/open-3.1/components/store/component.yaml", "mine");
        var again = Ark("catalog", "new", "store");
        Assert.Equal(ExitCode.Usage, again.Exit);
        Assert.Contains("There is a component 'store' already; nothing was written.", again.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(_folder, "catalog/open-3.1/components/store/component.yaml")));
    }

    [Fact]
    public void New_converts_a_Compose_file_and_says_what_it_left()
    {
        Write("compose.yaml", "services: {web: {image: nginx, restart: always}, db: {image: mariadb}}\n");
        var converted = Ark("catalog", "new", "shop", "--from", "compose.yaml");
        Assert.Equal(ExitCode.Done, converted.Exit);
        Assert.Equal(["catalog/open-3.1/components/shop-web/component.yaml", "catalog/open-3.1/components/shop-db/component.yaml"], converted.Out.Trim().Split('\n'));
        Assert.Contains("not taken over: shop-web: restart", converted.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Store")]
    [InlineData("../../evil")]
    [InlineData("$(id)")]
    public void A_name_with_metacharacters_is_refused_and_nothing_is_written(string name)
    {
        Assert.Equal(ExitCode.Usage, Ark("catalog", "new", name).Exit);
        Assert.Equal(["store"], Directory.GetDirectories(Path.Combine(_folder, "catalog/open-3.1/components")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("catalog")]
    [InlineData("catalog/open-3.1")]
    [InlineData("catalog/open-3.1/")]
    [InlineData("catalog/open-3.1/components/store")]
    public void Problems_come_with_a_place_that_can_be_opened_whichever_folder_is_named(string folder)
    {
        Change("count: {min: 1,", "count: {min: 10,");
        var lint = Ark("catalog", "lint", folder);
        Assert.Equal(ExitCode.Usage, lint.Exit);
        Assert.Equal("""
            catalog/open-3.1/components/store/component.yaml:7:8: error: 'count' has min 10 above max 9. [count-rule]
            catalog/open-3.1/components/store/component.yaml:7:27: error: 'count.default' is 1, which is not between min 10 and max 9. [count-rule]

            """, lint.Out);
        Assert.Equal("2 errors, 0 warnings\n", lint.Error);
    }

    [Fact]
    public void Problems_can_be_had_as_JSON()
    {
        Change("title: What", "titel: What");
        var lint = Ark("catalog", "lint", "--format", "json");
        Assert.Equal(ExitCode.Usage, lint.Exit);
        var json = JsonDocument.Parse(lint.Out).RootElement;
        Assert.Equal(2, json.GetProperty("summary").GetProperty("errors").GetInt32());
        var problem = json.GetProperty("problems")[1];
        Assert.Equal(("unknown-key", "error", 5, 1), (problem.GetProperty("code").GetString(), problem.GetProperty("severity").GetString(), problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32()));
        Assert.Equal("catalog/open-3.1/components/store/component.yaml", problem.GetProperty("file").GetString());
    }

    [Fact]
    public void A_link_a_picture_and_a_giant_are_named()
    {
        var store = Path.Combine(_folder, "catalog/open-3.1/components/store");
        File.CreateSymbolicLink(Path.Combine(store, "link.conf"), "/etc/hostname");
        File.WriteAllBytes(Path.Combine(store, "picture.png"), [0x89, 0x50, 0xff, 0xfe]);
        File.WriteAllBytes(Path.Combine(store, "giant.txt"), new byte[(1 << 20) + 1]);
        var lint = Ark("catalog", "lint");
        Assert.Equal(ExitCode.Usage, lint.Exit);
        Assert.Equal(["giant.txt: error: The file has 1048577 bytes", "link.conf: error: This is a link.", "picture.png: error: The file is no UTF-8 text."],
            lint.Out.Split('\n').Where(l => l.StartsWith("catalog/", StringComparison.Ordinal)).Select(l => l["catalog/open-3.1/components/store/".Length..].Split([" [", ";"], StringSplitOptions.None)[0]));
    }

    [Fact]
    public void What_is_not_there_is_named_with_what_is()
    {
        Assert.Contains("did you mean 'open-3.1'?", Ark("catalog", "show", "open-31").Error, StringComparison.Ordinal);
        Assert.Contains("did you mean 'store'?", Ark("catalog", "show", "open-3.1", "stroe").Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, Ark("catalog", "lint", "nowhere").Exit);
    }

    private void Change(string what, string by)
    {
        var path = Path.Combine(_folder, "catalog/open-3.1/components/store/component.yaml");
        File.WriteAllText(path, File.ReadAllText(path).Replace(what, by, StringComparison.Ordinal));
    }

    private void Write(string path, string text)
    {
        var full = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private (int Exit, string Out, string Error) Ark(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "ark"), arguments)
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
