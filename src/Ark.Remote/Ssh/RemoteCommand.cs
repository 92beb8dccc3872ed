using System.Text;
using Ark.Core;

namespace Ark.Remote.Ssh;

/// <summary>
/// A POSIX <c>sh</c> script to run on a machine. The script can be seen in the machine's process list: anything secret goes through
/// <see cref="Input"/>. Values that come from outside are put in with <see cref="ShellText.Quote(string)"/>. It runs with <c>LC_ALL=C</c> and with
/// the <c>sbin</c> folders in its path.
/// </summary>
/// <param name="Script">At most about 120 KiB.</param>
public sealed record RemoteCommand(string Script)
{
    /// <summary>What the script reads from its standard input; null: nothing, <c>/dev/null</c>.</summary>
    public byte[]? Input { get; init; }

    /// <summary>Run as root: through <c>sudo -n</c>, or directly when the login is root.</summary>
    public bool Sudo { get; init; }

    /// <summary>How long the command may take, waiting for a free session included.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The same command with a text on its standard input, as UTF-8.</summary>
    public RemoteCommand WithInput(string text) => this with { Input = Encoding.UTF8.GetBytes(text) };

    /// <summary>The same command with a secret on its standard input, as UTF-8 without a line end.</summary>
    public RemoteCommand WithInput(Secret secret) => WithInput(secret.Reveal());

    /// <summary>The script only: the input may be secret.</summary>
    public override string ToString() => Sudo ? $"sudo {Script}" : Script;
}

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">0 to 255; 128 + n when signal n ended it.</param>
/// <param name="Output">Standard output, as UTF-8.</param>
/// <param name="Error">Standard error, as UTF-8.</param>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public bool Ok => ExitCode == 0;
}

/// <summary>
/// A machine could not do what was asked for a reason outside the command itself: not reachable, gone, too slow, refusing.
/// <see cref="Problem"/> says which, with what mends it.
/// </summary>
public sealed class RemoteException : IOException
{
    public RemoteException(Problem problem, Exception? cause = null)
        : base(problem.ToString(), cause) => Problem = problem;

    public Problem Problem { get; }
}
