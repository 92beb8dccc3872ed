using Ark.Console.Output;
using Ark.Console.Texts;
using Ark.Core.Checks;
using Spectre.Console;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>What <c>ark check</c> prints, of a report made for it.</summary>
public sealed class CheckViewTests
{
    [Fact]
    public void Problems_are_grouped_by_check_with_machines_folded_and_the_last_line_is_the_summary() => Assert.Equal(
        """
        Not reached
          ✗ 10.0.0.30: Nothing listens on port 22: the connection was refused. [ssh-refused] → systemctl enable --now ssh
        Clock
          ✗ The clocks agree (clock-offset)
            fail  3 of 20 machines: 10.0.0.11, 10.0.0.12, 10.0.0.15
              seen: 10.0.0.11: 3.2 s ahead
              seen: 10.0.0.12, 10.0.0.15: 1.4 s behind
              wanted: at most 0.5 s
              cause: The clock is not kept.
              remedy: ark check --apply
        Kernel
          ✗ IPv4 forwarding is on (ip-forwarding, requirement 9)
            fail  5 of 20 machines: 10.0.0.12–10.0.0.15, 10.0.0.20
              seen: net.ipv4.ip_forward is 0
              wanted: net.ipv4.ip_forward is 1
              cause: Forwarding is off.
              remedy: ssh <machine> sysctl -w net.ipv4.ip_forward=1
        Software
          ! The tools are there (tools, requirement 2)
            warning  1 of 20 machines: 10.0.0.11
              seen: <script>alert('x')</script> & �[31m  red
              wanted: telnet
              cause: It is <b>missing</b>.
              remedy: apt-get install telnet
        Answers of people
          ? There is a mail server (mail, requirement 21)
            could not check  the site
              seen: nobody answered
              cause: It was not asked yet.
              remedy: ark check --answer 21 yes
        2 checks failed, 1 warned, 1 could not be checked; 1 passed on 19 of 20 machines

        """,
        Shown(all: false));

    [Fact]
    public void All_shows_what_passed_and_what_does_not_apply_too()
    {
        var text = Shown(all: true);
        Assert.Contains("  ✓ The kernel swaps late (swappiness)\n    pass  19 of 20 machines: 10.0.0.11–10.0.0.29\n      seen: vm.swappiness is 1\n", text, StringComparison.Ordinal);
        Assert.Contains("  - The VLAN is given (vlan, requirement 10)\n    not applicable  the site\n      seen: only in physical mode\n", text, StringComparison.Ordinal);
        Assert.Contains("    pass  14 of 20 machines: 10.0.0.11, 10.0.0.16–10.0.0.19, 10.0.0.21–10.0.0.29\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_only_for_terminals()
    {
        Assert.DoesNotContain('\u001b', Shown(all: true));
        Assert.Contains("\u001b[", Shown(all: true, AnsiSupport.Yes), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_check_has_a_title_in_Chinese_and_no_title_is_left_over()
    {
        Assert.Equal(CheckCatalog.All.Select(c => c.Id).Order(StringComparer.Ordinal), CheckTitles.Chinese.Keys.Order(StringComparer.Ordinal));
        Assert.All(CheckTitles.Chinese, title => Assert.True(title.Value.Any(c => c > 0x2E80), title.Key));
    }

    private static string Shown(bool all, AnsiSupport ansi = AnsiSupport.No)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(text), Ansi = ansi, ColorSystem = ansi == AnsiSupport.Yes ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors });
        CheckView.Show(console, SampleChecks.Report, SampleChecks.Folded, all);
        return text.ToString();
    }
}
