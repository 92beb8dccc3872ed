using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Web.Accounts;
using Ark.Web.Answers;
using Ark.Web.Languages;

namespace Ark.Panama.Features.Requirements;

/// <summary>What a site's environment must fulfil, all of it or what a mode asks for.</summary>
public static class ListRequirements
{
    public const string FileName = "requirements.xlsx";

    public sealed record Listing(IReadOnlyList<EnvironmentRequirement> Requirements);

    /// <param name="mode">physical or vm; left out: both.</param>
    public static Answer<Listing> Handle(Actor actor, string? mode = null)
    {
        if (actor.Lacks(Role.Viewer) is { } refusal)
            return refusal;
        if (string.IsNullOrEmpty(mode))
            return new Listing(EnvironmentRequirements.All);
        if (!Enum.TryParse<SiteMode>(mode, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
            return Refusal.Invalid([new("bad-value", "mode", "There is no such mode.", "write physical or vm")]);
        return new Listing([.. EnvironmentRequirements.All.Where(r => r.HoldsIn(wanted))]);
    }

    /// <summary>The same as a workbook to fill in, in the language of the request.</summary>
    public static IResult Export(Actor actor, Words words, string? mode = null)
    {
        var answer = Handle(actor, mode);
        if (!answer.Ok)
            return answer;
        var rows = answer.Value.Requirements.Select(r => (object?[])
        [
            r.Number, Text(words, r), When(words, r), r.Physical ? words["Yes"] : "", r.Vm ? words["Yes"] : "", words[$"answeredBy.{r.By}"], Ask(words, r), "", "",
        ]);
        var book = new Workbook().Add(words["Requirements"],
            [words["Number"], words["SizingRequirement"], words["OnlyIf"], words["ModePhysical"], words["ModeVm"], words["AnsweredBy"], words["SizingQuestion"], words["SizingFulfilled"], words["SizingRemarks"]], rows);
        return TypedResults.File(book.Write(), Workbook.ContentType, FileName);
    }

    public static string Text(Words words, EnvironmentRequirement requirement) => words.Find($"requirement.{requirement.Id}") ?? requirement.Text;

    public static string Ask(Words words, EnvironmentRequirement requirement) => words.Find($"requirement.{requirement.Id}.ask") ?? requirement.Ask;

    public static string When(Words words, EnvironmentRequirement requirement) => words.Find($"requirement.{requirement.Id}.when") ?? requirement.When;
}
