using System.Security.Cryptography;
using System.Text;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>Lines for the login shells of machines.</summary>
internal static class Sh
{
    /// <summary>The longest argument that Linux passes to a program, in bytes, less one for the end.</summary>
    private const int LongestArgument = 128 * 1024 - 1;

    /// <summary>
    /// A script as a line for the login shell. <c>ARK_RUN</c> stands in the environment of every process of the run, so that all of them can
    /// be found and ended, those of sudo too.
    /// </summary>
    internal static RunLine Line(string script, bool sudo, Input input)
    {
        var run = RandomNumberGenerator.GetHexString(16, lowercase: true);
        var text = Path + (input == Input.Bytes ? Drain : "") + script;
        var line = $"{(sudo ? "sudo -n " : "")}env LC_ALL=C ARK_RUN={run} sh -c {ShellText.Quote(text)}{(input == Input.None ? " </dev/null" : "")}";
        if (Encoding.UTF8.GetByteCount(line) > LongestArgument)
            throw new ArgumentException($"A script of {script.Length} characters does not fit into an argument; send the data through the input.", nameof(script));
        return new RunLine(line, run, sudo);
    }

    /// <summary>
    /// Ends all processes of the runs: asks first, forces after a second, and looks three times, for one may only be about to start.
    /// The mark is in the command line first and in the environment then; written as a pattern, it does not find itself.
    /// </summary>
    internal static RunLine EndLine(IReadOnlyCollection<RunLine> runs) => Line(
        $$"""
        none=0; signal=TERM
        for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
          p=$(grep -ls {{string.Join(' ', runs.Select(r => $"-e 'ARK_RUN[=]{r.Run}'"))}} /proc/[0-9]*/cmdline /proc/[0-9]*/environ | cut -d/ -f3 | sort -u)
          if [ -n "$p" ]; then kill -$signal $p 2>/dev/null; else none=$((none + 1)); fi
          [ $none -lt 3 ] || exit 0
          [ $i -lt 10 ] || signal=KILL
          sleep 0.1
        done
        """,
        runs.Any(r => r.Sudo), Input.None);

    /// <summary>What a command's standard input is.</summary>
    internal enum Input { None, Bytes, Stream }

    /// <summary>
    /// A command that leaves input unread ends when all has come: input for a command that has ended makes OpenSSH drop the connection.
    /// </summary>
    private const string Drain = "trap 'cat >/dev/null' EXIT; ";

    private const string Path = "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; export PATH; ";
}

/// <summary>A line for the login shell, and the mark by which its processes are found.</summary>
internal sealed record RunLine(string Text, string Run, bool Sudo);
