using System.CommandLine;
using System.Globalization;
using System.Text;
using Ark.Console.Output;
using Ark.Console.Sites;
using Ark.Core;
using Ark.Core.Checks;
using Ark.Core.Requirements;
using Ark.Core.Sites;
using Ark.Core.Tasks;
using Ark.Core.Yaml;
using Ark.Remote.Checks;
using Ark.Remote.State;
using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Commands;

/// <summary><c>ark check</c>: whether the machines are what a deployment needs. It changes nothing on them but by <c>--apply</c> and <c>--undo</c>.</summary>
public static class CheckCommand
{
    public const string Verb = "check";

    private const int Interval = 5;
    private const int LongestDeadline = 3600;

    /// <summary>From the first line on; what was scrolled out of sight before stays there.</summary>
    private const string FreshScreen = "\u001b[H\u001b[J";

    private static readonly Option<bool> List = new("--list") { Description = "Show the checks with the requirements that they answer." };
    private static readonly Option<bool> All = new("--all") { Description = "Also show what passed and what does not apply." };
    private static readonly Option<string[]> Only = new("--only") { Description = "Only these checks, by id.", AllowMultipleArgumentsPerToken = true };
    private static readonly Option<string?> Out = new("--out") { Description = "File for --format json or html, instead of stdout." };
    private static readonly Option<string?> Save = new("--save") { Description = "File to keep what the machines said in, without secrets." };
    private static readonly Option<string?> From = new("--from") { Description = "Judge what --save kept, without any connection." };
    private static readonly Option<bool> Watch = new("--watch") { Description = "Check again and again until all is well." };
    private static readonly Option<string?> Task = new("--task") { Description = "Id of the task that the machines are checked for; by default the properties' task_id, or the only one." };
    private static readonly Option<bool> Apply = new("--apply") { Description = "Mend what software may mend, after a yes; it can be undone." };
    private static readonly Option<bool> StopFirewall = new("--stop-firewall") { Description = "With --apply: switch firewalls off, where only ports would be opened." };
    private static readonly Option<string?> Undo = new("--undo") { Description = "Put back what a run of --apply changed, by its id; without one, show the runs.", HelpName = "ID", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Fsync = new("--fsync") { Description = "Also measure how fast disks write: for two seconds at most, a few megabytes under docker_dir are written and taken away." };
    private static readonly Option<bool> Bandwidth = new("--bandwidth") { Description = "Also measure how much goes from each machine to each other: a second each way, no machine in two measurements at once." };
    private static readonly Option<int?> Deadline = new("--deadline") { Description = "Seconds that a machine may take to tell its facts, and half of them to let Ark in; by default 60. Later it is named as not reached.", HelpName = "SECONDS" };
    private static readonly Option<string[]> Give = new("--answer")
    {
        Description = "Answer a requirement that no machine can answer: its number, yes or no, and a text that says more.", HelpName = "N yes|no [TEXT]", Arity = new(2, 3), AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>What does not go together.</summary>
    private static readonly IReadOnlyList<(Option One, IReadOnlyList<Option> Others)> Apart =
    [
        (List, [Give, From, Watch, Save, Out, All, Task, Fsync, Bandwidth, Deadline, Apply, Undo]),
        (Give, [From, Watch, Save, Out, All, Task, Only, Fsync, Bandwidth, Deadline, Apply, Undo]),
        (Undo, [From, Watch, Save, Out, All, Task, Only, Fsync, Bandwidth, Deadline, Apply, StopFirewall]),
        (From, [Watch, Save, Task, Fsync, Bandwidth, Deadline, Apply]),
        (Watch, [Save, Out, Apply, Bandwidth]),
    ];

    public static Command Create()
    {
        var command = new Command(Verb, "Check the machines: what they are, each and together, against what the site and its task need. Changes nothing without --apply.")
        {
            List, All, Only, Out, Save, From, Watch, Task, Fsync, Bandwidth, Deadline, Give, Apply, StopFirewall, Undo, GlobalOptions.DryRun,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var misuse = Misuse(parsed).ToList();
        if (misuse.Count > 0) return Talk.Problems(misuse, ExitCode.Usage);
        var only = parsed.GetValue(Only) ?? [];
        IReadOnlyList<Check> checks = only.Length == 0 ? CheckCatalog.All : [.. CheckCatalog.All.Where(c => only.Contains(c.Id))];
        if (parsed.GetValue(List))
        {
            CheckView.List(checks, parsed.WantsJson());
            return ExitCode.Done;
        }

        if (parsed.GetValue(Give) is { Length: > 0 } answer) return Keep(parsed.SiteFolder(), answer);
        if (parsed.GetResult(Undo) is { Implicit: false }) return await FixRun.UndoAsync(parsed, parsed.GetValue(Undo), cancellation);
        if (parsed.GetValue(From) is not { } file) return await LiveAsync(parsed, checks, cancellation);
        var saved = CheckWorld.Read(file);
        return saved.Ok ? Tell(parsed, saved.Value, checks) : Talk.Problems(saved.Problems, ExitCode.Usage);
    }

    private static async Task<int> LiveAsync(ParseResult parsed, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        var folder = parsed.SiteFolder();
        var site = Session.ReadSite(folder);
        Talk.Problems(site.Problems, ExitCode.Done);
        if (!site.Ok) return ExitCode.Usage;
        var question = new CheckQuestion(parsed.GetValue(Task), parsed.GetValue(Fsync))
        {
            Deadlines = parsed.GetValue(Deadline) is { } seconds ? GatherDeadlines.Of(TimeSpan.FromSeconds(seconds)) : GatherDeadlines.Default,
            Bandwidth = parsed.GetValue(Bandwidth),
            DatabasePassword = site.Value.Metadb is { } database ? Password(parsed, folder, database) : null,
        };
        IReadOnlyList<(string, string, Verdict)>? before = null;
        while (true)
        {
            var facts = await CheckWaiting.ShowAsync(site.Value, waiting => CheckWorld.GatherAsync(folder, question, waiting, cancellation));
            if (before is null || !facts.Ok) Talk.Problems(facts.Problems, ExitCode.Done);
            if (!facts.Ok) return ExitCode.Usage;
            if (parsed.GetValue(Save) is { } file) CheckWorld.Write(facts.Value, file);
            if (parsed.GetValue(Apply) && before is null)
            {
                var mended = await FixRun.ApplyAsync(parsed, facts.Value, checks, parsed.GetValue(StopFirewall), cancellation);
                if (mended != FixRun.Judged) return mended;
                before = [];
                continue;
            }

            if (!parsed.GetValue(Watch)) return Tell(parsed, facts.Value, checks);

            var report = CheckReport.Of(CheckWorld.Scope(facts.Value), checks);
            var live = Terminal.Out.Profile.Capabilities.Interactive;
            IReadOnlyList<(string, string, Verdict)> now = [.. report.Results.Select(r => (r.Id, r.Machine, r.Result))];
            if (live) Terminal.Out.Write(new ControlCode(FreshScreen));
            if (live || before is null || !before.SequenceEqual(now)) CheckView.Show(Terminal.Out, report, FoldedCheck.Of(report, checks), parsed.GetValue(All));
            if (report.Good) return ExitCode.Done;
            before = now;
            if (live) Talk.Say(string.Format(null, Text.Watching, $"{report.At.UtcDateTime:HH:mm:ss}", Interval));
            await System.Threading.Tasks.Task.Delay(TimeSpan.FromSeconds(Interval), TimeProvider.System, cancellation);
        }
    }

    /// <summary>Of the customer's database, from the properties; asked for where a person sits there.</summary>
    private static Outcome<Secret> Password(ParseResult parsed, SiteFolder folder, ExternalDatabase database)
    {
        if (database.Password is not { } written)
        {
            return Terminal.AskSecret(string.Format(null, Text.PasswordOf, database.User, $"{database.Host}:{database.Port}")) is { Length: > 0 } typed
                ? Outcome<Secret>.Of(new Secret(typed))
                : Outcome<Secret>.Fail(new Problem("database-no-password", folder.Properties, $"Nobody said the password of {database.User} at {database.Host}:{database.Port}.",
                    "ark secret encrypt metadb_password, and write what it prints into ark.properties"));
        }

        if (written.Clear is { } clear) return Outcome<Secret>.Of(clear);
        var keys = Passphrase.Find(parsed);
        return keys.Ok ? SiteSecrets.Reveal(written, "metadb_password", keys.Value, folder.Properties) : Outcome<Secret>.Fail(keys.Problems);
    }

    /// <summary>Judges and shows, in the form that was asked for.</summary>
    private static int Tell(ParseResult parsed, FactsFile facts, IReadOnlyList<Check> checks)
    {
        var scope = CheckWorld.Scope(facts);
        var report = CheckReport.Of(scope, checks);
        var all = parsed.GetValue(All);
        switch (parsed.GetValue(GlobalOptions.Format))
        {
            case "json":
                HandOver(parsed, report.Write);
                break;
            case GlobalOptions.Html:
                HandOver(parsed, to => to.Write(Encoding.UTF8.GetBytes(CheckPage.Write(report, FoldedCheck.Of(report, checks), scope.Site, all))));
                break;
            default:
                CheckView.Show(Terminal.Out, report, FoldedCheck.Of(report, checks), all);
                break;
        }
        var mendable = report.Results.Where(r => r.Fixable).Select(r => r.Id).Distinct().Count();
        if (mendable > 0 && !parsed.GetValue(Apply)) Talk.Say(string.Format(null, Text.Mendable, mendable));
        return report.Good ? ExitCode.Done : ExitCode.CheckFailed;
    }

    /// <summary>Into the file of --out, or to stdout.</summary>
    private static void HandOver(ParseResult parsed, Action<Stream> write)
    {
        using var to = parsed.GetValue(Out) is { } file ? File.Create(file) : System.Console.OpenStandardOutput();
        write(to);
    }

    /// <summary>Remembers an answer with who gave it and when.</summary>
    private static int Keep(SiteFolder folder, string[] answer)
    {
        var site = Session.ReadSite(folder);
        if (!site.Ok) return Talk.Problems(site.Problems, ExitCode.Usage);
        var (number, yes) = (int.Parse(answer[0], CultureInfo.InvariantCulture), answer[1] == "yes");
        var known = AnswerFile.Read(folder);
        if (!known.Ok) return Talk.Problems(known.Problems, ExitCode.Usage);
        var by = LockHolder.Current().Who.Split(',')[0];
        AnswerFile.Write(folder, new Dictionary<int, Answer>(known.Value) { [number] = new(yes, answer.ElementAtOrDefault(2) ?? "", by, TimeProvider.System.GetUtcNow()) });
        Talk.Say(string.Format(null, Text.AnswerKept, number, yes ? Text.Yes : Text.No));
        return ExitCode.Done;
    }

    private static IEnumerable<Problem> Misuse(ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
        foreach (var (one, others) in Apart.Where(a => Given(a.One)))
            foreach (var other in others.Where(Given))
                yield return new("options-apart", one.Name, $"It does not go together with {other.Name}.", "give one of them");
        var format = parsed.GetValue(GlobalOptions.Format);
        if ((Given(List) && format == GlobalOptions.Html) || (Given(Watch) && format != "table"))
            yield return new("options-apart", "--format", $"{format} does not go together with {(Given(List) ? List : Watch).Name}.", "leave --format out");
        if (Given(Out) && format == "table")
            yield return new("options-apart", Out.Name, "It needs a form that is made for files.", "--format html, or --format json");
        foreach (var option in (Option[])[StopFirewall, GlobalOptions.DryRun])
            if (Given(option) && !Given(Apply) && !(Given(Undo) && option == GlobalOptions.DryRun))
                yield return new("option-needs", option.Name, "It says how to mend, and nothing is to be mended.", $"ark check --apply {option.Name}");
        var ids = CheckCatalog.All.Select(c => c.Id).ToList();
        foreach (var id in (parsed.GetValue(Only) ?? []).Where(id => !ids.Contains(id)))
            yield return new("unknown-check", Only.Name, $"There is no check {YamlFile.Show(id)}.", Nearest.Hint(id, ids) is { Length: > 0 } hint ? hint : "ark check --list");
        if (parsed.GetValue(Task) is { } task && !TaskReader.IsId(task))
            yield return new("bad-task-id", Task.Name, $"The id {YamlFile.Show(task)} is not made of letters, digits and dashes.", "--task ID");
        if (parsed.GetValue(Deadline) is < 1 or > LongestDeadline)
            yield return new("bad-deadline", Deadline.Name, $"{parsed.GetValue(Deadline)} is not between 1 and {LongestDeadline}.", "--deadline 60");
        if (parsed.GetValue(Give) is not { Length: > 0 } answer) yield break;
        var open = EnvironmentRequirements.All.Where(r => r.By != AnsweredBy.Machine).Select(r => r.Number.ToString(CultureInfo.InvariantCulture)).ToList();
        if (!open.Contains(answer[0]))
            yield return new("unknown-requirement", Give.Name, $"{YamlFile.Show(answer[0])} is no requirement that people answer.", "one of " + string.Join(", ", open));
        if (answer[1] is not ("yes" or "no"))
            yield return new("bad-answer", Give.Name, $"{YamlFile.Show(answer[1])} is neither yes nor no.", $"ark check --answer {answer[0]} yes");
    }
}
