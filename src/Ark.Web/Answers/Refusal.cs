using Ark.Core;

namespace Ark.Web.Answers;

/// <summary>Why a request was not done.</summary>
/// <param name="Status">HTTP status: 400 invalid, 401, 403 not allowed, 404 not there (or not yours), 409 it moved meanwhile, 429 too many at once.</param>
/// <param name="Code">Stable, kebab-case, never translated.</param>
/// <param name="Message">One sentence in English.</param>
public sealed record Refusal(int Status, string Code, string Message)
{
    /// <summary>With 400: what is wrong, by field.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>With 409: what differs between what was sent and what stands there now.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    public static Refusal NotFound(string what) => new(404, "not-found", $"There is no such {what}, or it is not yours to see.");

    public static Refusal Forbidden(string why) => new(403, "not-allowed", why);

    public static Refusal Invalid(IReadOnlyList<Problem> problems) => new(400, "invalid", "Something is missing or wrong.") { Problems = problems };

    public static Refusal Conflict(IReadOnlyList<Difference> differences) =>
        new(409, "changed-meanwhile", "Somebody else saved it meanwhile; nothing was overwritten.") { Differences = differences };
}

/// <summary>One field that differs.</summary>
public sealed record Difference(string Field, string? Yours, string? Theirs);
