using System.Globalization;
using System.Text.Json;
using Ark.Web.Data;
using LinqToDB.Data;

namespace Ark.Web.Backup;

/// <summary>The tables of a database as it has them, and rows as JSON, without any type of the host's: a table of tomorrow is backed up too.</summary>
internal static class TableRows
{
    private const string History = "VersionInfo";

    /// <summary>Table name to columns, both in a fixed order; the record of migrations is not among them.</summary>
    public static SortedDictionary<string, IReadOnlyList<string>> Tables(ArkDb db, bool isMySql)
    {
        var columns = isMySql
            ? db.Query<Column>("SELECT TABLE_NAME AS Owner, COLUMN_NAME AS Name FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() ORDER BY ORDINAL_POSITION")
            : db.Query<Column>("SELECT m.name AS Owner, c.name AS Name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY c.cid");
        var tables = columns.ToList().GroupBy(c => c.Owner).Where(t => t.Key != History)
            .ToDictionary(t => t.Key, t => (IReadOnlyList<string>)[.. t.Select(c => c.Name).Order(StringComparer.Ordinal)]);
        return new(tables, StringComparer.Ordinal);
    }

    /// <summary>Numbers of the migrations that were done; empty where there are no tables yet.</summary>
    public static IReadOnlyList<long> Migrations(ArkDb db, bool isMySql)
    {
        var has = isMySql
            ? db.Execute<long>("SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'VersionInfo'")
            : db.Execute<long>("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'VersionInfo'");
        return has == 0 ? [] : [.. db.Query<long>($"SELECT {Quote("Version", isMySql)} FROM {Quote(History, isMySql)} ORDER BY 1")];
    }

    public static string Select(string table, IReadOnlyList<string> columns, bool isMySql) =>
        $"SELECT {List(columns, isMySql)} FROM {Quote(table, isMySql)} ORDER BY 1{string.Concat(Enumerable.Range(2, columns.Count - 1).Select(n => $", {n}"))}";

    public static string Insert(string table, IReadOnlyList<string> columns, bool isMySql) =>
        $"INSERT INTO {Quote(table, isMySql)} ({List(columns, isMySql)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"@p{i}"))})";

    /// <summary>Names come from the database's own catalogue.</summary>
    public static string Quote(string name, bool isMySql) => isMySql ? $"`{name.Replace("`", "``", StringComparison.Ordinal)}`" : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <exception cref="NotSupportedException">A type that neither database has in Ark's tables.</exception>
    public static void Write(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case DBNull:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case Guid id: // as MySqlConnector takes CHAR(36) to be
                json.WriteStringValue(id);
                break;
            case bool truth: // which SQLite keeps as a number
                json.WriteNumberValue(truth ? 1 : 0);
                break;
            case byte or sbyte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double or float or decimal:
                json.WriteNumberValue(Convert.ToDouble(value, CultureInfo.InvariantCulture));
                break;
            case byte[] bytes:
                json.WriteStartObject();
                json.WriteBase64String("base64", bytes);
                json.WriteEndObject();
                break;
            default:
                throw new NotSupportedException($"A column of type {value.GetType().Name} cannot be backed up.");
        }
    }

    /// <summary>The values of one line.</summary>
    /// <exception cref="JsonException">It is not a row of that many columns.</exception>
    public static object?[] Read(string line, int columns)
    {
        using var row = JsonDocument.Parse(line);
        if (row.RootElement.ValueKind != JsonValueKind.Array || row.RootElement.GetArrayLength() != columns)
            throw new JsonException("This is no row of the table.");
        return [.. row.RootElement.EnumerateArray().Select(Value)];
    }

    private static object? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out var number) ? number : value.GetDouble(),
        JsonValueKind.Object when value.TryGetProperty("base64", out var bytes) && bytes.TryGetBytesFromBase64(out var content) => content,
        _ => throw new JsonException("This is no value of a table."),
    };

    private static string List(IReadOnlyList<string> columns, bool isMySql) => string.Join(", ", columns.Select(c => Quote(c, isMySql)));

    private sealed record Column
    {
        public string Owner { get; init; } = "";
        public string Name { get; init; } = "";
    }
}
