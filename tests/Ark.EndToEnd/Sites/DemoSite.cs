using System.Diagnostics;
using System.Text.Json;
using Ark.EndToEnd.Lab;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site as <c>./demo</c> makes it, in a lab of its own: the very command that people type.</summary>
public class DemoSite(string line) : IAsyncLifetime
{
    public LabProgram Lab { get; } = LabProgram.New();

    /// <summary>The baseline that its components are of.</summary>
    public string Baseline => "open-" + line;

    /// <summary>What the demo said, for tests that look at it.</summary>
    public string Said { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var demo = await DemoAsync("--line", line);
        Said = demo.Output + demo.Error;
        Assert.True(demo.ExitCode == 0, "./demo failed:\n" + Said);
    }

    public async ValueTask DisposeAsync()
    {
        var down = await DemoAsync("--down");
        Assert.True(down.ExitCode == 0, LabProgram.Of(down));
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs <c>./demo</c> with this site's name.</summary>
    public Task<LabAnswer> DemoAsync(params string[] arguments) => RunAsync(Path.Combine(LabProgram.Root, "demo"), ["--name", Lab.Name, .. arguments]);

    /// <summary>Runs the console on the client machine, as the user named in the properties.</summary>
    public Task<LabAnswer> TryArkAsync(string arguments, string environment = "", string machine = "m1") =>
        Lab.TryAsync(["exec", machine, "--user", "ops", "--", "sh", "-c", $"cd ark && {environment} bin/ark {arguments}"]);

    /// <summary>As <see cref="TryArkAsync"/>; a failure fails the test with all it said.</summary>
    public async Task<LabAnswer> ArkAsync(string arguments)
    {
        var answer = await TryArkAsync(arguments);
        Assert.True(answer.ExitCode == 0, $"ark {arguments}: {LabProgram.Of(answer)}");
        return answer;
    }

    /// <summary>Instance name to health and proof, from <c>ark status --format json</c>.</summary>
    public async Task<Dictionary<string, (string Machine, string Health, string Proof)>> StatusAsync()
    {
        var answer = await TryArkAsync("status --format json");
        Assert.True(answer.Output.StartsWith('{'), LabProgram.Of(answer));
        using var status = JsonDocument.Parse(answer.Output);
        return status.RootElement.GetProperty("instances").EnumerateArray().ToDictionary(
            i => i.GetProperty("name").GetString()!,
            i => (i.GetProperty("machine").GetString()!, i.GetProperty("health").GetString()!, i.GetProperty("proof").GetProperty("result").GetString()!));
    }

    /// <summary>Waits until every instance is healthy and proven, as a person would by looking again.</summary>
    public async Task AllHealthyAsync(TimeSpan deadline)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(1000, TestContext.Current.CancellationToken))
        {
            var status = await StatusAsync();
            if (status.Count > 0 && status.Values.All(i => i is { Health: "healthy", Proof: "passed" })) return;
            Assert.True(clock.Elapsed < deadline, "Not healthy in time: " + string.Join(", ", status.Where(i => i.Value is not { Health: "healthy", Proof: "passed" })));
        }
    }

    /// <summary>Name of the machine (m1…) that an address belongs to.</summary>
    public static string MachineOf(string address) => "m" + (int.Parse(address.AsSpan(address.LastIndexOf('.') + 1), System.Globalization.CultureInfo.InvariantCulture) - 10);

    private static async Task<LabAnswer> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.Trim(), (await error).Trim());
    }
}

/// <summary>A site of line 3.1.</summary>
public sealed class Site31() : DemoSite("3.1");
