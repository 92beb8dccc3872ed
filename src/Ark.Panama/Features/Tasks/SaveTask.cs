using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Panama.Data;
using Ark.Panama.Features.Customers;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Audit;
using Ark.Web.Data;
using LinqToDB;

namespace Ark.Panama.Features.Tasks;

/// <summary>Makes and changes a task. A draft may be incomplete; what is in it is well-formed all the same.</summary>
public static partial class SaveTask
{
    public sealed record Request
    {
        public long CustomerId { get; init; }

        public string? Name { get; init; }

        public string? Domain { get; init; }

        /// <summary>3.0 or 3.1.</summary>
        public string? Line { get; init; }

        /// <summary>Git branch of the baseline.</summary>
        public string? Baseline { get; init; }

        public Dictionary<string, string> Variables { get; init; } = [];

        /// <summary>A new task takes over the variables of the latest task with the same domain; those given here go before them.</summary>
        public bool ExistingEnvironment { get; init; }

        /// <summary>The version that was read; 0 for a new task.</summary>
        public int Version { get; init; }
    }

    public static Task<Answer<ShowTask.View>> CreateAsync(ArkDb db, Actor actor, TimeProvider time, Request request, CancellationToken cancellation) =>
        CreateWithAsync(db, actor, time, request, new(), cancellation);

    /// <summary>As a new task with components already.</summary>
    public static async Task<Answer<ShowTask.View>> CreateWithAsync(ArkDb db, Actor actor, TimeProvider time, Request request, TaskDesign design, CancellationToken cancellation)
    {
        if (actor.Lacks(Role.Engineer) is { } refusal)
            return refusal;
        if (request.ExistingEnvironment && await ShowTask.LatestOfDomainAsync(db, actor, request.Domain, 0, cancellation) is { } other)
            request = request with { Variables = request.Variables.Concat(other.Variables.ExceptBy(request.Variables.Keys, v => v.Key)).ToDictionary() };
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var (task, customer, problems) = await CheckAsync(db, actor, new() { Name = "", Domain = "", Line = "", Baseline = "", UpdatedBy = "" }, request, cancellation);
        if (problems.Count > 0)
            return Refusal.Invalid(problems);
        task = task with { Design = design.Write(), UpdatedAt = time.Now(), UpdatedBy = actor.Name };
        task = task with { Id = await db.InsertWithInt64IdentityAsync(task, token: cancellation) };
        var view = ShowTask.Of(task, customer);
        await AuditLog.AppendAsync(db, actor, time, "task-made", $"task:{task.Id}", null, view, cancellation);
        await transaction.CommitAsync(cancellation);
        return view;
    }

    public static Task<Answer<ShowTask.View>> UpdateAsync(ArkDb db, Actor actor, TimeProvider time, long id, Request request, CancellationToken cancellation)
    {
        var sent = request with { Variables = TaskVariables.Clean(request.Variables) };
        return ChangeTask.RunAsync(db, actor, time, id, new(request.Version, sent, "task-changed", async task =>
        {
            if (task.State != TaskState.Draft)
                return new Refusal(409, "not-a-draft", "Only a draft can be changed: take it back to draft, or copy it.");
            var (after, _, problems) = await CheckAsync(db, actor, task, request, cancellation);
            return problems.Count > 0 ? Refusal.Invalid(problems) : after;
        }), cancellation);
    }

    private static async Task<(DeploymentTask Task, string Customer, IReadOnlyList<Problem> Problems)> CheckAsync(
        ArkDb db, Actor actor, DeploymentTask task, Request request, CancellationToken cancellation)
    {
        var fields = new Fields();
        var customer = await db.CustomerAsync(actor, request.CustomerId, cancellation);
        if (customer is null)
            fields.Add("customerId", "not-found", "There is no such customer, or it is not yours to see.");
        task = task with
        {
            CustomerId = request.CustomerId,
            Name = fields.Line("name", request.Name, 200),
            Domain = fields.Line("domain", request.Domain, 200).ToLowerInvariant().TrimEnd('.'),
            Line = request.Line ?? "",
            Baseline = fields.Line("baseline", request.Baseline, 100),
            Variables = TaskVariables.Write(TaskVariables.Clean(request.Variables)),
        };
        if (task.Line is not ("3.0" or "3.1"))
            fields.Add("line", "bad-value", "The line is neither 3.0 nor 3.1.");
        if (task.Domain.Length > 0 && !Domain().IsMatch(task.Domain))
            fields.Add("domain", "bad-value", "That is no domain of two labels or more.", "write for example shop.example");
        if (task.Baseline.Length > 0 && (!Branch().IsMatch(task.Baseline) || task.Baseline.Contains("..", StringComparison.Ordinal)))
            fields.Add("baseline", "bad-value", "That is no name of a Git branch.", "write for example open-3.1");
        var problems = fields.Problems.Concat(TaskVariables.Refused(request.Variables)).ToList();
        task = task with { Search = $"{task.Name} {task.Domain} {task.Baseline}".ToLowerInvariant() };
        return (task, customer?.Name ?? "", problems);
    }

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+\z")]
    private static partial Regex Domain();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._/:-]*[A-Za-z0-9_]\z")]
    internal static partial Regex Branch();
}
