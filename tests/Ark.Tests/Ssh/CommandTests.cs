using System.Text;
using Ark.Core;
using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

public sealed class CommandTests(SshdFixture sshd) : IClassFixture<SshdFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_returns_its_exit_code_output_and_errors()
    {
        await using var shell = await sshd.ConnectAsync();
        Assert.Equal(new CommandResult(3, "out\n", "err\n"), await shell.RunAsync(new RemoteCommand("echo out; echo err >&2; exit 3"), Token));
    }

    [Fact]
    public async Task A_quoted_value_arrives_as_it_is()
    {
        await using var shell = await sshd.ConnectAsync();
        const string Value = "it's \"$HOME\" `id` \\ !! \n\t* 中文;&|";
        var result = await shell.RunAsync(new RemoteCommand($"printf %s {ShellText.Quote(Value)}"), Token);
        Assert.Equal(Value, result.Output);
    }

    [Fact]
    public async Task A_secret_goes_through_the_input_and_is_not_in_the_process_list()
    {
        await using var shell = await sshd.ConnectAsync();
        var command = new RemoteCommand("read -r s; ps -ef; echo got $s") { }.WithInput(new Secret("canary-7731\n"));
        var result = await shell.RunAsync(command, Token);
        Assert.EndsWith("got canary-7731\n", result.Output);
        Assert.Single(result.Output.Split("canary-7731")[..^1]);
        Assert.DoesNotContain("canary", command.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task A_command_without_input_reads_the_end_at_once(string? input)
    {
        await using var shell = await sshd.ConnectAsync();
        var result = await shell.RunAsync(new RemoteCommand("cat; echo end") { Input = input is null ? null : [] }, Token);
        Assert.Equal("end\n", result.Output);
    }

    [Fact]
    public async Task A_large_input_comes_back_whole()
    {
        await using var shell = await sshd.ConnectAsync();
        var text = string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i:x8}"));
        var result = await shell.RunAsync(new RemoteCommand("cat").WithInput(text), Token);
        Assert.Equal(text, result.Output);
    }

    [Fact]
    public async Task A_command_that_does_not_read_its_large_input_ends_all_the_same()
    {
        await using var shell = await sshd.ConnectAsync();
        var result = await shell.RunAsync(new RemoteCommand("exit 5") { Input = new byte[16 << 20] }, Token);
        Assert.Equal(5, result.ExitCode);
        Assert.True((await shell.RunAsync(new RemoteCommand("true"), Token)).Ok);
    }

    [Fact]
    public async Task A_command_ended_by_a_signal_says_so_in_its_exit_code()
    {
        await using var shell = await sshd.ConnectAsync();
        Assert.Equal(137, (await shell.RunAsync(new RemoteCommand("kill -KILL $$"), Token)).ExitCode);
    }

    [Fact]
    public async Task Forty_commands_at_once_share_one_connection()
    {
        await using var shell = await sshd.ConnectAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            shell.RunAsync(new RemoteCommand($"sleep 0.1; echo {i} $(ps -o ppid= -p $(ps -o ppid= -p $PPID))"), Token)));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{i}"), results.Select(r => r.Output.Split(' ')[0]));
        Assert.Single(results.Select(r => r.Output.Trim().Split(' ')[^1]).Distinct());
    }

    [Fact]
    public async Task A_server_that_allows_two_sessions_serves_twelve_commands()
    {
        await using var strict = await TestSshd.StartAsync(["MaxSessions 2"]);
        await using var shell = await SshdFixture.ConnectAsync(strict);
        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => shell.RunAsync(new RemoteCommand("sleep 0.05; echo ok"), Token)));
        Assert.All(results, r => Assert.Equal("ok\n", r.Output));
    }

    [Fact]
    public async Task A_script_that_is_too_long_for_an_argument_is_refused_before_it_is_sent()
    {
        await using var shell = await sshd.ConnectAsync();
        var script = new StringBuilder().Append(": ").Append('x', 130 * 1024).ToString();
        await Assert.ThrowsAsync<ArgumentException>(() => shell.RunAsync(new RemoteCommand(script), Token));
    }

    [Fact]
    public async Task The_sbin_folders_are_in_the_path_and_the_language_is_C()
    {
        await using var shell = await sshd.ConnectAsync();
        var result = await shell.RunAsync(new RemoteCommand("echo $PATH $LC_ALL"), Token);
        Assert.Matches("/usr/sbin.* C\n$", result.Output);
    }
}
