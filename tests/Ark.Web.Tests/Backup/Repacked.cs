using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ark.Web.Answers;
using Ark.Web.Backup;

namespace Ark.Web.Tests.Backup;

/// <summary>A backup that somebody opened, changed and packed again, so that gzip and tar are sound.</summary>
internal static class Repacked
{
    public static byte[] Of(byte[] backup, string change)
    {
        var entries = Read(backup);
        var customers = entries["tables/customers.jsonl"];
        switch (change)
        {
            case "a row changed":
                entries["tables/customers.jsonl"] = customers.Replace("Shop", "Shap", StringComparison.Ordinal);
                break;
            case "a row taken out":
                entries["tables/customers.jsonl"] = customers[(customers.IndexOf('\n', StringComparison.Ordinal) + 1)..];
                break;
            case "a table taken out":
                entries.Remove("tables/customers.jsonl");
                break;
            case "something added":
                entries["tables/zzz.jsonl"] = "[1]\n";
                break;
            case "an account twice":
                Twice(entries, "accounts");
                break;
        }

        return Write(entries);
    }

    /// <summary>With a manifest that agrees.</summary>
    private static void Twice(Dictionary<string, string> entries, string name)
    {
        var rows = entries[$"tables/{name}.jsonl"];
        rows += rows[..(rows.IndexOf('\n', StringComparison.Ordinal) + 1)];
        var manifest = JsonSerializer.Deserialize<BackupManifest>(entries[BackupManifest.FileName], Differences.Json)!;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(rows)));
        manifest = manifest with { Tables = [.. manifest.Tables.Select(t => t.Name == name ? t with { Rows = t.Rows + 1, Sha256 = hash } : t)] };
        (entries[$"tables/{name}.jsonl"], entries[BackupManifest.FileName]) = (rows, JsonSerializer.Serialize(manifest, Differences.Json));
    }

    private static Dictionary<string, string> Read(byte[] backup)
    {
        var entries = new Dictionary<string, string>();
        using var tar = new TarReader(new GZipStream(new MemoryStream(backup), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            using var text = new StreamReader(entry.DataStream ?? Stream.Null);
            entries[entry.Name] = text.ReadToEnd();
        }

        return entries;
    }

    private static byte[] Write(Dictionary<string, string> entries)
    {
        using var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (name, content) in entries)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        }

        return file.ToArray();
    }
}
