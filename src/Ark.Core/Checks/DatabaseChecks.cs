using System.Text.RegularExpressions;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>The customer's database that holds the metadata. They hold in VM mode too where a site has one.</summary>
public static partial class DatabaseChecks
{
    private const string Everything = "ALL PRIVILEGES", PassOn = "GRANT OPTION";

    /// <summary>One more right in databases that MariaDB has had since 10.3.</summary>
    private const string OfMariaDb = "DELETE HISTORY", OfMariaDbBefore = "DELETE VERSIONING ROWS";

    /// <summary>To make the middleware's databases and its account, and to give that account all rights in them: nobody can give what he does not hold.</summary>
    private static readonly string[] Rights =
    [
        "ALTER", "ALTER ROUTINE", "CREATE", "CREATE ROUTINE", "CREATE TEMPORARY TABLES", "CREATE USER", "CREATE VIEW", "DELETE", "DROP", "EVENT", "EXECUTE", PassOn, "INDEX", "INSERT", "LOCK TABLES",
        "REFERENCES", "SELECT", "SHOW VIEW", "TRIGGER", "UPDATE",
    ];

    public static readonly IReadOnlyList<Check> All =
    [
        OfDatabase("database-version", "The customer's MySQL is 5.6 or later", (_, database) => VersionOf(database.Version) switch
        {
            null => Unknown($"version '{database.Version}'", "The server's version could not be understood.", "SELECT VERSION()"),
            { } version when version.CompareTo((5, 6)) >= 0 => Pass(database.Version),
            _ => Fail(database.Version, "5.6 or later", "The server is older than what the components were made for.", "ask whoever keeps the database for a newer server"),
        }),
        OfDatabase("database-characters", "The customer's MySQL uses UTF-8", (_, database) => database.CharacterSet.StartsWith("utf8", StringComparison.OrdinalIgnoreCase)
            ? Pass(database.CharacterSet)
            : Fail(database.CharacterSet, "utf8mb4", "Chinese names become question marks, and stay so.",
                "write character-set-server=utf8mb4 under [mysqld] in my.cnf, then: systemctl restart mysqld")),
        OfDatabase("database-names", "The customer's MySQL takes table names without regard to case", (_, database) => database.LowerCaseTableNames is 1 or 2
            ? Pass($"lower_case_table_names={database.LowerCaseTableNames}")
            : Fail($"lower_case_table_names={database.LowerCaseTableNames}", "lower_case_table_names=1", "Components write one table's name in several ways.",
                "write lower_case_table_names=1 under [mysqld] in my.cnf, then: systemctl restart mysqld (from MySQL 8 on only when the server is initialised)")),
        OfDatabase("database-rights", "The account may make databases and accounts in the customer's MySQL", (scope, database) => RightsOf(scope.Site.Metadb!.User, database)),
    ];

    private static Check OfDatabase(string id, string title, Func<CheckScope, DatabaseFacts, Finding> judge) =>
        new Check(id, 13, CheckGroup.Database, title, scope => [scope.Database switch
        {
            null => Unknown("the database was not asked", "Nothing connected to it in this run.", $"ark check --only {id}"),
            { Problem: { } problem } => Unknown("the database did not answer", problem.Message, problem.Remedy),
            { } database => judge(scope, database),
        }]).Unless(Arises.WithCustomersDatabase);

    private static Finding RightsOf(string user, DatabaseFacts database)
    {
        var everywhere = database.Grants.Select(g => Everywhere().Match(g)).Where(m => m.Success).ToList();
        var held = everywhere.SelectMany(m => m.Groups["rights"].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (everywhere.Any(m => m.Groups["option"].Success)) held.Add(PassOn);
        var all = held.Overlaps([Everything, "ALL"]);
        List<string> wanted = [.. Rights, .. IsMariaDb(database.Version) && VersionOf(database.Version) is { } version && version.CompareTo((10, 3)) >= 0 && !held.Contains(OfMariaDbBefore) ? [OfMariaDb] : (string[])[]];
        var missing = wanted.Where(r => !held.Contains(r) && (r == PassOn || !all)).ToList();
        if (missing.Count == 0) return Pass($"{user} may make databases and accounts, and give them all rights");

        var host = everywhere.Select(m => m.Groups["host"].Value).FirstOrDefault("%");
        var give = missing.Except([PassOn]).DefaultIfEmpty("USAGE");
        return Fail($"{user} lacks {string.Join(", ", missing)}", $"{string.Join(", ", wanted)} on *.*", "The account was made for something smaller.",
            $"GRANT {string.Join(", ", give)} ON *.* TO '{user}'@'{host}'{(missing.Contains(PassOn) ? " WITH GRANT OPTION" : "")}");
    }

    /// <summary>MariaDB calls itself <c>5.5.5-10.11.6-MariaDB</c> to old clients: what follows counts.</summary>
    private static (int Major, int Minor)? VersionOf(string version) =>
        SystemChecks.Number(version.StartsWith("5.5.5-", StringComparison.Ordinal) && IsMariaDb(version) ? version[6..] : version);

    private static bool IsMariaDb(string version) => version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\AGRANT (?<rights>.+) ON \*\.\* TO (['`""]).*?\1@(['`""])(?<host>.*?)\2(?:.*(?<option> WITH (?:MAX_\w+ \d+ )*GRANT OPTION))?", RegexOptions.IgnoreCase)]
    private static partial Regex Everywhere();
}
