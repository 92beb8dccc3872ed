using System.Net;
using System.Text.Json;
using Ark.Web.Audit;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Audit;

public abstract class AuditTests(PanamaSite site)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_is_on_record_with_who_before_and_after()
    {
        var made = await site.As("engineer").PostAsync("customers", new { name = "Recorded 客户", contact = "Ann" });
        await site.As("engineer").PutAsync($"customers/{made.Id}", new { name = "Recorded 客户", contact = "Ben", version = made.Version });

        var found = (await site.As("admin").GetAsync($"audit?subject=customer:{made.Id}")).Json.GetProperty("entries").EnumerateArray().First();
        Assert.Equal(("engineer", "customer-changed", "token sign-in"), (Text(found, "actor"), Text(found, "action"), Text(found, "via")));
        Assert.Equal("Ann", JsonDocument.Parse(Text(found, "before")).RootElement.GetProperty("contact").GetString());
        Assert.Equal("Ben", JsonDocument.Parse(Text(found, "after")).RootElement.GetProperty("contact").GetString());
        Assert.Equal(2, (await site.As("admin").GetAsync("audit?search=Recorded%20客户")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_refused_change_is_not_on_record()
    {
        var before = await TotalAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await site.As("engineer").PostAsync("customers", new { name = "" })).Status);

        Assert.Equal(before, await TotalAsync());
    }

    [Fact]
    public async Task The_export_is_one_entry_a_line_oldest_first_with_hashes_that_can_be_recomputed()
    {
        var lines = (await site.As("admin").GetAsync("audit/export")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var previous = "";
        foreach (var entry in lines.Select(l => JsonSerializer.Deserialize<AuditEntry>(l, Answers.Differences.Json)!))
        {
            Assert.Equal(AuditLog.HashOf(entry, previous), entry.Hash);
            previous = entry.Hash;
        }

        Assert.True(lines.Length > 3);
    }

    [Theory]
    [InlineData("actor")]
    [InlineData("time")]
    [InlineData("after")]
    [InlineData("removed")]
    [InlineData("cut off")]
    public async Task What_somebody_does_to_the_record_is_found(string tampering)
    {
        Assert.True((await VerifyAsync()).Whole);
        await using var db = site.Open();
        var entries = db.GetTable<AuditEntry>();
        var id = tampering == "cut off" ? await entries.MaxAsync(e => e.Id, Cancellation) : 2;
        var entry = await entries.FirstAsync(e => e.Id == id, Cancellation);
        await entries.DeleteAsync(e => e.Id == id, Cancellation);
        AuditEntry? forged = tampering switch
        {
            "actor" => entry with { Actor = "mallory" },
            "time" => entry with { At = entry.At.AddMilliseconds(1) },
            "after" => entry with { After = entry.After + " " },
            _ => null,
        };
        if (forged is not null)
            await db.InsertAsync(forged, token: Cancellation);

        var verdict = await VerifyAsync();
        Assert.Equal((false, id), (verdict.Whole, verdict.BrokenAt));

        await entries.DeleteAsync(e => e.Id == id, Cancellation);
        await db.InsertAsync(entry, token: Cancellation);
        Assert.True((await VerifyAsync()).Whole);
    }

    [Fact]
    public async Task An_entry_that_no_change_wrote_is_found()
    {
        await using var db = site.Open();
        var entries = db.GetTable<AuditEntry>();
        var last = await entries.OrderByDescending(e => e.Id).FirstAsync(Cancellation);
        var forged = last with { Id = last.Id + 1, After = "{}" };
        await db.InsertAsync(forged with { Hash = AuditLog.HashOf(forged, last.Hash) }, token: Cancellation);

        var verdict = await VerifyAsync();
        Assert.Equal((false, forged.Id), (verdict.Whole, verdict.BrokenAt));
        await entries.DeleteAsync(e => e.Id == forged.Id, Cancellation);
        Assert.True((await VerifyAsync()).Whole);
    }

    private async Task<ReadAudit.Verdict> VerifyAsync() =>
        JsonSerializer.Deserialize<ReadAudit.Verdict>((await site.As("admin").GetAsync("audit/verify")).Body, Answers.Differences.Json)!;

    private async Task<int> TotalAsync() => (await site.As("admin").GetAsync("audit")).Json.GetProperty("total").GetInt32();

    private static string Text(JsonElement entry, string field) => entry.GetProperty(field).GetString()!;
}

public sealed class AuditOnSqlite(SqliteSite site) : AuditTests(site), IClassFixture<SqliteSite>;

public sealed class AuditOnMariaDb(MariaDbSite site) : AuditTests(site), IClassFixture<MariaDbSite>;
