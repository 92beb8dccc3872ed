using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.Core.Catalog;
using Ark.EndToEnd.Lab;
using Ark.Remote.Files;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>What became of the writes to one component, as tests/Ark.Clients tells it.</summary>
/// <param name="Lost">Acknowledged writes that are not there, or not as written.</param>
/// <param name="Unread">Writes that another instance said not to have, for longer than replication may take.</param>
/// <param name="Unknown">Writes without an acknowledgement: there or not, both is well.</param>
/// <param name="LongestGap">Longest time without an acknowledgement.</param>
/// <param name="AllowedGap">What the component declares for one instance that is replaced or lost.</param>
/// <param name="VerifiedThrough">The instances through which all was read at the end.</param>
public sealed record WriterReport(
    string Component, int Acknowledged, int Unknown, IReadOnlyList<long> Lost, IReadOnlyList<long> Unread,
    TimeSpan LongestGap, DateTime LongestGapAt, TimeSpan AllowedGap, IReadOnlyList<string> VerifiedThrough);

/// <summary>
/// A client that writes to components of a site and reads, in the lab's network, while a test does something to the site:
/// <code>
/// await using var writers = await Writers.StartAsync(site, "metadb", "cache");
/// … fault …
/// await writers.AssertNothingLostAsync();
/// </code>
/// </summary>
public sealed class Writers : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>
    /// How long is written before anything is done. RabbitMQ puts the name of a new queue on the disk only after about a second: what it confirmed
    /// before is lost if all brokers lose their power in that second (docs/guide/day-2.md).
    /// </summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    /// <summary>The shell line that prints a component's password inside its container; components that are not here have none.</summary>
    private static readonly Dictionary<string, string> PasswordLines = new()
    {
        ["metadb"] = "sed -n 's/^user //p' /etc/metadb/passwords",
        ["cache"] = "cat /etc/cache/password",
        ["mq-broker"] = "cat /etc/mq/password",
    };

    private readonly Process _program;
    private readonly IReadOnlyDictionary<string, Component> _components;
    private readonly List<string> _said = [];
    private readonly TaskCompletionSource _writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _listening;
    private IReadOnlyList<WriterReport>? _reports;

    private Writers(Process program, IReadOnlyDictionary<string, Component> components)
    {
        (_program, _components) = (program, components);
        _listening = ListenAsync();
    }

    /// <summary>Starts to write to the components; returns some seconds after each has acknowledged a write.</summary>
    public static async Task<Writers> StartAsync(LabSite site, params string[] components)
    {
        var known = await CatalogAsync(site.Baseline);
        var status = await site.StatusAsync();
        JsonArray orders = [];
        foreach (var component in components) orders.Add(await OrderAsync(site, known[component], status));
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var path = Path.Combine(LabProgram.Root, "tests", "Ark.Clients", "bin", configuration, "net10.0", "ark-clients.dll");
        var writers = new Writers(site.Lab.Start("exec", "--net", "--", "dotnet", path), known);
        try
        {
            await writers._program.StandardInput.WriteLineAsync(new JsonObject { ["components"] = orders }.ToJsonString());
            await writers._program.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            var first = await Task.WhenAny(writers._writing.Task, writers._listening, Task.Delay(Patience, TestContext.Current.CancellationToken));
            Assert.True(first == writers._writing.Task, "Nothing could be written:\n" + writers.Said());
            await Task.Delay(Settling, TestContext.Current.CancellationToken);
            return writers;
        }
        catch
        {
            await writers.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the writing; what became of it. Again: the same.</summary>
    public async Task<IReadOnlyList<WriterReport>> StopAsync()
    {
        if (_reports is not null) return _reports;
        _program.StandardInput.Close();
        var output = await _program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await _program.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _listening;
        Assert.True(_program.ExitCode == 0, $"The writers ended with {_program.ExitCode}:\n{Said()}");
        using var report = JsonDocument.Parse(output);
        TestContext.Current.TestOutputHelper?.WriteLine(output + Said());
        return _reports = [.. report.RootElement.GetProperty("components").EnumerateArray().Select(Read)];
    }

    /// <summary>Ends the writing. Fails if an acknowledged write is lost, or if none was acknowledged for longer than a component declares.</summary>
    /// <param name="gaps">False where more than one instance is away at once: then a gap may last, and only losses are looked for.</param>
    public async Task AssertNothingLostAsync(bool gaps = true)
    {
        var problems = (await StopAsync()).SelectMany(r => Problems(r, gaps)).ToList();
        Assert.True(problems.Count == 0, string.Join('\n', problems) + "\n\n" + Said());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_program.HasExited)
        {
            try
            {
                _program.StandardInput.Close(); // It stops, and takes its tables and queues away.
                _ = _program.StandardOutput.ReadToEndAsync(CancellationToken.None);
                await _program.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience);
            }
            catch (Exception failure) when (failure is TimeoutException or IOException)
            {
                _program.Kill();
            }
        }

        await _listening;
        _program.Dispose();
    }

    private static IEnumerable<string> Problems(WriterReport report, bool gaps)
    {
        if (report.VerifiedThrough.Count == 0) yield return $"{report.Component}: nobody answered at the end, so nothing is known of {report.Acknowledged} acknowledged writes.";
        if (report.Lost.Count > 0) yield return $"{report.Component}: {report.Lost.Count} of {report.Acknowledged} acknowledged writes are lost: {string.Join(' ', report.Lost.Take(20))}";
        if (report.Unread.Count > 0) yield return $"{report.Component}: {report.Unread.Count} acknowledged writes were not there for another reader: {string.Join(' ', report.Unread.Take(20))}";
        if (gaps && report.LongestGap > report.AllowedGap)
            yield return string.Create(CultureInfo.InvariantCulture, $"{report.Component}: no write was acknowledged for {report.LongestGap.TotalSeconds} s from {report.LongestGapAt:HH:mm:ss} UTC on; it declares {report.AllowedGap.TotalSeconds} s.");
    }

    private static async Task<IReadOnlyDictionary<string, Component>> CatalogAsync(string baseline)
    {
        var files = await CatalogFolder.ReadAsync(Path.Combine(LabProgram.Root, "catalog"), TestContext.Current.CancellationToken);
        var read = BaselineReader.Read(files.Value!, baseline);
        Assert.True(read.Value is not null, string.Join('\n', read.Problems));
        return read.Value.Components.ToDictionary(c => c.Name);
    }

    private static async Task<JsonObject> OrderAsync(LabSite site, Component component, Dictionary<string, (string Machine, string Health, string Proof)> status)
    {
        var port = component.Ports.Single(p => p.Name == component.Endpoint!.Port).Number;
        // One machine, one instance: in a lab an instance has its machine's address.
        var instances = status.Where(i => i.Key[..i.Key.LastIndexOf('-')] == component.Name).OrderBy(i => i.Key, StringComparer.Ordinal).ToList();
        var order = new JsonObject
        {
            ["component"] = component.Name,
            ["addresses"] = new JsonArray([.. instances.Select(i => JsonValue.Create($"{i.Value.Machine}:{port}"))]),
            ["account"] = component.Parameters.FirstOrDefault(p => p.Name == "user")?.Default,
            ["database"] = component.Parameters.FirstOrDefault(p => p.Name == "database")?.Default,
        };
        if (PasswordLines.TryGetValue(component.Name, out var line))
        {
            var (name, (machine, _, _)) = instances[0];
            order["password"] = await site.Lab.InsideAsync(CarriedSite.MachineOf(machine), $"docker exec $(docker ps -q -f label=com.docker.swarm.service.name={name}) {line}");
        }

        return order;
    }

    private WriterReport Read(JsonElement report)
    {
        var component = report.GetProperty("component").GetString()!;
        return new(
            component, report.GetProperty("acknowledged").GetInt32(), report.GetProperty("unknown").GetInt32(), Numbers("lost"), Numbers("unread"),
            TimeSpan.FromSeconds(report.GetProperty("longestGapSeconds").GetDouble()), report.GetProperty("longestGapAt").GetDateTime(),
            _components[component].Update.WriteGap, [.. report.GetProperty("verifiedThrough").EnumerateArray().Select(a => a.GetString()!)]);
        IReadOnlyList<long> Numbers(string name) => [.. report.GetProperty(name).EnumerateArray().Select(n => n.GetInt64())];
    }

    private async Task ListenAsync()
    {
        while (await _program.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_said) _said.Add(line);
            if (line == "writing") _writing.TrySetResult();
        }
    }

    private string Said()
    {
        lock (_said) return string.Join('\n', _said);
    }
}
