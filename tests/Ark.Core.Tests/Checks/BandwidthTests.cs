using Ark.Core.Checks;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Checks;

public sealed class BandwidthTests
{
    [Fact]
    public void Everybody_meets_everybody_once_and_nobody_is_in_two_measurements_at_once() => Gen.Int[0, 64].Sample(count =>
    {
        var rounds = BandwidthRounds.Of(count).ToList();
        Assert.All(rounds, round => Assert.Equal(round.Count * 2, round.SelectMany(p => (int[])[p.One, p.Other]).Distinct().Count()));
        Assert.Equal(
            from a in Enumerable.Range(0, count) from b in Enumerable.Range(0, count) where a < b select (a, b),
            rounds.SelectMany(r => r).Select(p => p.One < p.Other ? p : (p.Other, p.One)).Order());
    });

    [Fact]
    public void On_a_large_site_each_meets_as_many_as_it_tries_to_reach() => Gen.Int[65, 400].Sample(count =>
    {
        var met = BandwidthRounds.Of(count).SelectMany(r => r).SelectMany(p => (int[])[p.One, p.Other]).CountBy(m => m).ToDictionary();
        Assert.Equal(count, met.Count);
        Assert.All(met.Values, times => Assert.InRange(times, count % 2 == 0 ? 32 : 31, 32));
    });

    [Theory]
    [InlineData("got 1250000000 1.000000\n", "sent\n", 10_000_000_000, null)]
    [InlineData("failed nobody came\n", "failed timed out\n", null, "port 62000 of b is not reached: timed out")]
    [InlineData("failed Address already in use\n", "failed Connection refused\n", null, "b could not listen on port 62000: Address already in use")]
    [InlineData("failed no program\n", "failed Connection refused\n", null, "b has neither Python nor Perl")]
    [InlineData("failed nobody came\n", "failed no program\n", null, "a has neither Python nor Perl")]
    [InlineData("got 5 0.000000\n", "sent\n", null, "port 62000 of b was not reached")]
    [InlineData("", "", null, "port 62000 of b was not reached")]
    public void What_both_printed_is_a_figure_or_a_reason(string received, string sent, long? bits, string? why) =>
        Assert.Equal(new BandwidthProbe("a", "b", bits, why), BandwidthScript.Read("a", "b", 62000, received, sent));

    [Fact]
    public void The_port_is_one_on_which_nothing_listens()
    {
        var facts = new HostFacts { Machine = "10.0.0.1", At = DateTimeOffset.UnixEpoch, Listeners = [new("tcp", "*", 62000, ""), new("udp", "*", 62001, "")] };
        Assert.Equal(62001, BandwidthScript.PortOf(facts));
        Assert.Equal(62000, BandwidthScript.PortOf(facts with { Listeners = null }));
    }
}
