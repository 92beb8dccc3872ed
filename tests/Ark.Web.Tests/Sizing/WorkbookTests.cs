using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Core.Sizing;
using Ark.Web.Tests.Hosts;
using MiniExcelLibs;
using Xunit;

namespace Ark.Web.Tests.Sizing;

/// <summary>Workbooks are opened again.</summary>
public sealed class WorkbookTests(SqliteSite site) : IClassFixture<SqliteSite>
{
    private static readonly HttpClient Client = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"products":["EDAS","MQ"]}""")]
    [InlineData("""{"products":["EDAS+MQ+DRDS+CSB+ARMS"]}""")]
    [InlineData("""{"products":["EDAS","MQ","DRDS"],"mode":"vm","load":{"messages":40000,"qps":250000,"edasNodes":80}}""")]
    public async Task The_workbook_holds_the_numbers_of_the_plan(string request)
    {
        var body = JsonDocument.Parse(request).RootElement;
        var plan = JsonSerializer.Deserialize((await site.As("viewer").PostAsync("sizing", body)).Body, SizingJson.Default.SizingPlan)!;
        using var book = await OpenAsync("POST", "sizing/xlsx", JsonContent.Create(body));
        Assert.Equal(["Machines", "Instances", "Capacity, addresses and disks", "People", "Rules"], book.GetSheetNames());

        var machines = Rows(book, "Machines");
        Assert.Equal(
            [.. plan.Groups.Select(g => (g.Type, $"{g.Count}", string.Join(", ", g.Count.Rules))), .. plan.Outside.Select(o => (o.Size, $"{o.Count}", string.Join(", ", o.Rules)))],
            machines.Where(m => m[0] != "in all").Select(m => (m[1], m[2], m[5])));
        Assert.Equal($"{plan.Machines}", Assert.Single(machines, m => m[0] == "in all")[2]);
        Assert.Equal(plan.Instances.Select(i => (i.Component, $"{i.Count}", i.Count.Why)), Rows(book, "Instances").Select(i => (i[0], i[2], i[5])));
        Assert.Equal(
            plan.Carries.Concat(plan.Needs).Concat(plan.Addresses).Concat(plan.Disks).Select(a => ($"{a.Amount}", $"{a.Amount.Origin}".ToLowerInvariant())),
            Rows(book, "Capacity, addresses and disks").Select(a => (a[2], a[4])));
        Assert.Equal(plan.People.Select(p => (p.Role, p.Work, $"{p.Days}")), Rows(book, "People").Select(p => (p[1], p[2], p[3])));
        Assert.Equal(plan.Rules.Select(r => (r.Id, r.Section, r.Text)), Rows(book, "Rules").Select(r => (r[0], r[1], r[2])));
    }

    [Fact]
    public async Task Its_headings_are_in_the_readers_language()
    {
        using var content = JsonContent.Create(new { products = (string[])["EDAS", "MQ"] });
        using var book = await OpenAsync("POST", "sizing/xlsx", content, "zh-CN");
        Assert.Equal(["机器", "实例", "容量、地址与磁盘", "人员", "规则"], book.GetSheetNames());
        Assert.Contains(Rows(book, "人员"), p => p[1] == "项目经理");
    }

    [Theory]
    [InlineData("", 23)]
    [InlineData("?mode=physical", 23)]
    [InlineData("?mode=vm", 16)]
    public async Task The_requirements_of_a_mode_are_listed_and_exported_to_fill_in(string query, int count)
    {
        var listed = (await site.As("viewer").GetAsync($"requirements{query}")).Json.GetProperty("requirements").EnumerateArray().ToList();
        Assert.Equal(count, listed.Count);
        Assert.Equal(
            EnvironmentRequirements.All.Where(r => !query.EndsWith("vm", StringComparison.Ordinal) || r.HoldsIn(SiteMode.Vm)).Select(r => (r.Number, r.Text, r.Ask)),
            listed.Select(r => (r.GetProperty("number").GetInt32(), r.GetProperty("text").GetString()!, r.GetProperty("ask").GetString()!)));
        using var book = await OpenAsync("GET", $"requirements.xlsx{query}");
        var rows = Rows(book, "Environment requirements");
        Assert.Equal(listed.Select(r => (r.GetProperty("number").ToString(), r.GetProperty("text").GetString()!)), rows.Select(r => (r[0], r[1])));
        Assert.All(rows, r => Assert.Equal(("", ""), (r[7], r[8])));
        Assert.Equal(["mode"], (await site.As("viewer").GetAsync("requirements?mode=cloud")).Fields);
        Assert.Equal(["mode"], (await site.As("viewer").GetAsync("requirements.xlsx?mode=1,2")).Fields);
    }

    private async Task<MemoryStream> OpenAsync(string method, string path, HttpContent? content = null, string language = "en")
    {
        var token = (await site.As(null).PostAsync("sign-in", new { name = "viewer", password = PanamaSite.Password })).Json.GetProperty("token").GetString();
        using var request = new HttpRequestMessage(new(method), $"{site.Url}{WebHost.Api}/{path}") { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.AcceptLanguage.ParseAdd(language);
        using var response = await Client.SendAsync(request, Cancellation);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", response.Content.Headers.ContentType!.MediaType);
        return new(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    /// <summary>The cells of a sheet below its headings.</summary>
    private static List<string[]> Rows(MemoryStream book, string sheet) =>
        [.. book.Query(sheetName: sheet).Skip(1).Select(row => ((IDictionary<string, object?>)row).Values.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture) ?? "").ToArray())];
}
