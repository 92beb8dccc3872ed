using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ark.Console;
using Ark.Remote.Ssh;
using Ark.Testing;
using Ark.Testing.Ssh;
using Xunit;

namespace Ark.Tests.Console;

/// <summary>One problem as the program lists it: its code, and its place as far as it has one.</summary>
public sealed record Listed(string Code, string Place);

/// <summary>
/// A folder as it is carried to a site, and the program <c>ark</c> run on it as a person would: in a network of its own, with a home that
/// holds no passphrase. Anything that a shell would have run leaves a file named <c>canary</c> in <see cref="Work"/>.
/// </summary>
public sealed partial class CarriedSite : IAsyncLifetime
{
    private readonly DirectoryInfo _all = Directory.CreateTempSubdirectory("ark-carried-");
    private TestNetwork? _network;

    /// <summary>Good properties in VM mode; <see cref="Properties"/> changes single lines of them.</summary>
    public const string Good = """
        mode=vm
        aliware_version=3.1.x
        domain=shop.example
        region=east-1
        machine_ips=10.99.0.11,10.99.0.12,10.99.0.13
        client_ip=10.99.0.11
        machine_user=deploy
        docker_dir=/data/docker
        registry_dir=/var/images
        ntp_server=10.99.0.11

        """;

    /// <summary>A good task of two components, of which one has three instances.</summary>
    public const string GoodTask = """
        schema: 1
        id: "1"
        baseline: open-3.1
        components:
          cache:
            count: 3
          csb-broker: {}

        """;

    public TestNetwork Network => _network!;

    public string Root => Path.Combine(_all.FullName, "site");

    /// <summary>The working folder of the program; empty.</summary>
    public string Work => Path.Combine(_all.FullName, "work");

    public string PassphraseFile => Path.Combine(_all.FullName, "passphrase");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(TestNetwork.Missing is null, TestNetwork.Missing ?? "");
        _network = await TestNetwork.StartAsync();
    }

    /// <summary>The folder anew: good properties, a good task, the repository's own catalogue, no key.</summary>
    public CarriedSite Begin()
    {
        foreach (var folder in (string[])[Root, Work])
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.CreateDirectory(folder);
        }

        Directory.CreateDirectory(Path.Combine(_all.FullName, "home"));
        File.WriteAllText(PassphraseFile, "correct horse\n");
        Write("bin/ark.properties", Good);
        Write("tasks/task_1/task.yaml", GoodTask);
        var catalog = Path.Combine(Clone.Root, "catalog");
        foreach (var file in Directory.EnumerateFiles(catalog, "*", SearchOption.AllDirectories))
            Write("catalog/" + Path.GetRelativePath(catalog, file), File.ReadAllText(file));
        return this;
    }

    /// <summary>With the console's key, so that nothing but the input keeps a command from the machines.</summary>
    public CarriedSite Prepared()
    {
        Begin();
        SshKey.Generate("ark").Save(Path.Combine(Root, "var", "ssh", "id"));
        return this;
    }

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, path))!);
        File.WriteAllText(Path.Combine(Root, path), text);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Replaces a text that stands once in a file.</summary>
    public void Change(string path, string what, string by)
    {
        var text = Read(path);
        Assert.Equal(2, text.Split(what).Length);
        Write(path, text.Replace(what, by, StringComparison.Ordinal));
    }

    /// <summary>Good properties with lines set (<c>key=value</c>), taken out (<c>key</c>) or added.</summary>
    public void Properties(params string[] changes)
    {
        var lines = Good.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        foreach (var change in changes)
        {
            var at = lines.FindIndex(l => l.Split('=')[0] == change.Split('=')[0]);
            if (!change.Contains('=', StringComparison.Ordinal)) lines.RemoveAt(at);
            else if (at >= 0) lines[at] = change;
            else lines.Add(change);
        }

        Write("bin/ark.properties", string.Join('\n', lines) + "\n");
    }

    /// <summary>Runs the program on the folder.</summary>
    /// <param name="environment">Variables beside those of the tests.</param>
    public (int Exit, string Out, string Error) Ark(string[] arguments, string? input = null, params (string Name, string Value)[] environment)
    {
        var words = Network.Enter.Concat([Path.Combine(AppContext.BaseDirectory, "ark"), .. arguments]).ToList();
        var start = new ProcessStartInfo(words[0], words[1..]) { WorkingDirectory = Work, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["HOME"] = Path.Combine(_all.FullName, "home");
        start.Environment.Remove("ARK_PASSPHRASE");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    /// <summary>Runs a command that must be refused for its input, with nothing touched and nobody contacted, and gives all errors listed.</summary>
    public IReadOnlyList<Listed> Refused(params string[] arguments)
    {
        var (before, attempts) = (Fingerprint(Root), Network.Attempts());
        // A passphrase that cannot be had would be named, if it were asked for before all input is judged.
        var run = Ark([.. arguments, "--site", Root, "--passphrase-file", Path.Combine(Work, "nowhere")]);
        Assert.True(run.Exit == ExitCode.Usage, $"exit {run.Exit}: {run.Error}");
        Assert.DoesNotContain("   at Ark.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("no-passphrase", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', run.Error);
        Assert.Equal(before, Fingerprint(Root));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Work));
        Assert.Equal(attempts, Network.Attempts());
        return Errors(run.Error);
    }

    /// <summary>What stderr lists as errors; a line that is none of the known form is an error in the test's eyes.</summary>
    public static IReadOnlyList<Listed> Errors(string error)
    {
        List<Listed> all = [];
        foreach (var line in error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("warning: ", StringComparison.Ordinal)))
        {
            var match = Line().Match(line);
            Assert.True(match.Success, $"Not a problem: {line}");
            all.Add(new(match.Groups["code"].Value, match.Groups["place"].Value));
        }

        return all;
    }

    /// <summary>Every file, folder and link of a folder with modes and contents.</summary>
    public static string Fingerprint(string folder)
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal))
        {
            var info = new FileInfo(path);
            var content = info.LinkTarget ?? (Directory.Exists(path) ? "folder" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
            text.Append(Path.GetRelativePath(folder, path)).Append(' ').Append(info.UnixFileMode).Append(' ').Append(content).Append('\n');
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        if (_network is not null) await _network.DisposeAsync();
        _all.Delete(recursive: true);
    }

    [GeneratedRegex(@"^error: ((?<place>[^ ]+): )?(?<message>.*) \[(?<code>[a-z-]+)\]( → .*)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Line();
}
