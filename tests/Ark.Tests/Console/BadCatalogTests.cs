using Ark.Console;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>Catalogues in which something is wrong, through <c>ark catalog lint</c> and through <c>ark plan</c>: the same problems with the same places.</summary>
public sealed class BadCatalogTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string Folder = "catalog/open-3.1/components";

    public static TheoryData<string, string[]> Faults => new()
    {
        { "foreign Compose keys", ["foreign-compose-key csb-broker/component.yaml:24:3", "foreign-compose-key csb-broker/component.yaml:25:3", "foreign-compose-key csb-broker/component.yaml:26:3"] },
        { "undefined variables", ["undefined-variable csb-broker/component.yaml:28:23", "undefined-variable csb-broker/component.yaml:28:43", "undefined-variable csb-broker/nginx.conf.liquid:2:4"] },
        { "a circle of dependencies", ["circular-dependency mq-broker/component.yaml"] },
        { "all at once", ["unknown-key cache/component.yaml:1:1", "foreign-compose-key csb-broker/component.yaml:24:3", "yaml-syntax mq-broker/component.yaml:2:1"] },
        { "a billion laughs", ["yaml-anchor cache/component.yaml", "yaml-alias cache/component.yaml"] },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_is_listed_the_same_by_lint_and_by_plan(string what, string[] expected)
    {
        site.Prepared();
        Break(what);
        var planned = site.Refused("plan");
        var lint = site.Ark(["catalog", "lint", Path.Combine(site.Root, "catalog", "open-3.1")]);
        Assert.Equal(ExitCode.Usage, lint.Exit);
        var linted = lint.Out.Split('\n').Where(l => l.Contains(": error: ", StringComparison.Ordinal)).Select(l => (Place: l.Split(": error: ")[0], Code: l[(l.LastIndexOf('[') + 1)..l.LastIndexOf(']')])).ToList();
        Assert.Equal(linted.Select(l => $"{l.Code} {Path.GetRelativePath(site.Root, l.Place)}").Order(), planned.Select(p => $"{p.Code} {p.Place}").Order());
        foreach (var (one, index) in expected.Select((e, i) => (e, i)))
            Assert.True(planned.Any(p => $"{p.Code} {p.Place}".StartsWith(one.Replace(" ", $" {Folder}/", StringComparison.Ordinal), StringComparison.Ordinal)), $"{index}: {one} is not among {string.Join(", ", planned)}");
    }

    [Fact]
    public void A_catalogue_that_is_not_there_or_links_elsewhere_is_named()
    {
        site.Prepared();
        File.CreateSymbolicLink(Path.Combine(site.Root, Folder, "cache", "more.liquid"), "/etc/passwd");
        Assert.Equal(["link"], site.Refused("plan").Select(p => p.Code));
        Directory.Delete(Path.Combine(site.Root, "catalog"), recursive: true);
        Assert.Equal(["no-catalogue"], site.Refused("apply", "--yes").Select(p => p.Code));
    }

    private void Break(string what)
    {
        switch (what)
        {
            case "foreign Compose keys":
                site.Change($"{Folder}/csb-broker/component.yaml", "container:\n", "container:\n  restart: always\n  build: .\n  privileged: true\n");
                break;
            case "undefined variables":
                site.Change($"{Folder}/csb-broker/component.yaml", "    CSB_ROUTES:", "    CSB_ODD: \"{{ site.nothing }}{{ nobody.name }}\"\n    CSB_ROUTES:");
                site.Write($"{Folder}/csb-broker/nginx.conf.liquid", "# {{ parameters.routes }}\n{{ undefined_thing }}\n" + site.Read($"{Folder}/csb-broker/nginx.conf.liquid"));
                break;
            case "a circle of dependencies":
                site.Change($"{Folder}/cache/component.yaml", "name: cache\n", "name: cache\ndependsOn: [csb-broker]\n");
                site.Change($"{Folder}/csb-broker/component.yaml", "name: csb-broker\n", "name: csb-broker\ndependsOn: [mq-broker]\n");
                site.Change($"{Folder}/mq-broker/component.yaml", "name: mq-broker\n", "name: mq-broker\ndependsOn: [cache]\n");
                break;
            case "all at once":
                site.Write($"{Folder}/cache/component.yaml", "titel: x\n" + site.Read($"{Folder}/cache/component.yaml"));
                site.Change($"{Folder}/csb-broker/component.yaml", "container:\n", "container:\n  restart: always\n");
                site.Write($"{Folder}/mq-broker/component.yaml", "schema: 1\n\tname: mq-broker\n");
                break;
            default:
                site.Write($"{Folder}/cache/component.yaml", "a: &a [lol, lol]\nb: &b [*a, *a]\nc: [*b, *b]\n" + site.Read($"{Folder}/cache/component.yaml"));
                break;
        }
    }
}
