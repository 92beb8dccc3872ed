using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Core.Sites;
using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using Ark.Web.Tests.Hosts;
using LinqToDB;
using LinqToDB.Async;
using Xunit;

namespace Ark.Web.Tests.Kills;

/// <summary>
/// Panama is ended by kill -9 at random moments while several people write, and started again, on one SQLite file. What was acknowledged is there; what was
/// not is there wholly or not at all; the record tells of exactly what is there.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int People = 6;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-kills-");
    private readonly Random _random = new();
    private readonly ConcurrentQueue<(string Subject, JsonNode After)> _acknowledged = [];
    private readonly List<(string Subject, JsonNode? After)> _record = [];
    private int _marks, _kept, _packages;
    private string _refused = "";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One more kind of write: a line here. Each gives the subject under which the record has it, and the answer, which the record has as well.</summary>
    private IReadOnlyList<Func<Caller, Task<(string Subject, Reply Reply)>>> Writes => [SaveTaskAsync, SaveTaskAsync, MakeTaskAsync, MoveTaskAsync, PackageTaskAsync, PackageTaskAsync, MakeCustomerAsync];

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public Task Killed_five_times_while_people_save_nothing_acknowledged_is_lost_and_nothing_is_torn() => KillAsync(5);

    [Fact]
    [Trait("campaign", "panama-kills")]
    public Task Killed_a_hundred_times_while_people_save_nothing_acknowledged_is_lost_and_nothing_is_torn() => KillAsync(100);

    private async Task KillAsync(int times)
    {
        var panama = await PanamaProcess.StartAsync(_folder.FullName);
        try
        {
            var admin = await panama.SetUpAsync();
            await admin.PostAsync("customers", new { name = "Shop" });
            for (var number = 0; number < People; number++)
                await PackageTaskAsync(admin, (await MakeTaskAsync(admin)).Reply);
            var token = await PanamaProcess.TokenAsync(panama.Url);
            for (var kill = 1; kill <= times; kill++)
            {
                await WriteUntilKilledAsync(panama, token, packaged: kill % 2 == 1);
                await panama.DisposeAsync();
                await JudgeAsync(kill);
                panama = await PanamaProcess.StartAsync(_folder.FullName);
                var verdict = await new Caller(panama.Url, token).GetAsync("audit/verify");
                Assert.True(verdict.Json.GetProperty("whole").GetBoolean(), $"After kill {kill}: {verdict.Body}");
            }
        }
        finally
        {
            await panama.DisposeAsync();
        }

        Assert.True(_packages > 0, $"Nothing was packaged: {_refused}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{times} kills, {_kept} acknowledged writes, {_packages} packages, {_record.Count} entries on record");
    }

    /// <summary>Kills once something was acknowledged, or a package was, and some more time has gone.</summary>
    private async Task WriteUntilKilledAsync(PanamaProcess panama, string token, bool packaged)
    {
        var something = new TaskCompletionSource();
        var people = Enumerable.Range(0, People).Select(person => Task.Run(async () =>
        {
            var random = new Random(person + _marks);
            var caller = new Caller(panama.Url, token);
            try
            {
                while (true)
                {
                    var (subject, reply) = await Writes[random.Next(Writes.Count)](caller);
                    if (reply.Status != System.Net.HttpStatusCode.OK)
                    {
                        _refused = reply.Status == System.Net.HttpStatusCode.Conflict ? _refused : reply.Body;
                        continue; // somebody was faster
                    }

                    _acknowledged.Enqueue((subject, JsonNode.Parse(reply.Body)!));
                    if (!packaged || reply.Body.Contains("\"state\":\"packaged\"", StringComparison.Ordinal))
                        something.TrySetResult();
                }
            }
            catch (HttpRequestException)
            {
                // killed: whether the last one was written, the answer did not say
            }
        }, Cancellation)).ToList();
        await something.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        await Task.Delay(_random.Next(400), Cancellation);
        await panama.KillAsync();
        await Task.WhenAll(people);
    }

    /// <summary>What stands in the file, read without Panama.</summary>
    private async Task JudgeAsync(int kill)
    {
        await using var db = new Database($"Data Source={_folder.FullName}/.ark/panama/panama.db").Open();
        var added = await db.GetTable<AuditEntry>().Where(e => e.Id > _record.Count).OrderBy(e => e.Id).ToListAsync(Cancellation);
        _record.AddRange(added.Select(e => (e.Subject, JsonNode.Parse(e.After ?? "null"))));
        var record = _record.ToLookup(e => e.Subject, e => e.After);
        for (; _acknowledged.TryDequeue(out var write); _kept++)
            Assert.True(record[write.Subject].Any(r => JsonNode.DeepEquals(r, write.After)), $"After kill {kill} the record has no {write.After.ToJsonString()}");

        var customers = await db.GetTable<Customer>().ToListAsync(Cancellation);
        var names = customers.ToDictionary(c => c.Id, c => c.Name);
        foreach (var customer in customers)
            AssertStands(kill, record[$"customer:{customer.Id}"], customer);
        foreach (var task in await db.GetTable<DeploymentTask>().ToListAsync(Cancellation))
        {
            var view = ShowTask.Of(task, names[task.CustomerId]);
            AssertStands(kill, record[$"task:{task.Id}"], view);
            Assert.Equal(task.Version, record[$"task:{task.Id}"].Count(r => r!["variables"] is not null));
            var mark = view.Variables["region"];
            Assert.Equal((mark, mark, $"Task {mark}"), (view.Variables["machine_user"], view.Variables["ntp_server"], view.Name));
        }

        await JudgePackagesAsync(db);
        Assert.Equal(record.Count(s => s.Key.StartsWith("task:", StringComparison.Ordinal)), await db.GetTable<DeploymentTask>().CountAsync(Cancellation));
        Assert.Equal(record.Count(s => s.Key.StartsWith("customer:", StringComparison.Ordinal)), customers.Count);
    }

    /// <summary>Every package on record is there whole, and no other.</summary>
    private async Task JudgePackagesAsync(ArkDb db)
    {
        var recorded = _record.Where(r => r.After?["sha256"] is not null).Select(r => $"{r.Subject} {r.After!["number"]} {r.After["sha256"]}");
        var packages = await db.GetTable<TaskPackage>().ToListAsync(Cancellation);
        Assert.Equal(recorded.Order(StringComparer.Ordinal), packages.Select(p => $"task:{p.TaskId} {p.Number} {Convert.ToHexStringLower(SHA256.HashData(p.Archive))}").Order(StringComparer.Ordinal));
        Assert.All(packages, p => Assert.True(SiteReader.Read(p.Properties, "ark.properties").Ok, p.Properties));
        _packages = packages.Count;
    }

    private static void AssertStands(int kill, IEnumerable<JsonNode?> record, object stands)
    {
        var (last, node) = (record.Last(), JsonSerializer.SerializeToNode(stands, Differences.Json)!);
        Assert.True(JsonNode.DeepEquals(last, node), $"After kill {kill} stands {node.ToJsonString()}, and the record says {last?.ToJsonString()}");
    }

    private async Task<(string Subject, Reply Reply)> MakeTaskAsync(Caller caller)
    {
        var reply = await caller.PostAsync("tasks", Body(0));
        return ($"task:{(reply.Status == System.Net.HttpStatusCode.OK ? reply.Id : 0)}", reply);
    }

    private async Task<(string, Reply)> SaveTaskAsync(Caller caller)
    {
        var task = await AnyTaskAsync(caller);
        return ($"task:{task.Id}", await caller.PutAsync($"tasks/{task.Id}", Body(task.Version)));
    }

    private async Task<(string, Reply)> MoveTaskAsync(Caller caller)
    {
        var task = await AnyTaskAsync(caller);
        var state = task.Json.GetProperty("state").GetString();
        if (state == "confirmed")
            return await PackageTaskAsync(caller, task); // packages take longest: nothing else is done to a confirmed task
        var to = state == "draft" ? "archived" : "draft";
        return ($"task:{task.Id}", await caller.PutAsync($"tasks/{task.Id}/state", new { state = to, version = task.Version }));
    }

    /// <summary>One step on the way of a task to its next package.</summary>
    private static async Task<(string, Reply)> PackageTaskAsync(Caller caller) => await PackageTaskAsync(caller, await AnyTaskAsync(caller));

    private static async Task<(string, Reply)> PackageTaskAsync(Caller caller, Reply task)
    {
        var (path, version, state) = ($"tasks/{task.Id}", task.Version, task.Json.GetProperty("state").GetString());
        if (state == "confirmed")
        {
            var made = await caller.PostAsync($"{path}/package", new { version });
            return ($"task:{task.Id}", made.Status == System.Net.HttpStatusCode.OK ? made with { Body = made.Json.GetProperty("task").GetRawText() } : made);
        }

        var designed = task.Json.GetProperty("design").GetProperty("components").EnumerateObject().Any();
        return ($"task:{task.Id}", designed || state != "draft"
            ? await caller.PutAsync($"{path}/state", new { state = state == "draft" ? "confirmed" : "draft", version })
            : await caller.PutAsync($"{path}/design", new { design = new { purpose = "poc", components = new { cache = new { } } }, version }));
    }

    private async Task<(string, Reply)> MakeCustomerAsync(Caller caller)
    {
        var reply = await caller.PostAsync("customers", new { name = $"Customer {NewMark()}", notes = new string('n', 2000) });
        return ($"customer:{(reply.Status == System.Net.HttpStatusCode.OK ? reply.Id : 0)}", reply);
    }

    /// <summary>One of the first few, so that people meet.</summary>
    private static Task<Reply> AnyTaskAsync(Caller caller) => caller.GetAsync($"tasks/{1 + Random.Shared.Next(People)}");

    /// <summary>What one save writes bears one mark everywhere.</summary>
    private object Body(int version)
    {
        var mark = NewMark();
        var variables = new Dictionary<string, string>
        {
            ["region"] = mark, ["machine_user"] = mark, ["ntp_server"] = mark, ["machine_ips"] = string.Join(',', Enumerable.Range(1, 200).Select(n => $"10.0.0.{n}")),
            ["mode"] = "vm", ["client_ip"] = "10.0.0.1", ["docker_dir"] = "/data/docker", ["registry_dir"] = "/var/images", ["internet"] = "no",
        };
        return new { customerId = 1, name = $"Task {mark}", domain = "kills.example", line = "3.1", baseline = "open-3.1", variables, version };
    }

    private string NewMark() => "m" + Interlocked.Increment(ref _marks).ToString(CultureInfo.InvariantCulture);
}
