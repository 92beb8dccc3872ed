using Ark.Core;
using Ark.Core.Catalog;
using Ark.Panama.Data;
using Ark.Panama.Features.Baselines;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;
using LinqToDB.Async;

namespace Ark.Panama.Features.Configurations;

/// <summary>Makes and changes a set. Every save is a new revision; none is ever changed, and rolling back makes a new one that equals an old one.</summary>
public static class SaveConfiguration
{
    public sealed record Request
    {
        public string? Name { get; init; }

        /// <summary>Null: for all customers, which takes somebody who sees all.</summary>
        public long? CustomerId { get; init; }

        public string? Component { get; init; }

        public required RevisionRequest Revision { get; init; }
    }

    public sealed record RevisionRequest
    {
        /// <summary>Whose parameters they are.</summary>
        public string? Baseline { get; init; }

        /// <summary>Parameter to value; what is not there is left to the task. Secrets as <c>ark secret encrypt</c> gives them.</summary>
        public Dictionary<string, string> Values { get; init; } = [];

        /// <summary>Why it is saved.</summary>
        public string? Reason { get; init; }

        /// <summary>The version that was read; 0 for a new set.</summary>
        public int Version { get; init; }
    }

    /// <param name="Revision">The one to go back to.</param>
    public sealed record RollbackRequest(int Revision, string? Reason, int Version);

    public static async Task<Answer<ShowConfiguration.View>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, BaselineStore store, Request request, CancellationToken cancellation)
    {
        if ((actor.Lacks(Role.Engineer) ?? actor.LacksAll(request.CustomerId)) is { } refusal)
            return refusal;
        var fields = new Fields();
        var set = new ConfigurationSet { Name = fields.Line("name", request.Name, 200), CustomerId = request.CustomerId, Component = fields.Line("component", request.Component, 100) };
        var (revision, problems) = await CheckAsync(actor, time, store, set.Component, request.Revision with { Version = 0 }, "revision.", cancellation);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (request.CustomerId is { } customer && await db.CustomerAsync(actor, customer, cancellation) is null)
            fields.Add("customerId", "not-found", "There is no such customer, or it is not yours to see.");
        if (await db.GetTable<ConfigurationSet>().AnyAsync(s => s.Name == set.Name && (s.CustomerId == set.CustomerId || (s.CustomerId == null && set.CustomerId == null)), cancellation))
            fields.Add("name", "name-taken", "There is a set of that name for the same customer.");
        if (fields.Problems.Concat(problems).ToList() is { Count: > 0 } wrong)
            return Refusal.Invalid(wrong);
        set = set with { Id = await db.InsertWithInt64IdentityAsync(set, token: cancellation) };
        await db.InsertAsync(revision with { ConfigurationId = set.Id }, token: cancellation);
        var view = ShowConfiguration.Of((await ShowConfiguration.RowAsync(db, actor, set.Id, cancellation))!);
        await AuditLog.AppendAsync(db, actor, time, "configuration-made", $"configuration:{set.Id}", null, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<ShowConfiguration.View>> UpdateAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore store, long id, RevisionRequest request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (await ShowConfiguration.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("configuration");
        if (actor.LacksAll(row.Set.CustomerId) is { } forbidden)
            return forbidden;
        var (revision, problems) = await CheckAsync(actor, time, store, row.Set.Component, request, "", cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ShowConfiguration.RowAsync(db, actor, id, cancellation) is not { } before)
            return Refusal.NotFound("configuration");
        var written = await db.GetTable<ConfigurationSet>().Where(s => s.Id == id && s.Version == request.Version).Set(s => s.Version, revision.Number).UpdateAsync(cancellation);
        if (written == 0)
            return Refusal.Conflict(Differences.Between(request, ShowConfiguration.Of(before).Now));
        await db.InsertAsync(revision with { ConfigurationId = id }, token: cancellation);
        var view = ShowConfiguration.Of((await ShowConfiguration.RowAsync(db, actor, id, cancellation))!);
        await AuditLog.AppendAsync(db, actor, time, "configuration-changed", $"configuration:{id}", ShowConfiguration.Of(before), view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static async Task<Answer<ShowConfiguration.View>> RollBackAsync(
        ArkDb db, Actor actor, TimeProvider time, BaselineStore store, long id, RollbackRequest request, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        var history = await ShowConfiguration.RevisionsAsync(db, actor, id, cancellation);
        if (history.Value?.Revisions.FirstOrDefault(r => r.Number == request.Revision) is not { } old)
            return history.Refusal ?? Refusal.NotFound("revision");
        return await UpdateAsync(db, actor, time, store, id, new() { Baseline = old.Baseline, Values = old.Values, Reason = request.Reason, Version = request.Version }, cancellation);
    }

    public static async Task<Answer<Done>> DeleteAsync(ArkDb db, Actor actor, TimeProvider time, long id, int version, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await ShowConfiguration.RowAsync(db, actor, id, cancellation) is not { } row)
            return Refusal.NotFound("configuration");
        if (actor.LacksAll(row.Set.CustomerId) is { } forbidden)
            return forbidden;
        if (row.Set.Version != version)
            return Refusal.Conflict([]);
        await db.GetTable<ConfigurationRevision>().DeleteAsync(r => r.ConfigurationId == id, cancellation);
        await db.GetTable<ConfigurationSet>().DeleteAsync(s => s.Id == id, cancellation);
        await AuditLog.AppendAsync(db, actor, time, "configuration-removed", $"configuration:{id}", ShowConfiguration.Of(row), null, cancellation);
        await transaction.CommitAsync(cancellation);
        return Done.Yes;
    }

    /// <summary>Typed by the component's parameters; what a task has to say besides is not missing here.</summary>
    private static async Task<(ConfigurationRevision Revision, IReadOnlyList<Problem> Problems)> CheckAsync(
        Actor actor, TimeProvider time, BaselineStore store, string component, RevisionRequest request, string prefix, CancellationToken cancellation)
    {
        var fields = new Fields();
        var values = request.Values.Where(v => !string.IsNullOrWhiteSpace(v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal).ToDictionary(v => v.Key, v => v.Value.Trim());
        var revision = new ConfigurationRevision
        {
            ConfigurationId = 0, Number = request.Version + 1, Baseline = fields.Line(prefix + "baseline", request.Baseline, 100), Values = ShowConfiguration.Write(values),
            Reason = fields.Line(prefix + "reason", request.Reason, 500), At = time.Now(), By = actor.Name,
        };
        foreach (var (name, _) in values.Where(v => v.Value.Length > 4000))
            fields.Add($"{prefix}values.{name}", "too-long", $"{name} is longer than 4000 characters.");
        if (revision.Baseline.Length == 0 || component.Length == 0)
            return (revision, fields.Problems);
        var read = await store.ReadAsync(revision.Baseline, cancellation);
        if (!read.Ok)
            fields.Add(prefix + "baseline", "unknown-baseline", $"The baseline {revision.Baseline} cannot be used: {read.Problems[0].Message}", read.Problems[0].Remedy);
        else if (read.Value.Baseline.Find(component) is not { } found)
            fields.Add(prefix.Length > 0 ? "component" : "baseline", "unknown-component", $"{revision.Baseline} has no component of that name.", Nearest.Hint(component, [.. read.Value.Baseline.Components.Select(c => c.Name)]));
        else
            return (revision, [.. fields.Problems, .. ParameterValues.Resolve(found, values, new Dictionary<string, Secret>(), name => $"{prefix}values.{name}").Problems.Where(p => p.Code is not ("missing-parameter" or "missing-secret"))]);
        return (revision, fields.Problems);
    }
}
