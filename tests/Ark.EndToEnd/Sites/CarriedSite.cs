using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ark.EndToEnd.Lab;
using Xunit;

namespace Ark.EndToEnd.Sites;

/// <summary>A site whose package was carried to the first machine of a lab of its own, and the console there.</summary>
public abstract class CarriedSite
{
    public virtual LabProgram Lab { get; } = LabProgram.New();

    /// <summary>Runs the console on the client machine, as the user named in the properties.</summary>
    public Task<LabAnswer> TryArkAsync(string arguments, string environment = "", string machine = "m1") =>
        Lab.TryAsync(["exec", machine, "--user", "ops", "--", "sh", "-c", $"cd ark && {environment} bin/ark {arguments}"]);

    /// <summary>As <see cref="TryArkAsync"/>; a failure fails the test with all it said.</summary>
    public async Task<LabAnswer> ArkAsync(string arguments, string machine = "m1")
    {
        var answer = await TryArkAsync(arguments, machine: machine);
        Assert.True(answer.ExitCode == 0, $"ark {arguments}: {LabProgram.Of(answer)}");
        return answer;
    }

    /// <summary><c>ark prepare</c> with the password of the lab's machines.</summary>
    public async Task PrepareAsync(string machine = "m1")
    {
        using var lab = JsonDocument.Parse(await Lab.RunAsync("status", "--format", "json"));
        var answer = await Lab.TryAsync(["exec", machine, "--user", "ops", "--", "sh", "-c", "cd ark && bin/ark prepare --password-stdin"], lab.RootElement.GetProperty("password").GetString() + "\n");
        Assert.True(answer.ExitCode == 0, LabProgram.Of(answer));
    }

    /// <summary>Carries the package's folder with the console's key, and the passphrase, to another machine, which becomes the client.</summary>
    public async Task MoveConsoleAsync(string from, string to, string address)
    {
        var ark = Path.Combine(LabProgram.Root, "ark");
        var carry = $"'{ark}' lab exec {from} --name {Lab.Name} --user ops -- tar -cf - ark .ark | '{ark}' lab exec {to} --name {Lab.Name} --user ops -- tar -xf -";
        using var process = Process.Start(new ProcessStartInfo("bash", ["-o", "pipefail", "-c", carry]))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        await Lab.InsideAsync(to, $"sed -i 's/^client_ip=.*/client_ip={address}/' /home/ops/ark/bin/ark.properties");
    }

    /// <summary>Instance name to health and proof, from <c>ark status --format json</c>.</summary>
    public async Task<Dictionary<string, (string Machine, string Health, string Proof)>> StatusAsync()
    {
        var answer = await TryArkAsync("status --format json");
        Assert.True(answer.Output.StartsWith('{'), LabProgram.Of(answer));
        return Status(answer);
    }

    private static Dictionary<string, (string Machine, string Health, string Proof)> Status(LabAnswer answer)
    {
        using var status = JsonDocument.Parse(answer.Output);
        return status.RootElement.GetProperty("instances").EnumerateArray().ToDictionary(
            i => i.GetProperty("name").GetString()!,
            i => (i.GetProperty("machine").GetString()!, i.GetProperty("health").GetString()!, i.GetProperty("proof").GetProperty("result").GetString()!));
    }

    /// <summary>Writes a file in the package's folder on the client, as the user named in the properties.</summary>
    public async Task WriteAsync(string path, string text)
    {
        var answer = await Lab.TryAsync(["exec", "m1", "--user", "ops", "--", "sh", "-c", $"mkdir -p $(dirname ark/{path}) && cat > ark/{path}"], text);
        Assert.True(answer.ExitCode == 0, LabProgram.Of(answer));
    }

    /// <summary>Brings a file of this computer to the client.</summary>
    public async Task CarryAsync(string file, string to)
    {
        var start = new ProcessStartInfo("sh", ["-c", "exec \"$0\" lab exec m1 --name \"$1\" -- sh -c 'cat > \"$0\"' \"$3\" < \"$2\"", Path.Combine(LabProgram.Root, "ark"), Lab.Name, file, to]);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Brings another version of an image into the site's registry, as a delivery would: an image package, imported on the client.</summary>
    public async Task ImportAsync(string image, string tag, Action<JsonObject> change)
    {
        var folder = Path.Combine(Lab.Folder, "image-packages", $"{image}-{tag}");
        await ImageVariant.MakeAsync(Path.Combine(LabProgram.Root, ".ark", "sites", Lab.Name, "package", "images"), image, folder, tag, change, TestContext.Current.CancellationToken);
        var tar = folder + ".tar";
        File.Delete(tar);
        await System.Formats.Tar.TarFile.CreateFromDirectoryAsync(folder, tar, includeBaseDirectory: false, TestContext.Current.CancellationToken);
        await CarryAsync(tar, "/tmp/package.tar");
        await Lab.InsideAsync("m1", "cd /home/ops/ark && bin/ark images import /tmp/package.tar --registry-dir /var/images");
        await ArkAsync("base --part mirror --yes");
    }

    /// <summary>The ids of the containers of all instances, with the machine each runs on.</summary>
    public async Task<IReadOnlyList<string>> ContainersAsync(params string[] machines)
    {
        var lists = await Task.WhenAll(machines.Select(async m => (Machine: m, Ids: await Lab.InsideAsync(m, "docker ps -q --no-trunc --filter label=com.docker.swarm.service.name"))));
        return [.. lists.SelectMany(l => l.Ids.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(id => $"{l.Machine} {id}")).Order(StringComparer.Ordinal)];
    }

    /// <summary>Waits until every instance is healthy and proven, as a person would by looking again.</summary>
    /// <param name="proven">False: health is enough, a proof may be due.</param>
    public async Task AllHealthyAsync(TimeSpan deadline, bool proven = true)
    {
        for (var clock = Stopwatch.StartNew(); ; await Task.Delay(2000, TestContext.Current.CancellationToken))
        {
            // While the managers have no leader there is no answer.
            var answer = await TryArkAsync("status --format json");
            if (answer.Output.StartsWith('{') && Status(answer).Values is { Count: > 0 } status && status.All(i => i.Health == "healthy" && (i.Proof == "passed" || !proven))) return;
            Assert.True(clock.Elapsed < deadline, "Not healthy in time: " + LabProgram.Of(answer));
        }
    }

    /// <summary>Name of the machine (m1…) that an address belongs to.</summary>
    public static string MachineOf(string address) => "m" + (int.Parse(address.AsSpan(address.LastIndexOf('.') + 1), System.Globalization.CultureInfo.InvariantCulture) - 10);

    /// <summary>Runs a program of the clone.</summary>
    protected static async Task<LabAnswer> RunAsync(string program, IReadOnlyList<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true })!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, output.Trim(), (await error).Trim());
    }
}
