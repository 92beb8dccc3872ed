using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB.Data;

namespace Ark.Web.Backup;

/// <summary>
/// Writes the whole database into one archive, as it was at one moment: changes may go on meanwhile. The file can be read by its owner only, as it holds hashes of
/// passwords, and the keys that open cookies and channels' secrets.
/// </summary>
public static class WriteBackup
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>What was written, and what the audit's chain is like in it.</returns>
    /// <exception cref="BackupException">The file exists, or there is nothing to back up.</exception>
    public static async Task<(BackupManifest Manifest, ReadAudit.Verdict Audit)> RunAsync(
        Database database, string product, TimeProvider time, string file, CancellationToken cancellation)
    {
        file = Path.GetFullPath(file);
        if (Path.Exists(file))
            throw new BackupException("file-exists", file, "The file exists already.", "name another, or move it away");
        if (!Directory.Exists(Path.GetDirectoryName(file)))
            throw new BackupException("no-folder", file, "There is no such folder.", "make it first");
        var work = $"{file}.{Guid.NewGuid():n}";
        Directory.CreateDirectory(work, OwnerOnly | UnixFileMode.UserExecute);
        try
        {
            var (manifest, verdict) = await DumpAsync(database, product, time, work, cancellation);
            await PackAsync(manifest, work, cancellation);
            await ReadBackup.CheckAsync(Path.Combine(work, "archive"), product, cancellation); // what cannot be read is no backup
            File.Move(Path.Combine(work, "archive"), file);
            return (manifest, verdict);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<(BackupManifest Manifest, ReadAudit.Verdict Audit)> DumpAsync(
        Database database, string product, TimeProvider time, string work, CancellationToken cancellation)
    {
        await using var db = database.Open();
        Freeze(db, database.IsMySql);
        try
        {
            var migrations = TableRows.Migrations(db, database.IsMySql);
            if (migrations.Count == 0)
                throw new BackupException("no-database", "", "The database has no tables: there is nothing to back up.", "is the setting ConnectionStrings:Ark that of the service?");
            List<BackupTable> tables = [];
            foreach (var (name, columns) in TableRows.Tables(db, database.IsMySql))
                tables.Add(await TableAsync(db, database.IsMySql, name, columns, Path.Combine(work, name), cancellation));
            var verdict = (await ReadAudit.VerifyAsync(db, Actor.Host, cancellation)).Value!;
            return (new() { Format = BackupManifest.FormatName, Product = product, At = time.Now(), Migrations = migrations, Tables = tables }, verdict);
        }
        finally
        {
            db.Execute("ROLLBACK"); // the connection goes back to the pool
        }
    }

    /// <summary>From here on the connection sees one moment; others write on.</summary>
    private static void Freeze(ArkDb db, bool isMySql)
    {
        if (isMySql)
        {
            db.Execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            db.Execute("START TRANSACTION WITH CONSISTENT SNAPSHOT");
        }
        else
        {
            db.Execute("BEGIN");
        }
    }

    private static async Task<BackupTable> TableAsync(ArkDb db, bool isMySql, string name, IReadOnlyList<string> columns, string file, CancellationToken cancellation)
    {
        await using var stream = New(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var reader = await db.ExecuteReaderAsync(TableRows.Select(name, columns, isMySql), cancellation);
        using var line = new MemoryStream();
        var rows = 0L;
        for (; await reader.Reader!.ReadAsync(cancellation); rows++)
        {
            line.SetLength(0);
            await using (var json = new Utf8JsonWriter(line, Plain))
            {
                json.WriteStartArray();
                for (var column = 0; column < columns.Count; column++)
                    TableRows.Write(json, reader.Reader.GetValue(column));
                json.WriteEndArray();
            }

            line.WriteByte((byte)'\n');
            hash.AppendData(line.GetBuffer(), 0, (int)line.Length);
            await stream.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), cancellation);
        }

        return new(name, columns, rows, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task PackAsync(BackupManifest manifest, string work, CancellationToken cancellation)
    {
        await using var file = New(Path.Combine(work, "archive"));
        await using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
        await using (var tar = new TarWriter(gzip, TarEntryFormat.Pax))
        {
            var head = JsonSerializer.SerializeToUtf8Bytes(manifest, new JsonSerializerOptions(Differences.Json) { WriteIndented = true });
            await tar.WriteEntryAsync(Entry(BackupManifest.FileName, new MemoryStream(head), manifest.At), cancellation);
            foreach (var table in manifest.Tables)
            {
                await using var rows = File.OpenRead(Path.Combine(work, table.Name));
                await tar.WriteEntryAsync(Entry(table.Entry, rows, manifest.At), cancellation);
            }
        }

        file.Flush(flushToDisk: true);
    }

    private static PaxTarEntry Entry(string name, Stream content, DateTimeOffset at) =>
        new(TarEntryType.RegularFile, name) { DataStream = content, Mode = OwnerOnly, ModificationTime = at };

    private static FileStream New(string file) =>
        new(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly, BufferSize = 1 << 16 });
}
