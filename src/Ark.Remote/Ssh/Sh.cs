using System.Text;

namespace Ark.Remote.Ssh;

/// <summary>Text for POSIX shells.</summary>
public static class Sh
{
    /// <summary>The value as one word of a script, whatever it contains.</summary>
    /// <exception cref="ArgumentException">The value contains a NUL, which no argument can carry.</exception>
    public static string Quote(string value)
    {
        if (value.Contains('\0'))
            throw new ArgumentException("A NUL cannot stand in a shell's argument.", nameof(value));
        return "'" + value.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
    }

    /// <summary>The values as words with spaces between.</summary>
    public static string Quote(IEnumerable<string> values) => string.Join(' ', values.Select(Quote));

    /// <summary>The longest argument that Linux passes to a program, in bytes, less one for the end.</summary>
    private const int LongestArgument = 128 * 1024 - 1;

    /// <summary>
    /// The line for the login shell. <c>ARK_RUN</c> stands in the environment of every process of the command,
    /// so that all of them can be found and ended, those of sudo too.
    /// </summary>
    internal static string CommandLine(string script, string run, bool sudo, Input input)
    {
        var text = Path + (input == Input.Bytes ? Drain : "") + script;
        var line = $"{(sudo ? "sudo -n " : "")}env LC_ALL=C ARK_RUN={run} sh -c {Quote(text)}{(input == Input.None ? " </dev/null" : "")}";
        if (Encoding.UTF8.GetByteCount(line) > LongestArgument)
            throw new ArgumentException($"A script of {script.Length} characters does not fit into an argument; send the data through the input.", nameof(script));
        return line;
    }

    /// <summary>Ends all processes of a run: asks first, forces after a second.</summary>
    internal static string EndRun(string run) => $$"""
        each() { for f in $(grep -ls 'ARK_RUN={{run}}' /proc/[0-9]*/environ); do p=${f#/proc/}; "$@" "${p%/environ}"; done 2>/dev/null; }
        each kill -TERM
        for i in 1 2 3 4 5 6 7 8 9 10; do test -n "$(each echo)" || exit 0; sleep 0.1; done
        each kill -KILL
        """;

    /// <summary>What a command's standard input is.</summary>
    internal enum Input { None, Bytes, Stream }

    /// <summary>
    /// A command that leaves input unread ends when all has come: input for a command that has ended makes OpenSSH drop the connection.
    /// </summary>
    private const string Drain = "trap 'cat >/dev/null' EXIT; ";

    private const string Path = "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH; ";
}
