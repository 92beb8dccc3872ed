using System.Text.RegularExpressions;
using Ark.Console.Output;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>The page that a customer signs, of a report made for it.</summary>
public sealed partial class CheckPageTests
{
    private static readonly string Page = Write(all: false);

    [Fact]
    public void Whatever_a_machine_says_is_text()
    {
        Assert.DoesNotContain("<script", Page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; \uFFFD[31m  red", Page, StringComparison.Ordinal);
        Assert.Contains("It is &lt;b&gt;missing&lt;/b&gt;.", Page, StringComparison.Ordinal);
        Assert.DoesNotContain(Page, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void It_asks_for_nothing_else()
    {
        Assert.Contains("default-src 'none'", Page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"https?://|url\(|@import|<(script|img|link|iframe|object|form)\b|\bon[a-z]+=", Page);
    }

    [Fact]
    public void Every_tag_is_closed_in_its_order()
    {
        foreach (var page in (string[])[Page, Write(all: true)])
        {
            var open = new Stack<string>();
            foreach (var tag in Tag().Matches(page).Select(m => m.Groups))
            {
                if (tag["name"].Value is "meta" or "br") continue;
                if (tag["end"].Length == 0) open.Push(tag["name"].Value);
                else Assert.Equal(open.Pop(), tag["name"].Value);
            }

            Assert.Empty(open);
        }
    }

    [Fact]
    public void It_tells_the_site_the_numbers_the_problems_the_rest_and_who_signs()
    {
        foreach (var part in (string[])
        [
            "<dd>shop.example</dd>", "<dd>2026-11-25 17:04:31 UTC</dd>", "<dd>virtual machines</dd>", "<dd>19 of 20 machines</dd>",
            "<p class=\"verdict fail\">What is named below stands against a deployment.</p>",
            "<li class=\"fail\"><b>2</b> failed</li>", "<li class=\"unknown\"><b>1</b> could not be checked</li>", "<li class=\"warn\"><b>1</b> warned</li>", "<li class=\"pass\"><b>1</b> passed</li>",
            "<h4>10.0.0.30 <small>ssh-refused</small></h4>",
            "<h4>IPv4 forwarding is on <small>ip-forwarding, requirement 9</small></h4>", "</span> 5 of 20 machines: 10.0.0.12–10.0.0.15, 10.0.0.20</p>",
            "<dd>ssh &lt;machine&gt; sysctl <span>-w</span> net.ipv4.ip_forward=1</dd>",
            "<td>The kernel swaps late <small>swappiness</small></td><td>vm.swappiness is 1</td>",
            "<td>The VLAN is given <small>vlan, requirement 10</small></td><td>only in physical mode</td>",
            "<h3>For the customer</h3>", "<span>Name</span>", "<span>Place</span>", "<span>Date</span>", "<span>Signature</span>",
        ])
            Assert.Contains(part, Page, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(Page, "<h1>"));
    }

    private static string Write(bool all) => CheckPage.Write(SampleChecks.Report, SampleChecks.Folded, SampleChecks.Scope.Site, all);

    [GeneratedRegex("<(?<end>/?)(?<name>[a-z][a-z0-9]*)[^>]*>")]
    private static partial Regex Tag();
}
