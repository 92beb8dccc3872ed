using Ark.Core;
using Ark.Lab.Computer;
using Spectre.Console;

namespace Ark.Lab.Commands;

/// <summary>Talk goes to standard error, data to standard output. Colour only where a terminal is.</summary>
internal static class Terminal
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;
    public const int Interrupted = 130;

    private static readonly IAnsiConsole Talk = Unwrapped(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }));

    /// <summary>Lines are whole: a terminal breaks them itself, and a command in one can be copied.</summary>
    private static IAnsiConsole Unwrapped(IAnsiConsole console)
    {
        console.Profile.Width = 10_000;
        return console;
    }

    public static void Tell(string line) => Talk.MarkupLineInterpolated($"[grey]lab[/] {line}");

    /// <summary>Shows problems and says how to exit: 2 for what was asked wrongly, 1 for the rest.</summary>
    public static int Show(IReadOnlyList<Problem> problems)
    {
        foreach (var problem in problems)
        {
            Talk.MarkupLineInterpolated($"[red]{(problem.Place.Length == 0 ? "" : problem.Place + ": ")}{problem.Message}[/] [grey][[{problem.Code}]][/]");
            if (problem.Remedy.Length > 0)
                Talk.MarkupLineInterpolated($"  → {problem.Remedy}");
        }
        return problems.Any(p => p.Place.StartsWith("--", StringComparison.Ordinal)) ? WrongUsage : Failed;
    }

    public static int Show(Problem problem) => Show([problem]);

    /// <summary>The boundary of every command: what a person can mend is said, an interruption has its exit code, the rest is a bug.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            Tell("interrupted; ./ark lab down removes what is there, ./ark lab up goes on");
            return Interrupted;
        }
        catch (ComputerException e)
        {
            return Show(new Problem("computer-refused", "this computer", e.Message));
        }
    }
}
