using Ark.Panama.Data;
using Ark.Panama.Features.Tasks;
using Ark.Web.Accounts;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Data;

namespace Ark.Bench.Panama;

/// <summary>10,000 tasks of 500 customers, one account that sees all and one that sees fifty. The tables are there already.</summary>
internal static class Seed
{
    public const int Customers = 500;
    public const int Tasks = 10_000;
    public const int Seen = 50;
    public const string Everybody = "ark_bench-everybody";
    public const string Some = "ark_bench-some";

    private static readonly string[] Places = ["Harbour", "North Gate", "River", "Lakeside", "Old Town", "Airport", "方舟", "上海", "深圳", "Terminal"];
    private static readonly string[] Matters = ["rollout", "extension", "renewal", "test site", "second room", "上线"];

    public static async Task FillAsync(string connection)
    {
        await using var db = new Database(connection).Open();
        await using var transaction = await db.BeginTransactionAsync();
        var at = DateTimeOffset.UtcNow.AddDays(-Tasks / 24);
        await db.GetTable<Customer>().BulkCopyAsync(new BulkCopyOptions { KeepIdentity = true }, Enumerable.Range(1, Customers).Select(n => new Customer
        {
            Id = n, Name = $"{Places[n % Places.Length]} customer {n}", Contact = $"person-{n}@example.com", UpdatedAt = at, UpdatedBy = "bench",
        }));
        await db.GetTable<DeploymentTask>().BulkCopyAsync(new BulkCopyOptions { KeepIdentity = true }, Enumerable.Range(1, Tasks).Select(n => Task(n, at.AddHours(n))));
        await AccountAsync(db, "everybody", allCustomers: true, Everybody);
        var some = await AccountAsync(db, "some", allCustomers: false, Some);
        await db.GetTable<AccountCustomer>().BulkCopyAsync(Enumerable.Range(1, Seen).Select(n => new AccountCustomer { AccountId = some, CustomerId = n }));
        await transaction.CommitAsync();
    }

    public static string NameOf(int task) => $"{Places[task % Places.Length]} {Matters[task % Matters.Length]} {task}";

    public static string DomainOf(int task) => $"site-{task / 2}.example";

    public static Dictionary<string, string> VariablesOf(int task) => new()
    {
        ["mode"] = "vm", ["machine_ips"] = string.Join('\n', Enumerable.Range(1, 24).Select(m => $"10.{task / 250}.{task % 250}.{m}")), ["client_ip"] = $"10.{task / 250}.{task % 250}.1",
        ["machine_labels"] = $"{{\"10.{task / 250}.{task % 250}.2\":{{\"nodetype\":\"drds\"}}}}", ["machine_user"] = "deploy",
        ["docker_dir"] = "/data/docker", ["registry_dir"] = "/var/images", ["internet"] = "no", ["ntp_server"] = "10.0.0.1", ["use_container_metadb"] = "yes", ["region"] = "east-1",
    };

    private static DeploymentTask Task(int n, DateTimeOffset at) => new()
    {
        Id = n, CustomerId = 1 + (n % Customers), Name = NameOf(n), Domain = DomainOf(n), Line = "3.0", Baseline = "open-3.0", State = TaskState.Draft,
        Variables = TaskVariables.Write(TaskVariables.Clean(VariablesOf(n))), Search = $"{NameOf(n)} {DomainOf(n)} open-3.0".ToLowerInvariant(), UpdatedAt = at, UpdatedBy = "bench",
    };

    private static async Task<long> AccountAsync(ArkDb db, string name, bool allCustomers, string token)
    {
        var account = new Account { Name = name, Display = name, Role = allCustomers ? Role.Administrator : Role.Engineer, AllCustomers = allCustomers, PasswordHash = Passwords.Hash(new(FirstPage.Password)), Stamp = Passwords.Random(16), CreatedAt = DateTimeOffset.UtcNow };
        var id = await db.InsertWithInt64IdentityAsync(account);
        await db.InsertAsync(new ApiToken { AccountId = id, Name = "bench", Hash = Passwords.HashOfToken(token), Scope = Role.Engineer, CreatedAt = DateTimeOffset.UtcNow, ExpiresAt = DateTimeOffset.UtcNow.AddDays(1) });
        return id;
    }
}
