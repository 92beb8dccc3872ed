using System.Net;
using System.Net.Sockets;
using Ark.Core.Checks;
using Ark.Core.Sites;
using Ark.Remote.Checks;
using Ark.Testing.Ssh;
using Ark.Tests.Console;
using MySqlConnector;
using Xunit;

namespace Ark.Tests.Checks;

/// <summary>Two databases: one as it should be, one as it should not.</summary>
public sealed class CustomersDatabases : IAsyncLifetime
{
    public TestMariaDb Good { get; private set; } = null!;

    public TestMariaDb Bad { get; private set; } = null!;

    public int GoodPort { get; } = TestSshd.FreePort();

    public int BadPort { get; } = TestSshd.FreePort();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestMariaDb.Missing is not null, TestMariaDb.Missing ?? "");
        Good = await TestMariaDb.StartAsync([], "127.0.0.1", GoodPort, "TLSv1.2,TLSv1.3", "--lower-case-table-names=1", "--character-set-server=utf8mb4");
        Bad = await TestMariaDb.StartAsync([], "127.0.0.1", BadPort, "TLSv1.1", "--lower-case-table-names=0", "--character-set-server=latin1");
    }

    public async ValueTask DisposeAsync()
    {
        if (Good is not null) await Good.DisposeAsync();
        if (Bad is not null) await Bad.DisposeAsync();
    }
}

/// <summary>What a real database tells, and what the checks make of it.</summary>
public sealed class CustomersDatabaseTests(CustomersDatabases databases) : IClassFixture<CustomersDatabases>
{
    private const string Password = "pass;word='\"`4417";

    private static readonly TimeSpan Patient = TimeSpan.FromMinutes(2);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_and_an_account_as_they_should_be_pass_over_tls()
    {
        await databases.Good.RunAsync($"CREATE USER dba@'%' IDENTIFIED BY {Sql(Password)} REQUIRE SSL; GRANT ALL ON *.* TO dba@'%' WITH GRANT OPTION");

        var facts = await AskAsync("dba", databases.GoodPort);

        Assert.Null(facts.Problem);
        Assert.Contains("MariaDB", facts.Version, StringComparison.Ordinal);
        Assert.Equal("GRANT ALL PRIVILEGES ON *.* TO `dba`@`%` REQUIRE SSL WITH GRANT OPTION", Assert.Single(facts.Grants));
        Assert.Equal([("database-version", Verdict.Pass), ("database-characters", Verdict.Pass), ("database-names", Verdict.Pass), ("database-rights", Verdict.Pass)], Verdicts("dba", facts));
    }

    [Fact]
    public async Task What_an_account_lacks_is_named_and_the_remedy_is_what_makes_the_deployment_possible()
    {
        await databases.Good.RunAsync($"CREATE USER small@'127.0.0.%' IDENTIFIED BY {Sql(Password)}; GRANT SELECT, INSERT, CREATE ON *.* TO small@'127.0.0.%'; GRANT ALL ON mw.* TO small@'127.0.0.%'");

        var finding = Judge("small", await AskAsync("small", databases.GoodPort)).Single(r => r.Id == "database-rights");

        Assert.Equal(Verdict.Fail, finding.Result);
        Assert.StartsWith("small lacks ALTER, ALTER ROUTINE, CREATE ROUTINE, ", finding.Evidence, StringComparison.Ordinal);
        Assert.EndsWith(" ON *.* TO 'small'@'127.0.0.%' WITH GRANT OPTION", finding.Remedy, StringComparison.Ordinal);
        await Assert.ThrowsAsync<MySqlException>(() => DeployAsync("small"));
        await databases.Good.RunAsync(finding.Remedy);
        Assert.Contains(("database-rights", Verdict.Pass), Verdicts("small", await AskAsync("small", databases.GoodPort)));
        await DeployAsync("small");
    }

    [Fact]
    public async Task Latin_and_table_names_with_case_fail_and_tls_of_old_is_no_obstacle()
    {
        await databases.Bad.RunAsync($"CREATE USER old@'127.0.0.1' IDENTIFIED BY {Sql(Password)}; GRANT ALL ON *.* TO old@'127.0.0.1' WITH GRANT OPTION");

        var facts = await AskAsync("old", databases.BadPort);

        Assert.Equal(("latin1", 0), (facts.CharacterSet, facts.LowerCaseTableNames));
        Assert.Equal([("database-version", Verdict.Pass), ("database-characters", Verdict.Fail), ("database-names", Verdict.Fail), ("database-rights", Verdict.Pass)], Verdicts("old", facts));
    }

    [Fact]
    public async Task Whoever_is_not_let_in_is_told_from_which_host_he_came()
    {
        await databases.Good.RunAsync($"CREATE USER known@'%' IDENTIFIED BY {Sql(Password)}");
        await databases.Bad.RunAsync("CREATE USER elsewhere@'192.0.2.1' IDENTIFIED BY 'x'");

        var wrong = (await AskAsync("known", databases.GoodPort, "not " + Password)).Problem!;
        Assert.Equal(("database-auth", $"127.0.0.1:{databases.GoodPort}"), (wrong.Code, wrong.Place));
        Assert.Contains("correct metadb_user and metadb_password", wrong.Remedy, StringComparison.Ordinal);
        Assert.Contains("CREATE USER 'known'@'127.0.0.1'", wrong.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, wrong.ToString(), StringComparison.Ordinal);

        await databases.Bad.RunAsync("DROP USER IF EXISTS old@'127.0.0.1'; DELETE FROM mysql.global_priv WHERE Host IN ('127.0.0.1', '%'); FLUSH PRIVILEGES");
        var foreign = (await AskAsync("elsewhere", databases.BadPort)).Problem!;
        Assert.Equal("database-host", foreign.Code);
        Assert.Contains("CREATE USER 'elsewhere'@'127.0.0.1'", foreign.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_database_answers_the_reason_is_told()
    {
        using var web = new TcpListener(IPAddress.Loopback, 0);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        web.Start();
        silent.Start();
        var answering = AnswerAsync(web);

        Assert.Equal("database-refused", (await AskAsync("ark", TestSshd.FreePort())).Problem!.Code);
        Assert.Equal("database-foreign", (await AskAsync("ark", Port(web))).Problem!.Code);
        var slow = await CustomersDatabase.AskAsync(new("127.0.0.1", Port(silent), "ark", null), new(Password), TimeSpan.FromSeconds(1), Token);
        Assert.Equal("database-timeout", slow.Problem!.Code);
        Assert.Contains("within 1 s", slow.Problem.Message, StringComparison.Ordinal);
        Assert.Equal("database-name-unknown", (await CustomersDatabase.AskAsync(new("no-such-database.invalid", 3306, "ark", null), new(Password), Patient, Token)).Problem!.Code);
        Assert.All(Verdicts("ark", slow), v => Assert.Equal(Verdict.CouldNotCheck, v.Result));
        await answering;
    }

    private static async Task AnswerAsync(TcpListener web)
    {
        using var client = await web.AcceptTcpClientAsync(Token);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"u8.ToArray(), Token);
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static string Sql(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    private static Task<DatabaseFacts> AskAsync(string user, int port, string password = Password) =>
        CustomersDatabase.AskAsync(new("127.0.0.1", port, user, null), new(password), Patient, Token);

    /// <summary>What the deployment does there.</summary>
    private async Task DeployAsync(string user)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder { Server = "127.0.0.1", Port = (uint)databases.GoodPort, UserID = user, Password = Password, Pooling = false, AllowUserVariables = true }.ConnectionString);
        await connection.OpenAsync(Token);
        await using var command = new MySqlCommand("CREATE DATABASE IF NOT EXISTS mw CHARACTER SET utf8mb4; CREATE USER IF NOT EXISTS app@'%'; ALTER USER app@'%' IDENTIFIED BY 'x'; GRANT ALL PRIVILEGES ON mw.* TO app@'%'", connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static IReadOnlyList<CheckResult> Judge(string user, DatabaseFacts facts)
    {
        var scope = SampleChecks.Scope;
        return CheckReport.Of(scope with { Site = scope.Site with { Metadb = new ExternalDatabase("127.0.0.1", 3306, user, null) }, Database = facts }, DatabaseChecks.All).Results;
    }

    private static IEnumerable<(string Id, Verdict Result)> Verdicts(string user, DatabaseFacts facts) => Judge(user, facts).Select(r => (r.Id, r.Result));
}
