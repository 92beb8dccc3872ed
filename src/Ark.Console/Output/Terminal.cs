using Spectre.Console;
using Text = Ark.Console.Texts.Text;

namespace Ark.Console.Output;

/// <summary>The two streams of a console program: data to stdout, talk to stderr. Colour and movement only in a terminal.</summary>
public static class Terminal
{
    /// <summary>Data: tables, JSON.</summary>
    public static IAnsiConsole Out { get; } = Create(System.Console.Out, System.Console.IsOutputRedirected);

    /// <summary>Talk: progress, plans that are asked about, problems.</summary>
    public static IAnsiConsole Error { get; } = Create(System.Console.Error, System.Console.IsErrorRedirected);

    /// <summary>True where a person can be asked.</summary>
    public static bool CanAsk => !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected;

    /// <summary>Yes only if a person typed it, or <c>--yes</c> was given.</summary>
    public static bool Confirm(string question, bool yes)
    {
        if (yes) return true;
        if (!CanAsk)
        {
            Talk.Say(string.Format(null, Text.NobodyToAsk, question));
            return false;
        }

        return Error.Prompt(new ConfirmationPrompt(Markup.Escape(question)) { DefaultValue = false, InvalidChoiceMessage = Markup.Escape(Text.YesOrNo) });
    }

    /// <summary>For what cannot be taken back: the word itself must be typed; <c>--yes</c> does not answer this.</summary>
    public static bool ConfirmWord(string question, string word, string? given)
    {
        if (given is not null || !CanAsk)
        {
            if (given == word) return true;
            Talk.Say($"{question} It must be confirmed with --confirm {word}.");
            return false;
        }

        return Error.Prompt(new TextPrompt<string>(Markup.Escape($"{question} Type {word} to go on:")).AllowEmpty()) == word;
    }

    /// <summary>Asks for a secret without showing it; null where nobody can be asked.</summary>
    public static string? AskSecret(string question) =>
        CanAsk ? Error.Prompt(new TextPrompt<string>(Markup.Escape(question)).Secret(null)) : null;

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        var plain = redirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is null or "dumb";
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Yes,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Yes,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected) console.Profile.Width = 200;
        return console;
    }
}
