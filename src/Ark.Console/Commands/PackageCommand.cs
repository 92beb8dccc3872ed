using System.CommandLine;
using Ark.Core;
using Ark.Remote.Packages;

namespace Ark.Console.Commands;

/// <summary><c>ark package</c>: makes and proves what is carried to a site.</summary>
public static class PackageCommand
{
    /// <summary>What machines get of their distribution before anything else runs on them.</summary>
    private static readonly string[] BasePackages = ["docker.io", "apparmor"];

    public static Command Create()
    {
        var command = CreateMake();
        command.Subcommands.Add(CreateDebs());
        command.Subcommands.Add(CreateVerify());
        return command;
    }

    private static Command CreateMake()
    {
        var output = new Option<string>("--out") { Description = "The package to make: a folder, or a file that ends in .tar.", Required = true };
        var catalog = new Option<string[]>("--catalog") { Description = "Baselines to carry: names below catalog/, or folders. All of catalog/ if none is named.", AllowMultipleArgumentsPerToken = true };
        var images = new Option<string>("--images") { Description = "The image package: what ark images build made.", DefaultValueFactory = _ => ".ark/images" };
        var packages = new Option<string>("--packages") { Description = "The offline packages: what ark package debs made.", DefaultValueFactory = _ => ".ark/packages" };
        var properties = new Option<string?>("--properties") { Description = "The site's ark.properties. Clear secrets are left out." };
        var tasks = new Option<string[]>("--task") { Description = "Tasks to carry: task_<id>.tgz or folders task_<id>.", AllowMultipleArgumentsPerToken = true };
        var console = new Option<string?>("--console") { Description = "The console to carry; by default this program itself." };
        var command = new Command("package", "Make what is carried to a site: console, catalogue, offline packages, images, checksums.") { output, catalog, images, packages, properties, tasks, console };
        command.SetAction(async (parsed, cancel) =>
        {
            var program = Program(parsed.GetValue(console));
            if (!program.Ok) return Talk.Problems(program.Problems, ExitCode.Usage);
            var content = new SitePackageContent
            {
                Console = program.Value, Baselines = Baselines(parsed.GetValue(catalog) ?? [], Environment.GetEnvironmentVariable("ARK_ROOT") ?? Directory.GetCurrentDirectory()),
                Images = parsed.GetValue(images)!, Packages = parsed.GetValue(packages)!, Properties = parsed.GetValue(properties), Tasks = parsed.GetValue(tasks) ?? [],
            };
            var made = await SitePackage.MakeAsync(content, parsed.GetValue(output)!, cancel);
            if (!made.Ok) return Talk.Problems(made.Problems, ExitCode.Usage);
            Talk.Problems(made.Value.Warnings, ExitCode.Done);
            Talk.Say($"{made.Value.Files} files, {made.Value.Bytes >> 20} MB.");
            System.Console.WriteLine(made.Value.Path);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateDebs()
    {
        var output = new Option<string>("--out") { Description = "Folder with one folder a distribution.", DefaultValueFactory = _ => ".ark/packages" };
        var refresh = new Option<bool>("--refresh") { Description = "Ask for newer versions although the packages are there." };
        var command = new Command("debs", "Fetch the Debian packages that machines without a network need, as an apt repository.") { output, refresh };
        command.SetAction(async (parsed, cancel) =>
        {
            var release = DebianRelease.Bookworm;
            var directory = Path.Combine(parsed.GetValue(output)!, release.Name);
            var mirror = Environment.GetEnvironmentVariable("ARK_DEBIAN_MIRROR") is { Length: > 0 } named ? named : null;
            var made = await DebianClosure.MakeAsync(release, BasePackages, directory, parsed.GetValue(refresh), mirror, cancel);
            if (!made.Ok) return Talk.Problems(made.Problems, ExitCode.Failed);
            foreach (var package in made.Value) System.Console.WriteLine($"{package.Name} {package.Version}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateVerify()
    {
        var directory = new Argument<string>("dir") { Description = "The unpacked package." };
        var command = new Command("verify", "Compare every file with the package's checksums.") { directory };
        command.SetAction(async (parsed, cancel) =>
        {
            var problems = await Checksums.CheckAsync(parsed.GetValue(directory)!, cancel);
            var wrong = problems.Any(p => p.Severity == Severity.Error);
            Talk.Problems(problems, ExitCode.Done);
            if (problems is [{ Code: "no-package" }]) return ExitCode.Usage;
            if (!wrong) System.Console.WriteLine("Every file is the one that was packed.");
            return wrong ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    /// <summary>The one named, or this very program where it is one file that needs nothing else: what the launcher of a clone and a package have.</summary>
    private static Outcome<string> Program(string? named)
    {
        if (named is not null) return Outcome<string>.Of(named);
        return Environment.ProcessPath is { } self && Path.GetFileName(self) == "ark" && !File.Exists(self + ".dll")
            ? Outcome<string>.Of(self)
            : Outcome<string>.Fail(new Problem("no-console", "--console", "This program is not one file that a site could run.", "Call ./ark of the clone, or name one with --console PATH."));
    }

    private static List<string> Baselines(IReadOnlyList<string> names, string root)
    {
        var catalog = Path.Combine(root, "catalog");
        if (names.Count > 0) return [.. names.Select(n => n.Contains('/') ? n : Path.Combine(catalog, n))];
        return Directory.Exists(catalog) ? [.. Directory.GetDirectories(catalog).Where(d => File.Exists(Path.Combine(d, "baseline.yaml"))).Order(StringComparer.Ordinal)] : [];
    }
}
