using Ark.Console.Texts;
using Ark.Core;

namespace Ark.Console;

/// <summary>What the program says beside its data: on stderr.</summary>
public static class Talk
{
    public static void Say(string line) => System.Console.Error.WriteLine(line);

    /// <summary>Every problem on a line of its own, the remedy with it.</summary>
    /// <returns><paramref name="exitCode"/>, to be returned by a command.</returns>
    public static int Problems(IEnumerable<Problem> problems, int exitCode)
    {
        foreach (var problem in problems)
            Say(Plain(string.Format(null, problem.Severity == Severity.Error ? Text.ErrorOf : Text.WarningOf, CheckWords.Say(problem))));
        return exitCode;
    }

    /// <summary>As <see cref="Plain"/>, where a program's own lines are to be seen as lines.</summary>
    public static string PlainLines(string text) => string.Join('\n', text.Split('\n').Select(Plain));

    /// <summary>What came from a file or a machine must not command the terminal, nor begin a line of its own.</summary>
    public static string Plain(string line) => string.Concat(line.Select(c => c is '\n' or '\r' or '\t' ? ' ' : char.IsControl(c) ? '\uFFFD' : c));
}
