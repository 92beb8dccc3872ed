using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ark.Console;
using Ark.Core.Checks;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary><c>ark check</c> through the program, on a site of three machines in a network of their own.</summary>
public sealed class CheckCommandTests(CarriedSite site) : IClassFixture<CarriedSite>
{
    private const string Password = "p4ss of all machines";

    private static readonly string Mail = CheckCatalog.All.First(c => c is { Requirement: 21, Group: CheckGroup.People }).Id;

    [Fact]
    public async Task Machines_that_answer_are_checked_others_are_named_and_what_was_saved_is_judged_alike_elsewhere()
    {
        Assert.SkipWhen(TestSshd.Missing is not null, TestSshd.Missing ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/sudo"), "no sudo: apt-get install sudo");
        site.Begin();
        await using var first = await TestSshd.StartWithAccountsAsync(site.Network, "10.99.0.11", ("deploy", Password, "deploy ALL=(ALL) ALL"));
        await using var second = await TestSshd.StartWithAccountsAsync(site.Network, "10.99.0.12", ("deploy", Password, "deploy ALL=(ALL) ALL"));
        Assert.Contains("10.99.0.13", Run([.. "prepare --password-stdin".Split(' ')], Password + "\n").Error, StringComparison.Ordinal);
        site.Properties("machine_password=" + Password);

        var live = Run(["check", "--save", "facts.json", "--format", "json"]);
        Assert.True(live.Exit == ExitCode.CheckFailed, live.Error);
        var report = JsonDocument.Parse(live.Out).RootElement;
        Assert.Equal("10.99.0.13 ssh-refused", Assert.Single(Unreached(report)));
        var os = Results(report).Where(r => r.GetProperty("id").GetString() == CheckCatalog.All.First(c => c.Group == CheckGroup.System).Id).ToList();
        Assert.Equal(["10.99.0.11", "10.99.0.12", "10.99.0.13"], os.Select(r => r.GetProperty("machine").GetString()));
        Assert.Equal("couldNotCheck", os[2].GetProperty("result").GetString());
        Assert.All(os[..2], r => Assert.NotEqual("couldNotCheck", r.GetProperty("result").GetString()));

        // What would be changed is told in Chinese too; nothing is.
        var dry = Run(["check", "--apply", "--dry-run", "--task", "no-such", "--lang", "zh-CN"]);
        Assert.Equal((ExitCode.Done, ""), (dry.Exit, dry.Out));
        Assert.Matches("(?m)^~ .*台机器.*\n    - .*\n    \\+ .*\n", dry.Error);
        Assert.Matches("警告：tasks/: 没有带来任务 .*\n", dry.Error);
        Assert.DoesNotContain(dry.Error.Split('\n'), English.In);

        // Neither the folder of the site nor a machine is needed, and no password was carried away.
        var saved = await File.ReadAllTextAsync(Path.Combine(site.Work, "facts.json"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Password, saved, StringComparison.Ordinal);
        Directory.Delete(site.Root, recursive: true);
        var attempts = site.Network.Attempts();
        Assert.Equal((live.Exit, live.Out), Alike(site.Ark(["check", "--from", "facts.json", "--format", "json"])));
        Assert.Equal(attempts, site.Network.Attempts());
    }

    [Fact]
    public void Where_nobody_answers_every_machine_is_named_with_the_reason()
    {
        site.Prepared();
        var run = Run(["check"]);
        Assert.Equal((ExitCode.CheckFailed, true), (run.Exit, run.Out.StartsWith("Not reached\n", StringComparison.Ordinal)));
        foreach (var machine in TestNetwork.Machines) Assert.Contains($"  ✗ {machine}: Nothing listens on port 22: the connection was refused. [ssh-refused] → ", run.Out, StringComparison.Ordinal);
        Assert.Matches("^0 checks failed, .* on 0 of 3 machines$", run.Out.TrimEnd().Split('\n')[^1]);
        var report = JsonDocument.Parse(Run(["check", "--format", "json"]).Out).RootElement;
        Assert.Equal(TestNetwork.Machines.Select(m => m + " ssh-refused"), Unreached(report));
    }

    [Fact]
    public void What_the_task_will_take_is_saved_and_a_task_that_cannot_be_placed_is_warned_of()
    {
        site.Prepared();
        var facts = Saved(out var error);
        Assert.Equal(("", "cache csb"), (error, string.Join(' ', facts.Products!)));
        Assert.Equal(TestNetwork.Machines, facts.Needs.Keys.Order(StringComparer.Ordinal));
        Assert.All(facts.Needs.Values, n => Assert.StartsWith("cache-", n.Ports[6379], StringComparison.Ordinal));

        site.Change("tasks/task_1/task.yaml", "count: 3", "count: 5");
        facts = Saved(out error);
        Assert.Equal((0, true), (facts.Needs.Count, error.StartsWith("warning: ", StringComparison.Ordinal)));
        site.Change("tasks/task_1/task.yaml", "cache:", "cash:");
        facts = Saved(out error);
        Assert.Equal((null, true), (facts.Products, error.Contains("cash", StringComparison.Ordinal)));
    }

    [Fact]
    public void Where_all_is_well_the_exit_code_is_0_and_only_the_checks_asked_for_are_made()
    {
        Save("good.json", Facts() with { Answers = new Dictionary<int, Answer> { [21] = new(true, "smtp.shop.example", "ann@client", DateTimeOffset.UnixEpoch) } });
        var run = Run(["check", "--from", "good.json", "--only", Mail]);
        Assert.Equal((ExitCode.Done, "0 checks failed, 0 warned, 0 could not be checked; 1 passed on 3 machines\n"), (run.Exit, run.Out));
        var report = JsonDocument.Parse(Run(["check", "--from", "good.json", "--only", Mail, "--format", "json"]).Out).RootElement;
        Assert.True(report.GetProperty("good").GetBoolean());
        Assert.Equal((1, 3, 1), (report.GetProperty("summary").GetProperty("checks").GetInt32(), report.GetProperty("summary").GetProperty("machines").GetInt32(), report.GetProperty("summary").GetProperty("passed").GetInt32()));
        Assert.Equal(["id", "requirement", "machine", "result", "evidence", "wanted", "cause", "remedy", "fixable"], Results(report).Single().EnumerateObject().Select(p => p.Name));
        Assert.Equal((21, "", "pass"), (Results(report).Single().GetProperty("requirement").GetInt32(), Results(report).Single().GetProperty("machine").GetString(), Results(report).Single().GetProperty("result").GetString()));

        Save("bad.json", Facts());
        Assert.Equal(ExitCode.CheckFailed, Run(["check", "--from", "bad.json", "--only", Mail]).Exit);
    }

    [Fact]
    public void A_machine_of_the_site_of_which_a_file_says_nothing_is_not_forgotten()
    {
        var facts = Facts();
        Save("short.json", facts with { Machines = [.. facts.Machines.Skip(1)] });
        var run = Run(["check", "--from", "short.json", "--format", "json"]);
        Assert.Equal((ExitCode.CheckFailed, "10.99.0.11 not-in-file"), (run.Exit, Assert.Single(Unreached(JsonDocument.Parse(run.Out).RootElement))));
    }

    [Fact]
    public void A_page_is_written_whole_in_the_persons_language()
    {
        Save("bad.json", Facts());
        var english = Run(["check", "--from", "bad.json", "--format", "html", "--lang", "en"]);
        Assert.Equal(ExitCode.CheckFailed, english.Exit);
        Assert.StartsWith("<!doctype html>\n<html lang=\"en\">", english.Out, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", english.Out, StringComparison.Ordinal);
        var chinese = Run(["check", "--from", "bad.json", "--format", "html", "--lang", "zh-CN", "--out", "page.html"]);
        Assert.Equal((ExitCode.CheckFailed, ""), (chinese.Exit, chinese.Out));
        var page = File.ReadAllText(Path.Combine(site.Work, "page.html"));
        Assert.StartsWith("<!doctype html>\n<html lang=\"zh-CN\">", page, StringComparison.Ordinal);
        Assert.Contains("<h1>机器检查报告</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<h3>人工确认</h3>", page, StringComparison.Ordinal);
        Assert.Equal(Regex.Count(english.Out, "<[a-z]"), Regex.Count(page, "<[a-z]"));
        Assert.Contains("<dt>原因</dt><dd>Butler 使用哪台邮件服务器、端口和账号？</dd>", page, StringComparison.Ordinal);
        Assert.Contains("    无法检查  整个站点\n      实际: 尚未回答\n      原因: Butler 使用哪台邮件服务器、端口和账号？\n      处理: ark check --answer 21 yes TEXT\n", Run(["check", "--from", "bad.json", "--only", Mail, "--lang", "zh-CN"]).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_for_programs_is_in_English_whatever_the_persons_language()
    {
        Save("bad.json", Facts());
        string[][] commands = [["check", "--from", "bad.json", "--format", "json"], ["check", "--list", "--format", "json"]];
        Assert.All(commands, c => Assert.Equal(Run([.. c, "--lang", "en"]).Out, Run([.. c, "--lang", "zh-CN"]).Out));
    }

    [Theory]
    [InlineData("facts-unreadable", "{\"schema\": 1, \"machines\": [")]
    [InlineData("facts-unreadable", "")]
    [InlineData("facts-foreign", "{\"plan\": []}")]
    [InlineData("facts-foreign", "[]")]
    [InlineData("facts-newer", "{\"schema\": 2, \"machines\": []}")]
    [InlineData("facts-no-site", "{\"schema\": 1, \"at\": \"2026-11-25T17:00:00Z\", \"domain\": \"x.y\", \"machines\": [], \"probes\": [], \"properties\": \"\", \"answers\": {}, \"needs\": {}, \"products\": null}")]
    [InlineData("facts-unreadable", "{\"schema\": 1, \"at\": \"2026-11-25T17:00:00Z\", \"domain\": \"x.y\", \"machines\": [], \"probes\": []}")]
    [InlineData("not-text", null)]
    public void What_holds_no_facts_is_refused(string code, string? text)
    {
        site.Begin();
        var file = Path.Combine(site.Work, "facts.json");
        if (text is null) File.WriteAllBytes(file, [0xff, 0xfe, 0]);
        else File.WriteAllText(file, text);
        var run = Run(["check", "--from", "facts.json"]);
        Assert.Equal((ExitCode.Usage, "", code), (run.Exit, run.Out, CarriedSite.Errors(run.Error).Single().Code));
    }

    [Theory]
    [InlineData("options-apart", "--list", "--all", "--watch")]
    [InlineData("options-apart", "--from", "x", "--save", "y")]
    [InlineData("options-apart", "--watch", "--format", "json")]
    [InlineData("options-apart", "--list", "--format", "html")]
    [InlineData("options-apart", "--out", "x")]
    [InlineData("unknown-check", "--only", "no-such-check", "nor-this")]
    [InlineData("bad-task-id", "--task", "../1")]
    [InlineData("bad-deadline", "--deadline", "0")]
    [InlineData("options-apart", "--from", "x", "--deadline", "9")]
    [InlineData("unknown-requirement", "--answer", "9", "yes")]
    [InlineData("unknown-requirement", "--answer", "x", "yes")]
    [InlineData("bad-answer", "--answer", "21", "perhaps")]
    public void Wrong_usage_is_refused_before_anything_is_done(string code, params string[] arguments)
    {
        site.Prepared();
        var (before, attempts) = (CarriedSite.Fingerprint(site.Root), site.Network.Attempts());
        var run = Run(["check", .. arguments]);
        Assert.Equal((ExitCode.Usage, ""), (run.Exit, run.Out));
        Assert.All(CarriedSite.Errors(run.Error), e => Assert.Equal(code, e.Code));
        Assert.Equal((before, attempts), (CarriedSite.Fingerprint(site.Root), site.Network.Attempts()));
    }

    [Fact]
    public void Other_verbs_know_no_page_and_a_site_that_is_not_prepared_cannot_be_checked()
    {
        site.Begin();
        Assert.Equal(ExitCode.Usage, Run(["addresses", "--format", "html"]).Exit);
        Assert.Equal(ExitCode.Usage, Run(["check", "--answer", "21"]).Exit);
        var run = Run(["check"]);
        Assert.Equal((ExitCode.Usage, "not-prepared"), (run.Exit, CarriedSite.Errors(run.Error).Single().Code));
    }

    [Fact]
    public void Answers_are_remembered_with_who_gave_them_and_when_and_what_is_spoilt_is_named()
    {
        site.Prepared();
        Assert.Equal(ExitCode.Done, Run(["check", "--answer", "21", "no"]).Exit);
        var run = Run(["check", "--answer", "21", "yes", "smtp.shop.example: port 465"]);
        Assert.Equal((ExitCode.Done, "Requirement 21 is answered: yes.\n"), (run.Exit, run.Error));
        Assert.Equal(ExitCode.Done, Run(["check", "--answer", "17", "no"]).Exit);
        var answers = JsonDocument.Parse(site.Read("var/answers.json")).RootElement.GetProperty("answers");
        Assert.Equal(["17", "21"], answers.EnumerateObject().Select(a => a.Name));
        var answer = answers.GetProperty("21");
        Assert.Equal((true, "smtp.shop.example: port 465"), (answer.GetProperty("yes").GetBoolean(), answer.GetProperty("text").GetString()));
        Assert.Contains("@", answer.GetProperty("by").GetString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, answer.GetProperty("at").GetDateTimeOffset().Offset);
        Assert.Equal(["answers.json"], Directory.GetFiles(Path.Combine(site.Root, "var")).Select(f => Path.GetFileName(f)));

        var mail = Results(JsonDocument.Parse(Run(["check", "--only", Mail, "--format", "json"]).Out).RootElement).Single();
        Assert.Equal("pass", mail.GetProperty("result").GetString());
        foreach (var bad in (string[])["{", "{\"schema\":2,\"answers\":{}}", "{\"schema\":1,\"answers\":{\"21\":null}}", "null"])
        {
            site.Write("var/answers.json", bad);
            var wrong = Run(["check", "--answer", "21", "yes"]);
            Assert.Equal((ExitCode.Usage, "bad-answers"), (wrong.Exit, CarriedSite.Errors(wrong.Error).Single().Code));
            Assert.Equal(bad, site.Read("var/answers.json"));
        }
    }

    [Fact]
    public void The_list_shows_every_check_with_its_requirement()
    {
        var list = JsonDocument.Parse(Run(["check", "--list", "--format", "json", "--lang", "en"]).Out).RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.Equal(CheckCatalog.All.Select(c => (c.Id, c.Title)), list.Select(c => (c.GetProperty("id").GetString()!, c.GetProperty("title").GetString()!)));
        Assert.Equal(CheckCatalog.All.Select(c => c.Requirement), list.Select(c => c.GetProperty("requirement") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : (int?)null));
        var table = Run(["check", "--list", "--lang", "en"]).Out;
        Assert.All(CheckCatalog.All, c => Assert.Contains(c.Id, table, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Watching_ends_when_a_person_interrupts_it()
    {
        site.Prepared();
        var words = site.Network.Enter.Concat([Path.Combine(AppContext.BaseDirectory, "ark"), "check", "--watch", "--lang", "en", "--site", site.Root]).ToList();
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("Not reached", await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        using (var signal = Process.Start("/bin/kill", ["-INT", $"{process.Id}"])) await signal.WaitForExitAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((ExitCode.Interrupted, true), (process.ExitCode, (await error).EndsWith("interrupted\n", StringComparison.Ordinal)));
    }

    /// <summary>Three machines that answered and said nothing.</summary>
    private static FactsFile Facts() => new(
        HostFacts.CurrentSchema, DateTimeOffset.UnixEpoch, "shop.example",
        [.. TestNetwork.Machines.Select(m => new HostFacts { Machine = m, At = DateTimeOffset.UnixEpoch })], [])
    {
        Properties = CarriedSite.Good,
    };

    private FactsFile Saved(out string error)
    {
        var run = Run(["check", "--save", "facts.json"]);
        Assert.Equal(ExitCode.CheckFailed, run.Exit);
        error = run.Error;
        return FactsFile.Read(File.ReadAllText(Path.Combine(site.Work, "facts.json")), "facts.json").Value!;
    }

    private void Save(string name, FactsFile facts)
    {
        site.Begin();
        File.WriteAllText(Path.Combine(site.Work, name), facts.Write());
    }

    private (int Exit, string Out, string Error) Run(string[] arguments, string? input = null) => site.Ark([.. arguments, "--site", site.Root], input);

    private static (int Exit, string Out) Alike((int Exit, string Out, string Error) run) => (run.Exit, run.Out);

    private static IEnumerable<string> Unreached(JsonElement report) =>
        report.GetProperty("notReached").EnumerateArray().Select(m => $"{m.GetProperty("machine").GetString()} {m.GetProperty("code").GetString()}");

    private static IReadOnlyList<JsonElement> Results(JsonElement report) => [.. report.GetProperty("results").EnumerateArray()];
}
