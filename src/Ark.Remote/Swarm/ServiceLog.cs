using System.Text.RegularExpressions;
using Docker.DotNet;

namespace Ark.Remote.Swarm;

/// <summary>The end of what an instance wrote to its log.</summary>
internal static partial class ServiceLog
{
    /// <summary>Lines.</summary>
    private const int Tail = 20;

    /// <summary>Characters of a line; the rest is cut off.</summary>
    private const int Widest = 400;

    [GeneratedRegex(@"^\S*com\.docker\.swarm\.task\.id=(?<task>[^,\s]+)\S* (?<line>.*)$")]
    private static partial Regex Detailed { get; }

    /// <param name="task">Only lines of this task: a service's log holds those of the tasks before it too.</param>
    public static async Task<IReadOnlyList<string>> TailAsync(IDockerClient client, string service, string task, CancellationToken cancellation)
    {
        var (output, error) = await EngineCalls.AskAsync(
            "Reading the log",
            async () =>
            {
                using var stream = await client.Swarm.GetServiceLogsAsync(
                    service, false, new() { ShowStdout = true, ShowStderr = true, Tail = $"{Tail}", Details = true }, cancellation);
                return await stream.ReadOutputToEndAsync(cancellation);
            },
            cancellation);
        return
        [
            .. $"{output}\n{error}".Split('\n').Select(l => Detailed.Match(l.TrimEnd('\r'))).Where(m => m.Success && m.Groups["task"].Value == task)
                .Select(m => m.Groups["line"].Value).Select(l => l.Length <= Widest ? l : l[..Widest] + "…").TakeLast(Tail),
        ];
    }
}
