using System.Diagnostics.CodeAnalysis;

namespace Ark.Core;

/// <summary>
/// A value, or all the problems that prevented it. Warnings may accompany a value; an error never does.
/// Bugs throw; what a person can mend is an <see cref="Outcome{T}"/>.
/// </summary>
public sealed record Outcome<T> where T : class
{
    private Outcome(T? value, IReadOnlyList<Problem> problems) => (Value, Problems) = (value, problems);

    public T? Value { get; }

    /// <summary>Every problem found, in the order of their places; warnings too.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>True when <see cref="Value"/> can be used.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    public bool Ok => Value is not null;

    public static Outcome<T> Of(T value, IReadOnlyList<Problem>? warnings = null) => new(value, warnings ?? []);

    public static Outcome<T> Fail(IReadOnlyList<Problem> problems) =>
        problems.Any(p => p.Severity == Severity.Error)
            ? new(null, problems)
            : throw new ArgumentException("A failure needs at least one error.", nameof(problems));

    public static Outcome<T> Fail(Problem problem) => Fail([problem]);

    /// <summary>The value if no problem is an error, the problems otherwise.</summary>
    public static Outcome<T> From(IReadOnlyList<Problem> problems, Func<T> value) =>
        problems.Any(p => p.Severity == Severity.Error) ? Fail(problems) : Of(value(), problems);
}
