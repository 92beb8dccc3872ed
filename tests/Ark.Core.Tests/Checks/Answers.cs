using Ark.Core.Checks;

namespace Ark.Core.Tests.Checks;

/// <summary>What machines answered to <see cref="HostFactsScript"/>; each file says where it comes from.</summary>
internal static class Answers
{
    internal static readonly HostFactsQuestion Question = new() { Paths = ["/var/lib/docker", "/data disk/images"] };

    /// <summary>Written by hand, parts quoted.</summary>
    internal static string Rocky => Text("rocky-9");

    internal static HostFacts Read(string text, HostFactsQuestion? question = null) => HostFactsReader.Read(question ?? Question, "10.0.0.11", text, Moment(1795627042.0m), Moment(1795627043.0m));

    /// <param name="seconds">Since 1970.</param>
    internal static DateTimeOffset Moment(decimal seconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));

    internal static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Answers", name + ".txt"));
}
