using Ark.Remote.Ssh;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Ssh;

/// <summary>One sshd for the tests of a class.</summary>
public sealed class SshdFixture : IAsyncLifetime
{
    public TestSshd Sshd { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Sshd = await TestSshd.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Sshd is not null)
            await Sshd.DisposeAsync();
    }

    public Task<SshShell> ConnectAsync(SshOptions? options = null) => ConnectAsync(Sshd, options);

    public static async Task<SshShell> ConnectAsync(TestSshd sshd, SshOptions? options = null)
    {
        var shell = await SshShell.ConnectAsync(
            sshd.Address, sshd.Login, sshd.HostKeys, options ?? new SshOptions(), requireSudo: true, TestContext.Current.CancellationToken);
        Assert.True(shell.Ok, string.Join('\n', shell.Problems));
        return shell.Value;
    }
}
