using Ark.Core.Placement;
using Ark.Core.Sites;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Placement;

public sealed class PlacerPropertyTests
{
    private static readonly Func<PlacementRequest, string> Show = r => string.Join('\n',
        [r.Mode.ToString(), .. r.Machines.Select(m => $"{m} {string.Join(',', m.Labels)} ports {string.Join(',', m.PortsTaken)} others {string.Join(',', m.Others)}"),
            .. r.Components.Select(c => $"{c} labels {string.Join(',', c.Rule.Labels)} apart {string.Join(',', c.Rule.Apart)} ports {string.Join(',', c.Ports)} pins {string.Join(',', c.Pins)}"), .. r.Standing.Select(s => s.ToString())]);

    [Fact]
    public void A_placement_is_found_exactly_where_one_exists_and_keeps_every_rule() =>
        PlacementGen.Any.Sample(request =>
        {
            var outcome = Placer.Place(request);
            if (outcome.Ok)
                Assert.Empty(PlacementRules.Violations(request, outcome.Value));
            else
                Assert.False(PlacementRules.Exists(request), string.Join('\n', outcome.Problems));
        }, iter: 2000, print: Show);

    [Fact]
    public void The_order_of_the_input_decides_nothing() =>
        Gen.Select(PlacementGen.Any, Gen.Int).Sample((request, seed) =>
        {
            var (one, other) = (Placer.Place(request), Placer.Place(PlacementGen.Shuffled(request, seed)));
            Assert.Equal(one.Value?.Instances, other.Value?.Instances);
            Assert.Equal(one.Problems, other.Problems);
        }, iter: 500);

    [Fact]
    public void Growing_a_component_never_moves_what_runs() =>
        Gen.Select(PlacementGen.Empty, Gen.Int[0, 3], Gen.Int[1, 2]).Sample((request, which, more) =>
        {
            if (Placer.Place(request) is not { Ok: true } before)
                return;
            var grown = request.Components[which % request.Components.Count];
            var after = Placer.Place(request with
            {
                Standing = [.. before.Value.Instances.Select(i => new StandingInstance(i.Component, i.Index, i.Machine))],
                Components = [.. request.Components.Select(c => c == grown ? c with { Count = c.Count + more } : c)],
            });
            if (after.Ok)
                Assert.Equal(before.Value.Instances.Select(i => (i.Instance, i.Machine)), after.Value.Instances.Where(i => !i.IsNew).Select(i => (i.Instance, i.Machine)));
        }, iter: 1000);

    [Fact]
    public void Placing_again_what_stands_changes_nothing() =>
        PlacementGen.Empty.Sample(request =>
        {
            if (Placer.Place(request) is not { Ok: true } before)
                return;
            var again = Placer.Place(request with { Standing = [.. before.Value.Instances.Select(i => new StandingInstance(i.Component, i.Index, i.Machine))] });
            Assert.Equal(before.Value.Instances.Select(i => i with { IsNew = false }), again.Value!.Instances);
            Assert.Empty(again.Problems);
        }, iter: 500);

    [Fact]
    public void Every_component_that_fails_alone_is_named() =>
        PlacementGen.Empty.Sample(request =>
        {
            var outcome = Placer.Place(request);
            foreach (var component in request.Components.Where(c => !PlacementRules.Exists(request with { Components = [c] })))
                Assert.Contains(outcome.Problems, p => p.Code == "no-machine" && (p.Place == component.Name || p.Place.StartsWith(component.Name + "-", StringComparison.Ordinal)));
        }, iter: 1000);

    [Fact]
    public void Machines_cut_into_pieces_are_put_together_again() =>
        Gen.Int[1, 19].Array[2].Array[3].Sample(cuts =>
        {
            var sizes = cuts.SelectMany(c => new[] { c.Min(), c.Max() - c.Min(), 20 - c.Max() }).ToArray();
            var request = new PlacementRequest
            {
                Mode = SiteMode.Vm,
                Machines = [.. cuts.Select((_, i) => new PlacementMachine { Address = PlacementGen.Address(i + 1), Capacity = new(1, 20, 1) })],
                Components = [.. sizes.Select((size, i) => new PlacementComponent { Name = $"c{i}", Count = 1, Resources = new(0, size, 0) })],
            };
            Assert.Empty(PlacementRules.Violations(request, Placer.Place(request).Value!));
        }, iter: 300);
}
