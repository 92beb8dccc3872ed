using System.Text.Json;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;
using Microsoft.AspNetCore.Http;

namespace Ark.Web.Audit;

/// <summary>Searches, verifies and exports the audit. For administrators.</summary>
public static class ReadAudit
{
    /// <summary>What is searched: a part of actor, subject, action or content; a time from and to.</summary>
    public sealed record Query(string? Search = null, string? Subject = null, DateTimeOffset? From = null, DateTimeOffset? To = null, int Page = 1);

    public sealed record Listing(IReadOnlyList<AuditEntry> Entries, int Total, int PageSize);

    /// <summary>Whether the chain is whole.</summary>
    /// <param name="BrokenAt">The first entry that is not what was written, or missing; null if none.</param>
    /// <param name="Head">The last hash: noted elsewhere, it proves later that nothing was cut off.</param>
    public sealed record Verdict(bool Whole, long Entries, long? BrokenAt, string Head);

    private const int PageSize = 50;

    public static async Task<Answer<Listing>> SearchAsync(ArkDb db, Actor actor, [AsParameters] Query query, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        var found = Matching(db, query);
        var total = await found.CountAsync(cancellation);
        var page = await found.OrderByDescending(e => e.Id).Skip((Math.Max(1, query.Page) - 1) * PageSize).Take(PageSize).ToListAsync(cancellation);
        return new Listing(page, total, PageSize);
    }

    public static async Task<Answer<Verdict>> VerifyAsync(ArkDb db, Actor actor, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return refusal;
        // Changes go on meanwhile: what is judged is the chain as it was here. The head is never behind its entries.
        var newest = await db.GetTable<AuditEntry>().MaxAsync(e => (long?)e.Id, cancellation) ?? 0;
        var head = await db.GetTable<AuditHead>().FirstAsync(h => h.Id == 1, cancellation);
        var (last, hash) = (0L, "");
        await foreach (var entry in db.GetTable<AuditEntry>().Where(e => e.Id <= head.Entries).OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            if (entry.Id != last + 1 || entry.Hash != AuditLog.HashOf(entry, hash))
                return new Verdict(false, head.Entries, last + 1, head.Hash);
            (last, hash) = (entry.Id, entry.Hash);
        }

        var whole = last == head.Entries && hash == head.Hash && newest <= head.Entries;
        return new Verdict(whole, head.Entries, whole ? null : last + 1, head.Hash);
    }

    /// <summary>All that matches, oldest first, one JSON object a line.</summary>
    public static IResult Export(ArkDb db, Actor actor, [AsParameters] Query query, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Administrator) is { } refusal)
            return (Answer<Done>)refusal;
        return TypedResults.Stream(async stream =>
        {
            await foreach (var entry in Matching(db, query).OrderBy(e => e.Id).AsAsyncEnumerable().WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(stream, entry, Differences.Json, cancellation);
                await stream.WriteAsync("\n"u8.ToArray(), cancellation);
            }
        }, "application/x-ndjson", "audit.ndjson");
    }

    private static IQueryable<AuditEntry> Matching(ArkDb db, Query query)
    {
        IQueryable<AuditEntry> found = db.GetTable<AuditEntry>();
        if (query.Search?.Trim() is { Length: > 0 } text)
            found = found.Where(e => e.Actor.Contains(text) || e.Subject.Contains(text) || e.Action.Contains(text) || e.Before!.Contains(text) || e.After!.Contains(text));
        if (query.Subject is { Length: > 0 } subject)
            found = found.Where(e => e.Subject == subject);
        if (query.From is { } from)
            found = found.Where(e => e.At >= from);
        if (query.To is { } to)
            found = found.Where(e => e.At <= to);
        return found;
    }
}
