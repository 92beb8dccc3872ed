namespace Ark.Lab.Computer;

/// <summary>Starts what outlives this program: a session of its own, no terminal, no pipe of ours, its words in a file.</summary>
internal static class Detached
{
    public static Task StartAsync(IReadOnlyList<string> command, string log, CancellationToken cancellation) =>
        Programs.MustAsync(cancellation, ["sh", "-c", "log=$1; shift; exec setsid --fork \"$@\" > \"$log\" 2>&1 < /dev/null", "sh", log, .. command]);
}
