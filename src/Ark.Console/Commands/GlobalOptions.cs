using System.CommandLine;
using Ark.Console.Sites;

namespace Ark.Console.Commands;

/// <summary>Options that every verb knows.</summary>
public static class GlobalOptions
{
    internal const string Html = "html";

    public static Option<string?> Site { get; } = new("--site") { Description = "Folder that was carried to the site; by default the one that the program stands in.", Recursive = true };

    public static Option<string> Format { get; } = Choice(new("--format") { Description = "Form of the data on stdout; html is for check only.", DefaultValueFactory = _ => "table", Recursive = true });

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Answer yes to the question whether to go on.", Recursive = true };

    /// <summary>Of the verbs that change something: the plan is shown, with <c>--format json</c> on stdout, and nothing is done.</summary>
    public static Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only show the plan." };

    public static Option<string?> Language { get; } = new("--lang") { Description = "Language of menus and tables: en or zh-CN.", Recursive = true };

    public static Option<string?> PassphraseFile { get; } = new("--passphrase-file") { Description = "File that holds the site's passphrase; by default ARK_PASSPHRASE or ~/.ark/passphrase.", Recursive = true };

    public static IReadOnlyList<Option> All { get; } = [Site, Format, Yes, Language, PassphraseFile];

    public static SiteFolder SiteFolder(this ParseResult parsed) => Sites.SiteFolder.Find(parsed.GetValue(Site));

    /// <summary>What the verb asked for does not know of the options that every verb takes; null: nothing.</summary>
    public static string? Unknown(this ParseResult parsed) =>
        parsed.GetValue(Format) == Html && parsed.CommandResult.Command.Name != CheckCommand.Verb ? $"--format {Html} is for ark {CheckCommand.Verb} only" : null;

    public static bool WantsJson(this ParseResult parsed) => parsed.GetValue(Format) == "json";

    private static Option<string> Choice(Option<string> format)
    {
        format.AcceptOnlyFromAmong("table", "json", Html);
        return format;
    }
}
