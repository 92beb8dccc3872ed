using System.Globalization;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Remote.Programs;

namespace Ark.Remote.Packages;

/// <summary>A Debian release as machines name it and as mirrors name it.</summary>
/// <param name="Name">Of <c>/etc/os-release</c>, id and version: <c>debian-12</c>; the folder's name in a package.</param>
/// <param name="Suite">On a mirror: <c>bookworm</c>.</param>
public sealed record DebianRelease(string Name, string Suite)
{
    public static DebianRelease Bookworm { get; } = new("debian-12", "bookworm");
}

/// <summary>One package of a closure, as apt writes it.</summary>
public sealed partial record DebianPackage(string Name, string Version, string Architecture)
{
    /// <summary>The packages that <c>apt-get --simulate install</c> says it would install.</summary>
    public static IReadOnlyList<DebianPackage> Simulated(string output) =>
        [.. Install().Matches(output).Select(m => new DebianPackage(m.Groups["name"].Value.Split(':')[0], m.Groups["version"].Value, m.Groups["arch"].Value))];

    /// <summary>The file that <c>apt-get download</c> writes.</summary>
    public string FileName => $"{Name}_{Version.Replace(":", "%3a", StringComparison.Ordinal)}_{Architecture}.deb";

    [GeneratedRegex(@"^Inst (?<name>\S+) (?:\[\S+\] )?\((?<version>\S+) [^\n]*\[(?<arch>\w+)\]\)", RegexOptions.Multiline)]
    private static partial Regex Install();
}

/// <summary>
/// The packages that a machine without a network needs to install something: all that a minimal Debian lacks of it, as a flat apt repository (<c>*.deb</c>,
/// <c>Packages</c>, <c>Release</c>). Made by apt with a state of its own; this computer's packages play no part.
/// </summary>
public static class DebianClosure
{
    /// <summary>What a minimal system has: the essential packages, apt, and what they need.</summary>
    private static readonly string[] Minimal = ["?essential", "apt", "usr-is-merged"];

    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

    /// <summary>
    /// Makes the repository, or leaves it as it is where it holds these packages already and <paramref name="refresh"/> does not ask for newer versions.
    /// </summary>
    /// <param name="directory">The repository's folder, replaced as a whole when everything is there.</param>
    /// <param name="mirror">A mirror's address ending in <c>/debian</c>, or null for the one that this computer's apt uses.</param>
    /// <returns>The packages in it.</returns>
    public static async Task<Outcome<IReadOnlyList<DebianPackage>>> MakeAsync(
        DebianRelease release, IReadOnlyList<string> packages, string directory, bool refresh, string? mirror, CancellationToken cancel)
    {
        if (!refresh && Read(directory, packages) is { } there) return Outcome<IReadOnlyList<DebianPackage>>.Of(there);
        mirror ??= await OwnMirrorAsync(release, cancel);
        if (mirror is null)
            return Outcome<IReadOnlyList<DebianPackage>>.Fail(new Problem("no-mirror", "apt", $"This computer's apt has no source for Debian {release.Suite}.", "name a mirror: ARK_DEBIAN_MIRROR=http://HOST/debian"));
        var work = Path.GetFullPath(directory) + ".new";
        if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
        Directory.CreateDirectory(work);
        try
        {
            var apt = new Apt(Path.Combine(work, "apt"), release, mirror);
            var made = await MakeAsync(apt, packages, Path.Combine(work, "repository"), cancel);
            if (!made.Ok) return made;
            if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
            Directory.Move(Path.Combine(work, "repository"), directory);
            return made;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task<Outcome<IReadOnlyList<DebianPackage>>> MakeAsync(Apt apt, IReadOnlyList<string> packages, string repository, CancellationToken cancel)
    {
        Directory.CreateDirectory(repository);
        var updated = await apt.RunAsync(["update"], null, cancel);
        if (!updated.Ok) return Fail(updated, "The mirror's lists could not be read");
        var minimal = await apt.RunAsync(["--simulate", "install", .. Minimal], null, cancel);
        var whole = await apt.RunAsync(["--simulate", "install", .. Minimal, .. packages], null, cancel);
        if (!minimal.Ok) return Fail(minimal, "apt finds no way to a minimal system");
        if (!whole.Ok) return Fail(whole, $"apt finds no way to install {string.Join(", ", packages)}");
        var closure = DebianPackage.Simulated(whole.Output).Except(DebianPackage.Simulated(minimal.Output)).OrderBy(p => p.Name, StringComparer.Ordinal).ToList();
        var fetched = await apt.RunAsync(["download", .. closure.Select(p => $"{p.Name}={p.Version}")], repository, cancel);
        if (!fetched.Ok) return Fail(fetched, "The packages could not be fetched");
        var lost = closure.Where(p => !File.Exists(Path.Combine(repository, p.FileName))).Select(p => p.FileName).ToList();
        if (lost.Count > 0) return Outcome<IReadOnlyList<DebianPackage>>.Fail(new Problem("apt-failed", repository, $"apt fetched everything but {string.Join(", ", lost)}."));
        var index = await LocalProgram.RunAsync(new ProgramCall("apt-ftparchive", "packages", ".") { Directory = repository }, cancel);
        if (!index.Ok) return Fail(index, "The repository's index could not be written");
        await File.WriteAllTextAsync(Path.Combine(repository, "Packages"), index.Output, cancel);
        var release = await LocalProgram.RunAsync(
            new ProgramCall("apt-ftparchive", "-o", "APT::FTPArchive::Release::Origin=Ark", "-o", $"APT::FTPArchive::Release::Description={Description(packages)}", "release", ".") { Directory = repository }, cancel);
        if (!release.Ok) return Fail(release, "The repository's description could not be written");
        await File.WriteAllTextAsync(Path.Combine(repository, "Release"), release.Output, cancel);
        return Outcome<IReadOnlyList<DebianPackage>>.Of(closure);
    }

    /// <summary>The packages of a repository that was made for the same request and is whole; null otherwise.</summary>
    private static IReadOnlyList<DebianPackage>? Read(string directory, IReadOnlyList<string> packages)
    {
        var release = Path.Combine(directory, "Release");
        if (!File.Exists(release) || !File.ReadLines(release).Contains("Description: " + Description(packages))) return null;
        var found = new List<DebianPackage>();
        foreach (var paragraph in File.ReadAllText(Path.Combine(directory, "Packages")).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = paragraph.Split('\n').Where(l => !l.StartsWith(' ') && l.Contains(": ", StringComparison.Ordinal))
                .ToDictionary(l => l[..l.IndexOf(':', StringComparison.Ordinal)], l => l[(l.IndexOf(':', StringComparison.Ordinal) + 2)..]);
            var file = new FileInfo(Path.Combine(directory, fields["Filename"]));
            if (!file.Exists || file.Length.ToString(CultureInfo.InvariantCulture) != fields["Size"]) return null;
            found.Add(new DebianPackage(fields["Package"], fields["Version"], fields["Architecture"]));
        }
        return found;
    }

    /// <summary>Where this computer's own apt gets the release from; null where it does not.</summary>
    private static async Task<string?> OwnMirrorAsync(DebianRelease release, CancellationToken cancel)
    {
        var targets = await LocalProgram.RunAsync(new("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)", "Created-By: Packages"), cancel);
        return targets.Output.Split('\n').FirstOrDefault(l => l.EndsWith($" {release.Suite} main", StringComparison.Ordinal))?.Split(' ')[0].TrimEnd('/');
    }

    private static string Description(IReadOnlyList<string> packages) => "what a minimal system lacks of " + string.Join(", ", packages);

    private static Outcome<IReadOnlyList<DebianPackage>> Fail(ProgramResult result, string message) =>
        Outcome<IReadOnlyList<DebianPackage>>.Fail(result.Problem("apt-failed", "apt", message, "Look whether the mirror is reachable and apt-utils is installed; another mirror: ARK_DEBIAN_MIRROR."));

    /// <summary>An apt with sources, lists and an empty list of installed packages of its own.</summary>
    private sealed class Apt
    {
        private readonly string _config;

        public Apt(string root, DebianRelease release, string mirror)
        {
            foreach (var folder in new[] { "state/lists/partial", "cache/archives/partial", "etc/preferences.d" }) Directory.CreateDirectory(Path.Combine(root, folder));
            File.WriteAllText(Path.Combine(root, "state/status"), "");
            var signed = $"[arch=amd64 signed-by={Keyring}]";
            File.WriteAllLines(Path.Combine(root, "etc/sources.list"),
            [
                $"deb {signed} {mirror} {release.Suite} main", $"deb {signed} {mirror} {release.Suite}-updates main", $"deb {signed} {mirror}-security {release.Suite}-security main",
            ]);
            _config = Path.Combine(root, "apt.conf");
            File.WriteAllText(_config, $$"""
                Dir::State "{{root}}/state";
                Dir::State::status "{{root}}/state/status";
                Dir::Cache "{{root}}/cache";
                Dir::Etc::SourceList "{{root}}/etc/sources.list";
                Dir::Etc::SourceParts "-";
                Dir::Etc::Preferences "-";
                Dir::Etc::PreferencesParts "{{root}}/etc/preferences.d";
                APT::Architecture "amd64";
                APT::Architectures { "amd64"; };
                APT::Install-Recommends "false";
                APT::Install-Suggests "false";
                APT::Sandbox::User "root";
                APT::Get::Assume-Yes "true";
                Acquire::Languages "none";
                Acquire::Retries "3";
                APT::Update::Post-Invoke {};
                APT::Update::Post-Invoke-Success {};

                """);
        }

        public Task<ProgramResult> RunAsync(IReadOnlyList<string> arguments, string? directory, CancellationToken cancel) =>
            LocalProgram.RunAsync(new ProgramCall("apt-get", ["-q", "-o", "Debug::NoLocking=true", .. arguments])
            {
                Directory = directory, Environment = new Dictionary<string, string?> { ["APT_CONFIG"] = _config, ["LC_ALL"] = "C", ["DEBIAN_FRONTEND"] = "noninteractive" },
            }, cancel);
    }
}
