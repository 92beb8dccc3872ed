using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Web.Audit;

/// <summary>
/// The chain of changes. An entry is written in the transaction of the change that it tells of: both are there or neither.
/// </summary>
public static class AuditLog
{
    /// <summary>Appends, within the transaction that <see cref="ArkDb.BeginWriteAsync"/> began.</summary>
    public static async Task AppendAsync(
        ArkDb db, Actor actor, TimeProvider time, string action, string subject, object? before, object? after, CancellationToken cancellation)
    {
        var head = await db.GetTable<AuditHead>().FirstAsync(h => h.Id == 1, cancellation);
        var entry = new AuditEntry
        {
            Id = head.Entries + 1, At = time.Now(), Actor = actor.Name, Via = actor.Via, Action = action, Subject = subject,
            Before = Json(before), After = Json(after),
        };
        entry = entry with { Hash = HashOf(entry, head.Hash) };
        await db.InsertAsync(entry, token: cancellation);
        await db.GetTable<AuditHead>().Where(h => h.Id == 1).Set(h => h.Entries, entry.Id).Set(h => h.Hash, entry.Hash).UpdateAsync(cancellation);
    }

    /// <summary>Every field with its length before it, so that no two entries read the same.</summary>
    public static string HashOf(AuditEntry entry, string previous)
    {
        var text = new StringBuilder();
        foreach (var field in (string?[])[previous, $"{entry.Id}", $"{entry.At.ToUnixTimeMilliseconds()}", entry.Actor, entry.Via, entry.Action, entry.Subject, entry.Before, entry.After])
            text.Append(field is null ? "-" : $"{field.Length}").Append(':').Append(field).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static string? Json(object? value) => value is null ? null : JsonSerializer.Serialize(value, Differences.Json);
}
