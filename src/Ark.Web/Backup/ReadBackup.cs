using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ark.Web.Answers;

namespace Ark.Web.Backup;

/// <summary>Reads a backup. Whatever is not exactly what <see cref="WriteBackup"/> wrote is refused: cut off, altered, more or less in it.</summary>
public static class ReadBackup
{
    private const int LargestManifest = 1 << 20;

    /// <summary>Reads all of it, to the last row, and keeps nothing but the manifest.</summary>
    /// <exception cref="BackupException">It is damaged, or another product's.</exception>
    public static async Task<BackupManifest> CheckAsync(string file, string product, CancellationToken cancellation)
    {
        if (!File.Exists(file))
            throw new BackupException("no-backup", file, "There is no such file.");
        try
        {
            await CheckLengthAsync(file, cancellation);
            var manifest = await ManifestAsync(file, product, cancellation);
            await foreach (var _ in RowsAsync(file, manifest, cancellation))
            {
            }

            return manifest;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or FormatException or ArgumentException or DecoderFallbackException)
        {
            throw Damaged(file);
        }
    }

    /// <summary>
    /// Row after row, each with its table. After the last one it is certain that nothing was altered: until then what was read must not be kept.
    /// </summary>
    internal static async IAsyncEnumerable<(BackupTable Table, object?[] Values)> RowsAsync(
        string file, BackupManifest manifest, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var gzip = Open(file);
        await using var tar = new TarReader(gzip);
        await tar.GetNextEntryAsync(cancellationToken: cancellation); // the manifest
        foreach (var table in manifest.Tables)
        {
            if (await tar.GetNextEntryAsync(cancellationToken: cancellation) is not { EntryType: TarEntryType.RegularFile } entry || entry.Name != table.Entry)
                throw Damaged(file);
            using var hash = SHA256.Create();
            var rows = 0L;
            await using (var hashed = new CryptoStream(entry.DataStream ?? Stream.Null, hash, CryptoStreamMode.Read))
            using (var lines = new StreamReader(hashed, new UTF8Encoding(false, throwOnInvalidBytes: true)))
            {
                for (; await lines.ReadLineAsync(cancellation) is { } line; rows++)
                    yield return (table, TableRows.Read(line, table.Columns.Count));
            }

            if (rows != table.Rows || Convert.ToHexStringLower(hash.Hash!) != table.Sha256)
                throw Damaged(file);
        }

        if (await tar.GetNextEntryAsync(cancellationToken: cancellation) is not null)
            throw Damaged(file);
    }

    private static async Task<BackupManifest> ManifestAsync(string file, string product, CancellationToken cancellation)
    {
        await using var gzip = Open(file);
        await using var tar = new TarReader(gzip);
        if (await tar.GetNextEntryAsync(cancellationToken: cancellation) is not { Name: BackupManifest.FileName, DataStream: { Length: <= LargestManifest } content })
            throw Damaged(file);
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(content, Differences.Json, cancellation);
        if (manifest?.Format != BackupManifest.FormatName)
            throw new BackupException("other-format", file, "This is no backup, or one of another format.");
        if (manifest.Product != product)
            throw new BackupException("other-product", file, $"This is a backup of {manifest.Product}, not of {product}.");
        return manifest;
    }

    /// <summary>.NET takes the end of the file for the end of the stream: the length that gzip writes behind the data tells the two apart.</summary>
    private static async Task CheckLengthAsync(string file, CancellationToken cancellation)
    {
        var tail = new byte[4];
        await using (var raw = File.OpenRead(file))
        {
            if (raw.Length < 18)
                throw Damaged(file);
            raw.Seek(-4, SeekOrigin.End);
            await raw.ReadExactlyAsync(tail, cancellation);
        }

        await using var gzip = Open(file);
        var buffer = new byte[1 << 16];
        var length = 0L;
        for (int read; (read = await gzip.ReadAsync(buffer, cancellation)) > 0;)
            length += read;
        if (BinaryPrimitives.ReadUInt32LittleEndian(tail) != (uint)length)
            throw Damaged(file);
    }

    private static GZipStream Open(string file) => new(File.OpenRead(file), CompressionMode.Decompress);

    private static BackupException Damaged(string file) => new("damaged-backup", file, "The backup is cut off, altered, or none.", "take another copy of it");
}
