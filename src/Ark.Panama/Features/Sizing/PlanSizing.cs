using Ark.Core;
using Ark.Core.Sizing;
using Ark.Web.Accounts;
using Ark.Web.Answers;

namespace Ark.Panama.Features.Sizing;

/// <summary>What a mix of products needs. Nothing is kept; the answer is what <c>ark size --format json</c> prints.</summary>
public static class PlanSizing
{
    /// <summary>More characters than all products have together, often over.</summary>
    private const int MaxProducts = 1_000;

    public static Answer<SizingPlan> Handle(Actor actor, SizingRequest request)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        var made = Plan(request);
        return made.Ok ? made.Value : Refusal.Invalid(made.Problems);
    }

    /// <summary>The plan, or every problem at the field of the request: <c>load.messages</c>.</summary>
    public static Outcome<SizingPlan> Plan(SizingRequest request)
    {
        // What a program may send, though no form does.
        IReadOnlyList<string> products = [.. (request.Products ?? []).Where(p => p is not null)];
        var fields = new Fields();
        if (products.Sum(p => (long)p.Length) + products.Count > MaxProducts)
            fields.Add("products", "too-long", $"products is longer than {MaxProducts} characters.");
        Known("mode", request.Mode);
        Known("edition", request.Edition);
        Known("purpose", request.Purpose);
        Known("drdsTest", request.DrdsTest);
        if (fields.Problems.Count > 0)
            return Outcome<SizingPlan>.Fail(fields.Problems);
        var made = Sizer.Plan(request with { Products = products, Load = request.Load ?? new() });
        IReadOnlyList<Problem> problems = [.. made.Problems.Select(p => p with { Place = FieldOf(p.Place) })];
        return Outcome<SizingPlan>.From(problems, () => made.Value! with { Warnings = problems });

        void Known<T>(string field, T value) where T : struct, Enum
        {
            if (!Enum.IsDefined(value))
                fields.Add(field, "bad-value", $"{field} has no such value.");
        }
    }

    private static string FieldOf(string place) =>
        place is "messages" or "qps" or "drdsCores" or "tps" or "indexTps" or "edasNodes" ? $"load.{place}" : place;
}
