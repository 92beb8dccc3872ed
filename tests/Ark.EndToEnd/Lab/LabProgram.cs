using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Ark.EndToEnd.Lab;

/// <summary>What the lab program said when it ended.</summary>
public sealed record LabAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs <c>ark lab</c> as people do, with one lab's name.</summary>
public sealed class LabProgram(string name)
{
    /// <summary>The clone that these tests stand in.</summary>
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    public string Name { get; } = name;

    /// <summary>The lab's folder on this computer.</summary>
    public string Folder => Path.Combine(Root, ".ark", "labs", Name);

    /// <summary>A name that no other lab of this computer has.</summary>
    public static LabProgram New() => new("t-" + Guid.NewGuid().ToString("N")[..8]);

    public static string Of(LabAnswer answer) => $"exit {answer.ExitCode}\n{answer.Output}\n{answer.Error}";

    /// <summary>Starts the program and does not wait. Standard error is not read.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Root, "ark"), ["lab", "--name", Name, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start)!;
    }

    public async Task<LabAnswer> TryAsync(IReadOnlyList<string> arguments, string input = "")
    {
        using var process = Start([.. arguments]);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.Trim(), (await error).Trim());
    }

    /// <summary>Runs the program; a failure fails the test with all it said.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var answer = await TryAsync(arguments);
        Assert.True(answer.ExitCode == 0, $"ark lab {string.Join(' ', arguments)}: {Of(answer)}");
        return answer.Output;
    }

    /// <summary>Runs a shell line as root inside a machine.</summary>
    public Task<string> InsideAsync(string machine, string line) => RunAsync("exec", machine, "--", "sh", "-c", line);

    /// <summary>The first machines of <c>status --format json</c>: name, state, cut and process of each.</summary>
    public async Task<IReadOnlyList<(string Name, string State, bool Cut, int? Pid)>> MachinesAsync()
    {
        using var report = JsonDocument.Parse(await RunAsync("status", "--format", "json"));
        return [.. report.RootElement.GetProperty("machines").EnumerateArray().Select(m => (m.GetProperty("name").GetString()!, m.GetProperty("state").GetString()!,
            m.GetProperty("cut").GetBoolean(), m.GetProperty("pid") is { ValueKind: JsonValueKind.Number } pid ? pid.GetInt32() : (int?)null))];
    }

    /// <summary>True when sshd of a machine answers to somebody on the lab's network.</summary>
    public async Task<bool> AnswersAsync(string address) =>
        (await TryAsync(["exec", "--net", "--", "timeout", "5", "bash", "-c", $"exec 3<>/dev/tcp/{address}/22; head -c 4 <&3"])).Output == "SSH-";

    /// <summary>Everything on this computer that bears the lab's name: namespaces, mounts, processes, control groups, files.</summary>
    public async Task<IReadOnlyList<string>> TracesAsync()
    {
        string[] marks = [$"ark-{Name}-", $"/labs/{Name}", $"ark-lab/{Name}"];
        var lines = $"{await HostAsync("ip", "netns")}\n{await File.ReadAllTextAsync("/proc/mounts")}\n{await HostAsync("ps", "-eo", "args")}\n{await HostAsync("find", "/sys/fs/cgroup", "-type", "d")}";
        return [.. lines.Split('\n').Where(l => marks.Any(m => l.Contains(m, StringComparison.Ordinal))), .. Directory.Exists(Folder) ? [Folder] : Array.Empty<string>()];
    }

    /// <summary>The network namespaces of the lab's machines and its switch, as <c>/proc/PID/ns/net</c> names them.</summary>
    public Task<IReadOnlySet<string>> NetworksAsync() => NetworksAsync($"ark-{Name}-*");

    /// <summary>Those of all labs that there are now.</summary>
    public static Task<IReadOnlySet<string>> AllNetworksAsync() => NetworksAsync("*");

    private static async Task<IReadOnlySet<string>> NetworksAsync(string names) =>
        (await HostAsync("sh", "-c", $"stat -c 'net:[%i]' /run/netns/{names} 2>/dev/null")).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToHashSet();

    /// <summary>Command lines of the processes that live in one of these networks, whatever they are called.</summary>
    public static async Task<IReadOnlyList<string>> InhabitantsAsync(IReadOnlySet<string> networks)
    {
        var all = await HostAsync("sh", "-c", """for p in /proc/[0-9]*; do echo "$(readlink $p/ns/net) $p $(tr '\0' ' ' < $p/cmdline)"; done 2>/dev/null""");
        return [.. all.Split('\n').Where(l => networks.Contains(l.Split(' ')[0]))];
    }

    /// <summary>Names of the computer's own network interfaces.</summary>
    public static async Task<IReadOnlyList<string>> LinksAsync() =>
        [.. (await HostAsync("ip", "-brief", "link")).Split('\n').Select(l => l.Split(' ', '@')[0])];

    private static async Task<string> HostAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "Ark.slnx")) ? folder : Above(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not stand in a clone."));
}
