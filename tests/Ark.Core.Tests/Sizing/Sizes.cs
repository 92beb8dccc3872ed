using Ark.Core.Sites;
using Ark.Core.Sizing;

namespace Ark.Core.Tests.Sizing;

/// <summary>Requests and plans in few words.</summary>
internal static class Sizes
{
    public static readonly SizingLoad NoLoad = new();

    public static SizingRequest Physical(string products, SizingLoad? load = null, Purpose purpose = Purpose.Production) => new() { Products = [products], Mode = SiteMode.Physical, Purpose = purpose, Load = load ?? NoLoad };

    public static SizingRequest Vm(string products, SizingLoad? load = null, Purpose purpose = Purpose.Production) => new() { Products = [products], Mode = SiteMode.Vm, Purpose = purpose, Load = load ?? NoLoad };

    public static SizingRequest Trial(string products, SizingLoad? load = null) => Physical(products, load, Purpose.Poc) with { Edition = Edition.Trial };

    public static SizingPlan Plan(SizingRequest request) => Sizer.Plan(request) is { Ok: true } made ? made.Value : throw new InvalidOperationException(string.Join('\n', Sizer.Plan(request).Problems));

    /// <summary>A plan in one line a number: <c>mq-broker 4</c>.</summary>
    public static string Instance(this SizingPlan plan, string component) => plan.Instances.FirstOrDefault(i => i.Component == component) is { } found ? $"{found.Count}" : "none";

    public static Sized CountOf(this SizingPlan plan, string component) => plan.Instances.Single(i => i.Component == component).Count;

    public static string Group(this SizingPlan plan, string id) => plan.Groups.FirstOrDefault(g => g.Id == id) is { } found ? $"{found.Count} {found.Type}" : "none";

    public static string Types(this SizingPlan plan) => string.Join(", ", plan.MachineTypes.Select(t => $"{t.Count} {t.Type.Name}"));

    public static string Outside(this SizingPlan plan, string kind) => string.Join(", ", plan.Outside.Where(o => o.Kind == kind).Select(o => o.Count is null ? o.Why : $"{o.Count} × {(o.Size.Length > 0 ? o.Size : o.Why)}"));

    public static long Amount(this IReadOnlyList<SizedAmount> amounts, string name) => amounts.Single(a => a.Name == name).Amount.Value;
}
