using Ark.Core.Fixes;
using CsCheck;
using Xunit;

namespace Ark.Core.Tests.Fixes;

public sealed class SettingTextTests
{
    [Fact]
    public void The_last_line_of_a_setting_is_replaced_and_everything_else_stays() =>
        Assert.Equal("# vm.swappiness = 1\nvm.swappiness=60\n\nvm.swappiness = 10\nx = 1", SettingText.Set("# vm.swappiness = 1\nvm.swappiness=60\n\n vm.swappiness=40\nx = 1", SettingText.Assignment("vm.swappiness"), "vm.swappiness = 10"));

    [Theory]
    [InlineData("", "a = 1\n")]
    [InlineData("b = 2", "b = 2\na = 1\n")]
    [InlineData("b = 2\n", "b = 2\na = 1\n")]
    public void A_setting_that_is_not_there_comes_last(string text, string expected) => Assert.Equal(expected, SettingText.Set(text, SettingText.Assignment("a"), "a = 1"));

    [Fact]
    public void Swap_lines_are_commented_out_and_others_are_not() =>
        Assert.Equal("# /dev/sdb1 none swap sw 0 0\n# UUID=1 none swap defaults 0 0\n/swap /data ext4 defaults 0 2\n# /swapfile\tswap\tswap\tdefaults\t0 0\n",
            SettingText.Comment("/dev/sdb1 none swap sw 0 0\n# UUID=1 none swap defaults 0 0\n/swap /data ext4 defaults 0 2\n/swapfile\tswap\tswap\tdefaults\t0 0\n", SettingText.SwapLine()));

    [Theory]
    [InlineData("127.0.0.1 localhost\n", "127.0.0.1 localhost\n10.0.0.11 m1\n")]
    [InlineData("127.0.1.1 m1\n", "# 127.0.1.1 m1\n10.0.0.11 m1\n")]
    [InlineData("127.0.1.1\tm1.site M1 other # note\n", "127.0.1.1\tm1.site other # note\n10.0.0.11 m1\n")]
    [InlineData("10.0.0.11 m1 alias\n10.0.0.9 m1\n", "10.0.0.11 m1 alias\n# 10.0.0.9 m1\n")]
    [InlineData("# 10.0.0.9 m1\n10.0.0.9 m10\n", "# 10.0.0.9 m1\n10.0.0.9 m10\n10.0.0.11 m1\n")]
    public void A_name_gets_one_address(string before, string after) => Assert.Equal(after, SettingText.Assign(before, "10.0.0.11", "m1"));

    [Theory]
    [InlineData("Include /etc/ssh/sshd_config.d/*.conf\n", "UseDNS no\nInclude /etc/ssh/sshd_config.d/*.conf\n")]
    [InlineData("usedns yes\nPort 22\n", "UseDNS no\nPort 22\n")]
    [InlineData("", "UseDNS no\n")]
    public void What_the_SSH_server_is_told_first_counts(string before, string after) => Assert.Equal(after, SettingText.First(before, "UseDNS", "no"));

    [Fact]
    public void Whoever_edits_twice_changes_nothing_more()
    {
        var texts = Gen.OneOf(Gen.Const("127.0.1.1 m1 x"), Gen.Const("10.0.0.11 m1"), Gen.Const(""), Gen.Const("# c"), Gen.Const("/dev/a none swap sw 0 0"), Gen.Const("a=2"), Gen.Const("\tA b\r")).Array[0, 8].Select(l => string.Join('\n', l));
        texts.Sample(text =>
        {
            Assert.All((Func<string, string>[])
            [
                t => SettingText.Assign(t, "10.0.0.11", "m1"), t => SettingText.Set(t, SettingText.Assignment("a"), "a = 1"), t => SettingText.Comment(t, SettingText.SwapLine()), t => SettingText.First(t, "UseDNS", "no"),
            ], edit => Assert.Equal(edit(text), edit(edit(text))));
        });
    }
}
