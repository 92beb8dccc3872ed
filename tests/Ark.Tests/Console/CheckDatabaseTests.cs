using System.Text.Json;
using Ark.Console;
using Ark.Core.Checks;
using Ark.Testing.Ssh;
using Ark.Tests.Checks;
using Xunit;

namespace Ark.Tests.Console;

/// <summary><c>ark check</c> through the program where the customer brings the metadata database.</summary>
public sealed class CheckDatabaseTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string Password = "Db-4417;x";

    private static readonly string[] Checks = [.. DatabaseChecks.All.Select(c => c.Id)];

    [Fact]
    public async Task It_is_asked_with_the_encrypted_password_and_what_was_saved_is_judged_alike()
    {
        Assert.SkipWhen(TestMariaDb.Missing is not null, TestMariaDb.Missing ?? "");
        await using var database = await TestMariaDb.StartAsync(site.Network.Enter, TestNetwork.Machines[2], 3306, null, "--lower-case-table-names=1", "--character-set-server=latin1");
        await database.RunAsync($"CREATE USER dba@'10.99.0.%' IDENTIFIED BY '{Password}'; GRANT ALL ON *.* TO dba@'10.99.0.%'");
        Prepare("metadb_password=" + Password);
        Assert.Equal(ExitCode.Done, site.Ark(["secret", "encrypt", "--site", site.Root, "--passphrase-file", site.PassphraseFile]).Exit);

        var live = Check("--save", "facts.json", "--passphrase-file", site.PassphraseFile);

        Assert.True(live.Exit == ExitCode.CheckFailed, live.Error);
        Assert.Equal(["pass", "fail", "pass", "fail"], Results(live.Out).Select(r => r.GetProperty("result").GetString()));
        Assert.Equal("dba lacks GRANT OPTION", Results(live.Out)[3].GetProperty("evidence").GetString());
        var saved = await File.ReadAllTextAsync(Path.Combine(site.Work, "facts.json"), TestContext.Current.CancellationToken);
        Assert.Contains("\"characterSet\": \"latin1\"", saved, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, saved + live.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("IDENTIFIED", saved, StringComparison.Ordinal);
        await database.RunAsync("DROP USER dba@'10.99.0.%'");
        var judged = site.Ark(["check", "--from", "facts.json", "--format", "json", "--only", .. Checks]);
        Assert.Equal((live.Exit, live.Out), (judged.Exit, judged.Out));
    }

    [Fact]
    public void Where_it_does_not_answer_or_nobody_said_the_password_it_could_not_be_checked_for_that_reason()
    {
        Prepare();
        Assert.All(Results(Check().Out), r => Assert.Equal("Nobody said the password of dba at 10.99.0.13:3306.", r.GetProperty("cause").GetString()));
        Prepare("metadb_password=" + Password);
        var refused = Results(Check().Out);
        Assert.Equal(4, refused.Count);
        Assert.All(refused, r => Assert.Equal(("couldNotCheck", "Nothing listens on port 3306 of 10.99.0.13: the connection was refused."), (r.GetProperty("result").GetString(), r.GetProperty("cause").GetString())));
        Assert.Equal(ExitCode.Done, site.Ark(["secret", "encrypt", "--site", site.Root, "--passphrase-file", site.PassphraseFile]).Exit);
        Assert.All(Results(Check().Out), r => Assert.Equal("The site's passphrase is needed and was not given.", r.GetProperty("cause").GetString()));
    }

    private void Prepare(params string[] more) =>
        site.Prepared().Properties(["aliware_version=3.0.x", "use_container_metadb=no", "metadb_ip=10.99.0.13", "metadb_port=3306", "metadb_user=dba", .. more]);

    private (int Exit, string Out, string Error) Check(params string[] more) => site.Ark(["check", "--format", "json", "--site", site.Root, .. more, "--only", .. Checks]);

    private static IReadOnlyList<JsonElement> Results(string report) => [.. JsonDocument.Parse(report).RootElement.GetProperty("results").EnumerateArray()];
}
