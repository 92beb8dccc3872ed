using Ark.Core.Requirements;
using Ark.Core.Sites;
using Xunit;

namespace Ark.Core.Tests.Requirements;

public sealed class EnvironmentRequirementsTests
{
    [Fact]
    public void All_23_are_there_in_order() => Assert.Equal(Enumerable.Range(1, 23), EnvironmentRequirements.All.Select(r => r.Number));

    [Fact]
    public void Seven_hold_in_physical_mode_only()
    {
        Assert.All(EnvironmentRequirements.All, r => Assert.True(r.HoldsIn(SiteMode.Physical)));
        Assert.Equal([10, 11, 12, 13, 14, 15, 16], EnvironmentRequirements.All.Where(r => !r.HoldsIn(SiteMode.Vm)).Select(r => r.Number));
    }

    [Fact]
    public void What_people_answer_has_a_question_and_what_machines_answer_has_none()
    {
        Assert.All(EnvironmentRequirements.All, r => Assert.Equal(r.By == AnsweredBy.Machine, r.Ask.Length == 0));
        Assert.Contains(EnvironmentRequirements.All, r => r is { Number: 14, By: AnsweredBy.Person });
    }

    [Fact]
    public void Each_has_an_id_of_its_own_and_a_sentence()
    {
        Assert.Equal(23, EnvironmentRequirements.All.DistinctBy(r => r.Id).Count());
        Assert.All(EnvironmentRequirements.All, r => Assert.True(r.Text.EndsWith('.') && r.Id == r.Id.ToLowerInvariant()));
    }
}
