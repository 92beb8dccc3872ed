using System.Data.Common;
using System.Reflection;
using Ark.Web.Accounts;
using Ark.Web.Audit;
using Ark.Web.Data;
using FluentMigrator;
using LinqToDB;
using LinqToDB.Async;
using LinqToDB.Data;

namespace Ark.Web.Backup;

/// <summary>
/// Puts a backup into a database, all of it or nothing: the archive is read to its end first, then everything happens in one transaction. Into a database without data a
/// backup of an earlier version goes too, and is brought up to date. The restore itself is the last entry of the audit.
/// </summary>
public static class RestoreBackup
{
    /// <param name="replace">Data that is there is thrown away.</param>
    /// <param name="migrations">Where the host's tables are made.</param>
    /// <exception cref="BackupException">The backup or the database is not as it must be.</exception>
    public static async Task<(BackupManifest Manifest, ReadAudit.Verdict Audit)> RunAsync(
        Database database, string product, TimeProvider time, string file, bool replace, IReadOnlyList<Assembly> migrations, CancellationToken cancellation)
    {
        var manifest = await ReadBackup.CheckAsync(file, product, cancellation);
        CheckVersions(file, manifest, Known(migrations));
        if (await HasTablesAsync(database) is false)
            database.Migrate(manifest.Migrations.Max(), [.. migrations]);
        ReadAudit.Verdict verdict;
        await using (var db = database.Open())
        {
            await CheckTargetAsync(db, database.IsMySql, manifest, replace, cancellation);
            verdict = await FillAsync(db, database.IsMySql, time, file, manifest, replace, cancellation);
        }

        database.Migrate([.. migrations]);
        return (manifest, verdict);
    }

    private static IReadOnlyList<long> Known(IReadOnlyList<Assembly> assemblies) =>
        [.. assemblies.SelectMany(a => a.GetTypes()).Select(t => t.GetCustomAttribute<MigrationAttribute>()?.Version).OfType<long>().Order()];

    private static void CheckVersions(string file, BackupManifest manifest, IReadOnlyList<long> known)
    {
        if (manifest.Migrations.Count == 0 || !manifest.Migrations.SequenceEqual(known.Where(v => v <= manifest.Migrations.Max())))
            throw new BackupException("other-version", file, "The backup was made by a version that this one does not know.", "restore it with the version that made it, or a later one");
    }

    private static async Task<bool> HasTablesAsync(Database database)
    {
        await using var db = database.Open();
        return TableRows.Migrations(db, database.IsMySql).Count > 0;
    }

    private static async Task CheckTargetAsync(ArkDb db, bool isMySql, BackupManifest manifest, bool replace, CancellationToken cancellation)
    {
        if (!replace && (await db.GetTable<AuditEntry>().AnyAsync(cancellation) || await db.GetTable<Account>().AnyAsync(cancellation)))
            throw new BackupException("database-not-empty", "", "The database holds data already.", "restore into an empty one, or throw its data away with --replace");
        if (!TableRows.Migrations(db, isMySql).SequenceEqual(manifest.Migrations))
            throw new BackupException("other-version", "", "The tables of the database are of another version than the backup.", "restore into a database that does not exist yet: it is brought up to date afterwards");
        var there = TableRows.Tables(db, isMySql);
        if (!there.Keys.SequenceEqual(manifest.Tables.Select(t => t.Name)) || manifest.Tables.Any(t => !there[t.Name].SequenceEqual(t.Columns)))
            throw new BackupException("other-tables", "", "The tables of the database are not those of the backup.");
    }

    private static async Task<ReadAudit.Verdict> FillAsync(
        ArkDb db, bool isMySql, TimeProvider time, string file, BackupManifest manifest, bool replace, CancellationToken cancellation)
    {
        if (isMySql)
            await db.ExecuteAsync("SET FOREIGN_KEY_CHECKS = 0", cancellation); // until the connection is closed: the backup is of one moment
        try
        {
            await using var transaction = await db.BeginWriteAsync(cancellation);
            if (!isMySql)
                await db.ExecuteAsync("PRAGMA defer_foreign_keys = ON", cancellation);
            await CheckTargetAsync(db, isMySql, manifest, replace, cancellation); // once more: now nobody else writes
            foreach (var table in manifest.Tables)
                await db.ExecuteAsync($"DELETE FROM {TableRows.Quote(table.Name, isMySql)}", cancellation);
            await foreach (var (table, values) in ReadBackup.RowsAsync(file, manifest, cancellation))
            {
                var parameters = values.Select((v, i) => new DataParameter($"p{i}", v)).ToArray();
                await db.ExecuteAsync(TableRows.Insert(table.Name, table.Columns, isMySql), cancellation, parameters);
            }

            var verdict = (await ReadAudit.VerifyAsync(db, Actor.Host, cancellation)).Value!;
            await AuditLog.AppendAsync(db, Actor.Host, time, "restored", "backup", null, new { manifest.At, Rows = manifest.Tables.Sum(t => t.Rows) }, cancellation);
            await transaction.CommitAsync(cancellation);
            return verdict;
        }
        catch (DbException e)
        {
            throw new BackupException("not-restored", file, $"The database takes a row of the backup not: {e.Message}");
        }
        finally
        {
            if (isMySql)
                await db.ExecuteAsync("SET FOREIGN_KEY_CHECKS = 1", CancellationToken.None);
        }
    }
}
