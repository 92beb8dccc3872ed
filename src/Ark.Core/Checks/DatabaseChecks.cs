using System.Text.RegularExpressions;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>The customer's database that holds the metadata. They hold in VM mode too where a site has one.</summary>
public static partial class DatabaseChecks
{
    private static readonly string[] Rights = ["ALTER", "CREATE", "DELETE", "DROP", "INDEX", "INSERT", "SELECT", "UPDATE"];

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
        OfDatabase("database-rights", "The account may make and change tables in the customer's MySQL", (scope, database) =>
        {
            var held = database.Grants.Select(g => Everywhere().Match(g)).Where(m => m.Success)
                .SelectMany(m => m.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
            var user = scope.Site.Metadb!.User;
            var missing = held.Overlaps(["ALL PRIVILEGES", "ALL"]) ? [] : Rights.Where(r => !held.Contains(r)).ToList();
            return missing.Count == 0
                ? Pass($"{user} has {(held.Overlaps(["ALL PRIVILEGES", "ALL"]) ? "all rights" : string.Join(", ", Rights))} everywhere")
                : Fail($"{user} lacks {string.Join(", ", missing)}", $"{string.Join(", ", Rights)} on *.*", "The account was made for something smaller.",
                    $"GRANT {string.Join(", ", missing)} ON *.* TO '{user}'@'%'");
        }),
    ];

    private static Check OfDatabase(string id, string title, Func<CheckScope, DatabaseFacts, Finding> judge) =>
        new Check(id, 13, CheckGroup.Database, title, scope => [scope.Database switch
        {
            null => Unknown("the database was not asked", "Nothing connected to it in this run.", $"ark check --only {id}"),
            { Problem: { } problem } => Unknown("the database did not answer", problem.Message, problem.Remedy),
            { } database => judge(scope, database),
        }]).Unless(Arises.WithCustomersDatabase);

    /// <summary>MariaDB calls itself <c>5.5.5-10.11.6-MariaDB</c> to old clients: what follows counts.</summary>
    private static (int Major, int Minor)? VersionOf(string version) =>
        SystemChecks.Number(version.StartsWith("5.5.5-", StringComparison.Ordinal) && version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase) ? version[6..] : version);

    [GeneratedRegex(@"\AGRANT (.+) ON \*\.\* TO ", RegexOptions.IgnoreCase)]
    private static partial Regex Everywhere();
}
