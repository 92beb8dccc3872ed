using Ark.Remote.Packages;
using Ark.Remote.Programs;
using Xunit;

namespace Ark.Tests.Packages;

public sealed class DebianClosureTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("ark-debs-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public void What_apt_says_it_would_install_is_read()
    {
        const string output = """
            Reading package lists...
            Inst gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [amd64])
            Inst libc6:amd64 [2.36-9] (2.36-9+deb12u14 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64]) []
            Inst login (1:4.13+dfsg1-1+deb12u2 Debian:12.15/oldstable [amd64]) [a on b]
            Conf gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [amd64])
            """;
        Assert.Equal(["gcc-12-base_12.2.0-14+deb12u1_amd64.deb", "libc6_2.36-9+deb12u14_amd64.deb", "login_1%3a4.13+dfsg1-1+deb12u2_amd64.deb"],
            DebianPackage.Simulated(output).Select(p => p.FileName));
    }

    [Fact]
    public async Task A_repository_holds_what_a_minimal_system_lacks_and_apt_reads_it_without_a_network()
    {
        var directory = Path.Combine(_work, "debian-12");
        var made = await DebianClosure.MakeAsync(DebianRelease.Bookworm, ["iptables"], directory, refresh: false, null, Token);
        Assert.Empty(made.Problems);
        var names = made.Value!.Select(p => p.Name).ToList();
        Assert.Contains("iptables", names);
        Assert.Contains("libxtables12", names);
        Assert.DoesNotContain("libc6", names);
        Assert.Equal(made.Value!.Select(p => p.FileName).Concat(["Packages", "Release"]).Order(StringComparer.Ordinal), Directory.GetFiles(directory).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));

        var list = Path.Combine(_work, "ark.list");
        File.WriteAllText(list, $"deb [trusted=yes] file:{directory} ./\n");
        Directory.CreateDirectory(Path.Combine(_work, "state/lists/partial"));
        var script = $"apt-get -q -o Dir::Etc::SourceList={list} -o Dir::Etc::SourceParts=- -o Dir::State::Lists={_work}/state/lists -o Dir::Cache={_work}/state -o APT::Sandbox::User=root update"
            + $" && apt-cache -o Dir::Etc::SourceList={list} -o Dir::Etc::SourceParts=- -o Dir::State::Lists={_work}/state/lists -o Dir::Cache={_work}/state -o Dir::State::status=/dev/null policy iptables";
        var read = await LocalProgram.RunAsync(new ProgramCall("unshare", "--net", "sh", "-c", script), Token);
        Assert.Contains("Candidate: " + made.Value!.Single(p => p.Name == "iptables").Version, read.Output, StringComparison.Ordinal);

        var before = Directory.GetFiles(directory).Max(File.GetLastWriteTimeUtc);
        var again = await DebianClosure.MakeAsync(DebianRelease.Bookworm, ["iptables"], directory, refresh: false, "http://127.0.0.1:9/debian", Token);
        Assert.Equal(made.Value!.Order(Comparer<DebianPackage>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name))), again.Value!.OrderBy(p => p.Name, StringComparer.Ordinal));
        Assert.Equal(before, Directory.GetFiles(directory).Max(File.GetLastWriteTimeUtc));
        Assert.Equal("apt-failed", Assert.Single((await DebianClosure.MakeAsync(DebianRelease.Bookworm, ["tini"], directory, refresh: false, "http://127.0.0.1:9/debian", Token)).Problems).Code);
        Assert.True(File.Exists(Path.Combine(directory, "Release")), "a failed call leaves the earlier repository");
    }
}
