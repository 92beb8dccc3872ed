using System.Reflection;
using FluentMigrator.Runner;
using LinqToDB;
using LinqToDB.Data;
using LinqToDB.DataProvider.MySql;
using LinqToDB.DataProvider.SQLite;
using LinqToDB.Mapping;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MySqlConnector;

namespace Ark.Web.Data;

/// <summary>
/// Where a web host keeps its data: SQLite in one file, or MySQL/MariaDB where several hosts share it. Which one, the connection string says:
/// <c>Server=…</c> is MySQL, <c>Data Source=…</c> is SQLite. One mapping and one set of migrations serve both.
/// </summary>
public sealed class Database
{
    private readonly string _connection;
    private readonly DataOptions _options;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public Database(string connection)
    {
        IsMySql = connection.Contains("Server=", StringComparison.OrdinalIgnoreCase) || connection.Contains("Host=", StringComparison.OrdinalIgnoreCase);
        _connection = IsMySql ? MySql(connection) : Sqlite(connection);
        var options = IsMySql
            ? new DataOptions().UseMySql(_connection, MySqlVersion.AutoDetect, MySqlProvider.MySqlConnector)
            : new DataOptions().UseSQLite(_connection, SQLiteProvider.Microsoft);
        _options = options.UseMappingSchema(Mapping());
    }

    public bool IsMySql { get; }

    public ArkDb Open() => new(_options, _turn);

    /// <summary>Brings the tables up to date. On MySQL one host migrates, others that start meanwhile wait for it.</summary>
    public void Migrate(params Assembly[] migrations) => Migrate(long.MaxValue, migrations);

    /// <param name="version">The last migration that is done.</param>
    public void Migrate(long version, params Assembly[] migrations) => Alone("ark-migrations", () =>
    {
        if (!IsMySql)
            MakeFile();
        using var db = Open();
        db.Execute(IsMySql ? "ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin" : "PRAGMA journal_mode=WAL"); // names compare as in SQLite: exactly
        MigrateUp(version, migrations);
        if (IsMySql)
            ToUnicode(db);
    });

    /// <summary>Readable by nobody else, whatever folder it stands in.</summary>
    private void MakeFile()
    {
        var file = new SqliteConnectionStringBuilder(_connection).DataSource;
        if (!File.Exists(file))
            File.Open(file, new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
    }

    private void MigrateUp(long version, Assembly[] migrations)
    {
        using var services = new ServiceCollection().AddFluentMigratorCore().ConfigureRunner(Runner).BuildServiceProvider();
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp(version);

        void Runner(IMigrationRunnerBuilder runner)
        {
            _ = IsMySql ? runner.AddMySql8() : runner.AddSQLite();
            runner.WithGlobalConnectionString(_connection).ScanIn(migrations).For.Migrations();
        }
    }

    /// <summary>The migrations' text columns become NVARCHAR, which there holds half of Unicode and compares without case.</summary>
    private static void ToUnicode(ArkDb db)
    {
        var tables = db.Query<string>("SELECT DISTINCT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME <> 'utf8mb4_bin'").ToList();
        foreach (var table in tables)
            db.Execute($"ALTER TABLE `{table}` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
    }

    /// <summary>While no other host that shares the database does the same.</summary>
    public void Alone(string what, Action action)
    {
        if (!IsMySql)
        {
            action();
            return;
        }

        using var guard = Open();
        guard.Execute($"SELECT GET_LOCK('{what}', 120)");
        try
        {
            action();
        }
        finally
        {
            guard.Execute($"DO RELEASE_LOCK('{what}')"); // it is the server's, and the connection stays open in its pool
        }
    }

    private static string MySql(string connection) =>
        new MySqlConnectionStringBuilder(connection) { AllowUserVariables = true, DateTimeKind = MySqlDateTimeKind.Utc }.ConnectionString;

    private static string Sqlite(string connection)
    {
        var builder = new SqliteConnectionStringBuilder(connection) { ForeignKeys = true };
        if (Path.GetDirectoryName(Path.GetFullPath(builder.DataSource)) is { } folder)
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return builder.ConnectionString;
    }

    private static MappingSchema Mapping()
    {
        var mapping = new MappingSchema("ark");
        mapping.SetDefaultFromEnumType(typeof(Enum), typeof(string));
        return mapping;
    }
}
