using System.Diagnostics;
using Ark.Testing;
using Xunit;

namespace Ark.Web.Tests.Hosts;

/// <summary>A Git repository that the test makes, in a folder of its own.</summary>
public sealed class GitRepository
{
    public GitRepository(string folder)
    {
        Folder = folder;
        Directory.CreateDirectory(folder);
        Git("init", "--quiet", "--initial-branch=main", ".");
        Write("README.md", "Baselines of a test.\n");
        Commit("the beginning");
    }

    public string Folder { get; }

    public string Url => $"file://{Folder}";

    /// <summary>A new branch from main.</summary>
    public void Branch(string name) => Git("checkout", "--quiet", "-b", name, "main");

    public void Checkout(string name) => Git("checkout", "--quiet", name);

    public void Write(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    /// <summary>A baseline of the clone, put where it is wanted.</summary>
    public void Add(string baseline, string to)
    {
        var from = Path.Combine(Clone.Root, "catalog", baseline);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "images.yaml"))
            Write(Path.Combine(to, Path.GetRelativePath(from, file)), File.ReadAllText(file));
    }

    /// <returns>The commit.</returns>
    public string Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "-m", message);
        return Git("rev-parse", "HEAD").Trim();
    }

    public string Git(params string[] arguments) => Run(null, arguments);

    public string Run(string? input, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("git", ["-c", "user.name=Test", "-c", "user.email=test@shop.example", .. arguments])
        {
            WorkingDirectory = Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1" },
        })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {errors.Result}");
        return output;
    }
}
