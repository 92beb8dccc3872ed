using System.Globalization;
using System.Net;
using System.Text;
using Ark.Console.Texts;
using Ark.Core.Checks;
using Ark.Core.Sites;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>
/// What checks found as one page of HTML that asks for nothing else: to be read in a browser, printed on A4 and signed. Whatever came from a file
/// or a machine is text in it, never markup.
/// </summary>
public static class CheckPage
{
    /// <summary>Letters that stand beside each other on the narrowest page.</summary>
    private const int LongestUnbroken = 30;

    /// <param name="checks">Of the report.</param>
    /// <param name="all">What passed is told machine by machine too.</param>
    public static string Write(CheckReport report, IReadOnlyList<FoldedCheck> checks, Site site, bool all)
    {
        var machines = report.Summary.Machines;
        var problems = checks.Where(c => c.Findings.Any(f => CheckView.IsProblem(f.Verdict))).ToList();
        var page = new StringBuilder($"""
            <!doctype html>
            <html lang="{(CheckWords.IsChinese ? "zh-CN" : "en")}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>{Html(Text.Page)}: {Html(report.Domain)}</title>
            <style>
            {CheckPageStyle.Css}
            </style>
            </head>
            <body>
            <main>

            """);
        Head(page, report, checks, site);
        Unreached(page, report);
        if (problems.Count > 0) page.Append($"<section>\n<h2>{Html(Text.PageProblems)}</h2>\n");
        foreach (var group in problems.GroupBy(c => c.Check.Group))
        {
            page.Append($"<h3>{Html(CheckWords.Of(group.Key))}</h3>\n");
            foreach (var check in group) Problem(page, check, machines);
        }

        if (problems.Count > 0) page.Append("</section>\n");
        Ways(page, report);
        Rest(page, Text.PagePassed, checks, Verdict.Pass, machines, all);
        Rest(page, Text.PageNotApplicable, checks, Verdict.NotApplicable, machines, all);
        Signatures(page);
        return page.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Head(StringBuilder page, CheckReport report, IReadOnlyList<FoldedCheck> checks, Site site)
    {
        var tally = CheckTally.Of(checks);
        page.Append($"""
            <header>
            <h1>{Html(Text.Page)}</h1>
            <dl class="about">
            {About(Text.PageSite, report.Domain)}
            {About(Text.PageAt, report.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture))}
            {About(Text.PageMode, site.Mode == SiteMode.Vm ? Text.PageVm : Text.PagePhysical)}
            {About(Text.Machines, CheckWords.Reached(report))}
            </dl>
            <p class="verdict {(report.Good ? "pass" : "fail")}">{Html(report.Good ? Text.PageGood : Text.PageBad)}</p>
            <ul class="tally">
            {Tile("fail", tally.Failed, Text.TallyFailed)}
            {Tile("unknown", tally.NotChecked, Text.TallyNotChecked)}
            {Tile("warn", tally.Warned, Text.TallyWarned)}
            {Tile("pass", tally.Passed, Text.TallyPassed)}
            {Tile("none", tally.NotApplicable, Text.TallyNotApplicable)}
            </ul>
            </header>

            """);
    }

    private static string About(string name, string value) => $"<div><dt>{Html(name)}</dt><dd>{Html(value)}</dd></div>";

    private static string Tile(string style, int count, string name) =>
        $"<li class=\"{(count == 0 ? "none" : style)}\"><b>{count.ToString(CultureInfo.InvariantCulture)}</b> {Html(name)}</li>";

    private static void Unreached(StringBuilder page, CheckReport report)
    {
        if (report.NotReached.Count == 0) return;
        page.Append($"<section>\n<h2>{Html(Text.NotReached)}</h2>\n");
        foreach (var machine in report.NotReached)
        {
            page.Append($"<article class=\"fail\">\n<h4>{Html(machine.Machine)} <small>{Html(machine.Code)}</small></h4>\n<dl>\n");
            Line(page, Text.Cause, CheckWords.Say(machine.Message));
            Remedy(page, CheckWords.Say(machine.Remedy));
            page.Append("</dl>\n</article>\n");
        }

        page.Append("</section>\n");
    }

    private static void Problem(StringBuilder page, FoldedCheck check, int machines)
    {
        page.Append($"<article class=\"{Style(check.Verdict)}\">\n<h4>{Html(CheckWords.Title(check.Check))} <small>{Html(CheckWords.Name(check.Check))}</small></h4>\n");
        foreach (var finding in check.Findings.Where(f => CheckView.IsProblem(f.Verdict)))
        {
            page.Append($"<div class=\"finding\">\n<p><span class=\"badge {Style(finding.Verdict)}\">{Html(CheckWords.Of(finding.Verdict))}</span> {Html(CheckWords.Machines(finding.Machines, machines))}</p>\n<dl>\n");
            foreach (var seen in finding.Evidence) Line(page, Text.Seen, CheckView.Evidence(check.Check, finding, seen));
            Line(page, Text.Wanted, CheckWords.Say(check.Check, finding.Wanted));
            Line(page, Text.Cause, CheckWords.Say(check.Check, finding.Cause));
            Remedy(page, CheckWords.Say(check.Check, finding.Remedy));
            page.Append("</dl>\n</div>\n");
        }

        page.Append("</article>\n");
    }

    /// <summary>Checks of one verdict that nobody has to do anything about.</summary>
    private static void Rest(StringBuilder page, string heading, IReadOnlyList<FoldedCheck> checks, Verdict verdict, int machines, bool all)
    {
        var rest = checks.Where(c => c.Verdict == verdict).ToList();
        if (rest.Count == 0) return;
        page.Append($"<section>\n<h2>{Html(heading)}</h2>\n<table>\n<thead><tr><th>{Html(Text.Check)}</th><th>{Html(Text.Evidence)}</th></tr></thead>\n<tbody>\n");
        foreach (var check in rest)
        {
            page.Append($"<tr><td>{Html(CheckWords.Title(check.Check))} <small>{Html(CheckWords.Name(check.Check))}</small></td><td>");
            page.AppendJoin("<br>", check.Findings.SelectMany(f => Evidence(check.Check, f, machines, all)).Select(Html)).Append("</td></tr>\n");
        }

        page.Append("</tbody>\n</table>\n</section>\n");
    }

    /// <summary>What was seen; where machines saw different things and not all is asked for, only on which it was looked for.</summary>
    private static IEnumerable<string> Evidence(Check check, FoldedFinding finding, int machines, bool all) =>
        finding.Evidence is [var only] ? [CheckWords.Say(check, only.Text)]
        : all ? finding.Evidence.Select(seen => CheckView.Evidence(check, finding, seen))
        : [CheckWords.Machines(finding.Machines, machines)];

    private static void Ways(StringBuilder page, CheckReport report)
    {
        if (WayMatrix.Of(report) is not { } ways) return;
        page.Append($"<section class=\"wide\" tabindex=\"0\" aria-labelledby=\"ways\">\n<h2 id=\"ways\">{Html(Text.Ways)}</h2>\n<table class=\"ways\">\n<thead><tr>").AppendJoin("", ways.Head.Select(h => $"<th scope=\"col\">{Html(h)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in ways.Rows)
            page.Append($"<tr><th scope=\"row\">{Html(row[0])}</th>").AppendJoin("", row.Skip(1).Select(cell => $"<td>{Html(cell)}</td>")).Append("</tr>\n");
        page.Append("</tbody>\n</table>\n</section>\n");
    }

    private static void Signatures(StringBuilder page)
    {
        page.Append($"<section class=\"signed\">\n<h2>{Html(Text.PageSigned)}</h2>\n<p>{Html(Text.PageSeen)}</p>\n<div class=\"parties\">\n");
        foreach (var party in (string[])[Text.PageCustomer, Text.PageDelivery])
        {
            page.Append($"<div>\n<h3>{Html(party)}</h3>\n");
            foreach (var line in (string[])[Text.SignName, Text.SignPlace, Text.SignDate, Text.SignSignature])
                page.Append($"<p class=\"line\"><span>{Html(line)}</span></p>\n");
            page.Append("</div>\n");
        }

        page.Append("</div>\n</section>\n");
    }

    private static void Line(StringBuilder page, string name, string text) => Marked(page, name, Html(text));

    /// <summary>A command is broken between its words, not after the dashes of an option.</summary>
    private static void Remedy(StringBuilder page, string text) =>
        Marked(page, Text.Remedy, string.Join(' ', text.Split(' ').Select(w => w.Contains('-') && w.Length <= LongestUnbroken && w.All(char.IsAscii) ? $"<span>{Html(w)}</span>" : Html(w))));

    private static void Marked(StringBuilder page, string name, string html)
    {
        if (html.Length > 0) page.Append($"<div><dt>{Html(name)}</dt><dd>{html}</dd></div>\n");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(Talk.Plain(text));

    private static string Style(Verdict verdict) => verdict switch
    {
        Verdict.Fail => "fail",
        Verdict.CouldNotCheck => "unknown",
        Verdict.Warning => "warn",
        Verdict.Pass => "pass",
        _ => "none",
    };
}
