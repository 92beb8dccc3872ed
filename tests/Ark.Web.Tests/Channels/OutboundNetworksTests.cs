using System.Net;
using Ark.Web.Channels;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Channels;

/// <summary>Where a channel can not be made to lead to, where no setting allows it.</summary>
public sealed class OutboundNetworksTests(SqliteSite site) : IClassFixture<SqliteSite>
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("0.0.0.0")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:4136:e378:8000:63bf:3fff:fdd2")]
    [InlineData("fe80::1%1")]
    [InlineData("ff02::1")]
    [InlineData("fd00:ec2::254")]
    public void Is_refused(string address) => Assert.False(new OutboundNetworks(null).Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("10.0.0.11")]
    [InlineData("172.16.5.5")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.9")]
    [InlineData("203.0.113.7")]
    [InlineData("fd12:3456::1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:10.0.0.11")]
    public void Is_allowed(string address) => Assert.True(new OutboundNetworks("").Allows(IPAddress.Parse(address)));

    [Fact]
    public void The_setting_allows_what_it_names_and_no_more()
    {
        var networks = new OutboundNetworks("127.0.0.0/8, ::1/128");
        Assert.True(networks.Allows(IPAddress.Parse("127.0.0.1")) && networks.Allows(IPAddress.IPv6Loopback) && networks.Allows(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.False(networks.Allows(IPAddress.Parse("169.254.169.254")));
        Assert.Throws<FormatException>(() => new OutboundNetworks("all"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/ok")]
    [InlineData("http://2130706433:{0}/ok")]
    [InlineData("http://0x7f.1:{0}/ok")]
    [InlineData("http://[::1]:{0}/ok")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/ok")]
    public async Task An_address_of_the_host_itself_is_refused_however_it_is_written(string url)
    {
        var reply = await site.As("engineer").PostAsync("channels", new { name = "To itself", kind = "webhook", settings = new { url = url.Replace("{0}", "8080", StringComparison.Ordinal) } });

        Assert.Equal(["settings.url"], reply.Fields);
        Assert.Contains(OutboundNetworks.Refused, reply.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webhook")]
    [InlineData("mail")]
    public async Task A_name_that_leads_to_the_host_itself_is_refused_when_it_is_connected_to(string kind)
    {
        await using var sink = new HttpSink();
        await sink.StartAsync();
        object settings = kind == "mail"
            ? new { host = "localhost", port = sink.Port, security = "none", from = "ark@shop.example", recipients = new[] { "ops@shop.example" } }
            : new { url = $"http://localhost:{sink.Port}/ok" };
        var made = await site.As("engineer").PostAsync("channels", new { name = $"By name, {kind}", kind, settings });
        var test = await site.As("engineer").PostAsync($"channels/{made.Id}/test", new { });

        Assert.Equal(OutboundNetworks.Refused, test.Json.GetProperty("problem").GetProperty("code").GetString());
        Assert.Empty(sink.Got);
    }
}
