using Ark.Core.Requirements;
using Ark.Core.Sites;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Requirements that people answer for, wholly or besides what machines show: asked once, and remembered with who and when.</summary>
public static class PeopleChecks
{
    public static readonly IReadOnlyList<Check> All = [.. EnvironmentRequirements.All.Where(r => r.By != AnsweredBy.Machine).Select(Of)];

    private static Check Of(EnvironmentRequirement requirement) =>
        new Check($"ask-{requirement.Id}", requirement.Number, CheckGroup.People, requirement.Text, scope => [Judge(requirement, scope)])
            .Unless(scope => WhyNot(requirement, scope));

    private static string? WhyNot(EnvironmentRequirement requirement, CheckScope scope) => requirement switch
    {
        _ when !requirement.HoldsIn(scope.Site.Mode) => Arises.InPhysicalMode(scope),
        { Id: "drds-tests" } => Arises.With(scope, "drds"),
        { Id: "edas-tests" } => Arises.With(scope, "edas"),
        { Id: "arms-disks" } => Arises.With(scope, "arms"),
        _ => null,
    };

    private static Finding Judge(EnvironmentRequirement requirement, CheckScope scope)
    {
        var remedy = $"ark check --answer {requirement.Number} yes {Proposed(requirement, scope.Site)}";
        if (scope.Answers.GetValueOrDefault(requirement.Number) is not { } answer)
            return Unknown("not answered", requirement.Ask, remedy);
        var said = FormattableString.Invariant($"{(answer.Yes ? "yes" : "no")}{(answer.Text.Length == 0 ? "" : $": {answer.Text}")} ({answer.By}, {answer.At.UtcDateTime:yyyy-MM-dd})");
        if (answer.Yes)
            return Pass(said);
        return requirement.Id is "sms" or "mail"
            ? NotApplicable(said + ": it is not wanted")
            : Fail(said, requirement.Text, "Whoever answered says that it is not so.", "have it put right, then: " + remedy);
    }

    /// <summary>What the properties say already, for somebody to confirm; else a word in its place.</summary>
    private static string Proposed(EnvironmentRequirement requirement, Site site) => requirement.Id switch
    {
        "ntp" => site.NtpServer,
        "account" => site.MachineUser,
        "domain" => $"\"{site.Domain}, {(site.MachinesUseDncs ? "machines use Ark's name server" : "TEXT")}\"",
        "vlan" when site is { Pool: { } pool, VlanId: { } vlan } => $"\"{pool.Subnet}, gateway {pool.Gateway}, id {vlan}, all free\"",
        _ => "TEXT",
    };
}
