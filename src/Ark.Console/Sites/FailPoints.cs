using System.Diagnostics;
using System.Globalization;
using Ark.Core.Planning;
using Ark.Remote.Execution;

namespace Ark.Console.Sites;

/// <summary>
/// Ends the process as <c>kill -9</c> would, where a test says so: <c>ARK_FAIL_POINT=update-service:BeforeEffect</c>, or a whole step id.
/// What survives that survives a power cut of the client.
/// </summary>
internal static class FailPoints
{
    /// <summary>Steps at once: <c>ARK_PARALLEL</c>; a test that kills at every kind of step wants them one by one.</summary>
    public static int Parallel => int.TryParse(Environment.GetEnvironmentVariable("ARK_PARALLEL"), CultureInfo.InvariantCulture, out var wanted) ? wanted : PlanRunner.Parallel;

    public static Action<Step, FailPoint>? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("ARK_FAIL_POINT") is not { Length: > 0 } wanted) return null;
        var at = wanted.LastIndexOf(':');
        var (step, moment) = (wanted[..at], Enum.Parse<FailPoint>(wanted[(at + 1)..]));
        return (s, m) =>
        {
            if (m == moment && (s.Action == step || s.Id == step)) Process.GetCurrentProcess().Kill();
        };
    }
}
