using System.Net;
using Ark.Panama.Features.Baselines;
using Ark.Web.Tests.Hosts;
using Xunit;

namespace Ark.Web.Tests.Baselines;

/// <summary>How far git is let.</summary>
public sealed class GitLimitTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ark-git-");

    public void Dispose() => _folder.Delete(recursive: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private GitSettings Settings => new() { Folder = Path.Combine(_folder.FullName, "mirrors"), LocalFolder = _folder.FullName };

    [Fact]
    public async Task A_mirror_that_is_too_big_or_takes_too_long_is_given_up()
    {
        var git = new GitRepository(Path.Combine(_folder.FullName, "r"));
        git.Write("big.bin", string.Concat(Enumerable.Range(0, 20_000).Select(_ => Guid.NewGuid())));
        git.Commit("big");
        var url = RepositoryAddress.Parse(git.Url, Settings).Value!;

        var big = await new GitProgram(Settings with { MaxBytes = 100_000 }).MirrorAsync(url, [], Path.Combine(_folder.FullName, "m1"), Cancellation);
        var late = await new GitProgram(Settings with { Deadline = TimeSpan.Zero }).MirrorAsync(url, [], Path.Combine(_folder.FullName, "m2"), Cancellation);
        var fine = await new GitProgram(Settings).MirrorAsync(url, [], Path.Combine(_folder.FullName, "m3"), Cancellation);

        Assert.Equal("git-too-big", Assert.Single(big.Problems).Code);
        Assert.Equal("git-timeout", Assert.Single(late.Problems).Code);
        Assert.True(fine.Ok);
    }

    [Fact]
    public async Task Hooks_and_settings_of_a_repository_do_not_run_here()
    {
        var git = new GitRepository(Path.Combine(_folder.FullName, "r"));
        var mark = Path.Combine(_folder.FullName, "mark");
        foreach (var hook in (string[])["post-checkout", "reference-transaction", "post-update", "pre-auto-gc"])
        {
            git.Write($".git/hooks/{hook}", $"#!/bin/sh\ntouch {mark}\n");
            File.SetUnixFileMode(Path.Combine(git.Folder, ".git/hooks", hook), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        }

        git.Git("config", "uploadpack.packObjectsHook", $"touch {mark}; exec");
        git.Git("config", "core.fsmonitor", $"touch {mark}");
        var made = await new GitProgram(Settings).MirrorAsync(RepositoryAddress.Parse(git.Url, Settings).Value!, [], Path.Combine(_folder.FullName, "m"), Cancellation);
        Assert.True(made.Ok, string.Join(' ', made.Problems));
        Assert.False(File.Exists(mark));
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_refused_when_it_is_looked_up_unless_it_is_named_in_the_settings()
    {
        var uri = new Uri("https://localhost/x.git");
        Assert.Equal("own-address", Assert.Single((await RepositoryAddress.ResolveAsync(uri, Settings, Cancellation)).Problems).Code);
        Assert.Equal("own-address", Assert.Single(RepositoryAddress.Parse(uri.AbsoluteUri, Settings).Problems).Code);
        var allowed = Settings with { AllowedHosts = ["localhost"] };
        Assert.True((await RepositoryAddress.ResolveAsync(uri, allowed, Cancellation)).Ok);
        Assert.True(RepositoryAddress.Parse(uri.AbsoluteUri, allowed).Ok);
        Assert.Equal("unknown-host", Assert.Single((await RepositoryAddress.ResolveAsync(new("https://nowhere.invalid/x.git"), Settings, Cancellation)).Problems).Code);
    }

    [Theory]
    [InlineData("10.1.2.3", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("2001:db8::1", false)]
    [InlineData("127.8.8.8", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("169.254.1.1", true)]
    [InlineData("100.100.100.200", true)]
    [InlineData("224.0.0.1", true)]
    [InlineData("255.255.255.255", true)]
    [InlineData("::", true)]
    [InlineData("::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("64:ff9b::7f00:1", true)]
    public void Addresses_of_this_machine_and_of_metadata_are_known(string address, bool own) => Assert.Equal(own, RepositoryAddress.IsOwn(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://git.shop.example/ark/baselines.git")]
    [InlineData("https://git.shop.example:8443/ark/baselines.git")]
    [InlineData("https://10.0.0.5/ark/baselines.git")]
    [InlineData("ssh://git@git.shop.example:2222/ark/baselines.git")]
    [InlineData("ssh://git.shop.example/ark/~x/baselines.git")]
    public void Plain_addresses_are_taken_as_they_stand(string url) => Assert.Equal(url, RepositoryAddress.Parse($" {url} ", Settings).Value?.AbsoluteUri);
}
