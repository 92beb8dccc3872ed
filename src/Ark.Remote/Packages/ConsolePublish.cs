using System.Security.Cryptography;
using System.Text;
using Ark.Core;
using Ark.Remote.Programs;

namespace Ark.Remote.Packages;

/// <summary>Makes the console as one file that needs nothing on the machine (glibc 2.27 or later), out of a clone.</summary>
public static class ConsolePublish
{
    private static readonly string[] Sources = ["src", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    /// <param name="clone">The clone's root folder.</param>
    /// <param name="cache">Where the program and what it is made of stay between calls; nothing in the clone's own <c>bin</c> and <c>obj</c> is touched.</param>
    /// <returns>The program's path. It is made anew only where the sources changed.</returns>
    public static async Task<Outcome<string>> RunAsync(string clone, string cache, CancellationToken cancel)
    {
        cache = Path.GetFullPath(cache);
        var program = Path.Combine(cache, "console", "ark");
        var stamp = Path.Combine(cache, "console.sources");
        var sources = await HashAsync(clone, cancel);
        if (File.Exists(program) && File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancel) == sources) return Outcome<string>.Of(program);
        Directory.CreateDirectory(cache);
        File.Delete(stamp);
        var call = new ProgramCall("dotnet", "publish", Path.Combine(clone, "src/Ark.Console/Ark.Console.csproj"), "--configuration", "Release", "--nologo", "--verbosity", "quiet",
            "--artifacts-path", Path.Combine(cache, "artifacts"), "--output", Path.Combine(cache, "console"), "-p:RestorePackagesWithLockFile=false")
        {
            Directory = clone, Environment = new Dictionary<string, string?> { ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1", ["DOTNET_NOLOGO"] = "1" },
        };
        var published = await LocalProgram.RunAsync(call, cancel);
        if (!published.Ok) return Outcome<string>.Fail(published.Problem("publish-failed", "src/Ark.Console", "The console could not be published", call.ToString()));
        await File.WriteAllTextAsync(stamp, sources, cancel);
        return Outcome<string>.Of(program);
    }

    /// <summary>The clone that a folder lies in, or null.</summary>
    public static string? CloneOf(string? folder) => folder is null || File.Exists(Path.Combine(folder, "src/Ark.Console/Ark.Console.csproj")) ? folder : CloneOf(Path.GetDirectoryName(folder));

    private static async Task<string> HashAsync(string clone, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Sources.SelectMany(s => Files(Path.Combine(clone, s))).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(clone, file) + "\0"));
            hash.AppendData(SHA256.HashData(await File.ReadAllBytesAsync(file, cancel)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static IEnumerable<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) return [];
        return Directory.GetFiles(path).Concat(Directory.GetDirectories(path).Where(d => Path.GetFileName(d) is not ("bin" or "obj")).SelectMany(Files));
    }
}
