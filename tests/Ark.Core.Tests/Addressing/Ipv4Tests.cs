using System.Net;
using Ark.Core.Addressing;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Addressing;

public sealed class Ipv4Tests
{
    [Theory]
    [InlineData("1")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.1")]
    [InlineData("010.0.0.1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.1 ")]
    [InlineData("10.0.0.-1")]
    [InlineData("١٠.0.0.1")]
    [InlineData("::1")]
    [InlineData("")]
    public void Only_four_decimal_numbers_are_an_address(string text) => Assert.False(Ipv4.TryParse(text, out _));

    [Fact]
    public void Every_address_is_read_and_counted_as_the_library_does() =>
        Gen.UInt.Sample(number =>
        {
            Assert.True(Ipv4.TryParse(Ipv4.FromNumber(number).ToString(), out var address));
            Assert.Equal(IPAddress.Parse(address.ToString()), address);
            Assert.Equal(number, Ipv4.ToNumber(address));
        });

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.255.255")]
    [InlineData("10.16.9.0/24", "10.16.9.255")]
    [InlineData("10.16.9.128/25", "10.16.9.255")]
    [InlineData("10.16.9.4/30", "10.16.9.7")]
    [InlineData("0.0.0.0/0", "255.255.255.255")]
    [InlineData("10.1.2.3/32", "10.1.2.3")]
    public void A_network_is_read_with_its_last_address(string text, string last)
    {
        var network = Ipv4.ParseNetwork(text, out var reason);
        Assert.Equal((text, "", last), (network.ToString(), reason, Ipv4.FromNumber(Ipv4.LastOf(network!.Value)).ToString()));
    }

    [Theory]
    [InlineData("10.0.0.0", "as in")]
    [InlineData("10.0.0.0/", "as in")]
    [InlineData("10.0.0.0/08", "as in")]
    [InlineData("10.0.0.0/33", "longer than 32")]
    [InlineData("10.0.0.5/24", "10.0.0.0/24")]
    public void What_is_no_network_says_why(string text, string why)
    {
        Assert.Null(Ipv4.ParseNetwork(text, out var reason));
        Assert.Contains(why, reason, StringComparison.Ordinal);
    }
}
