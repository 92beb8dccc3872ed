using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ark.Core;
using Ark.Remote.Images;
using Spectre.Console;

namespace Ark.Console.Commands;

/// <summary><c>ark images</c>: makes image packages and looks after folders in a registry's layout.</summary>
public static partial class ImagesCommand
{
    public static Command Create() => new("images", "Build image packages, import them into a registry folder, and look after it.")
    {
        CreateBuild(),
        CreateImport(),
        CreateVerify(),
        CreateList(),
        CreateGc(),
    };

    private static Command CreateBuild()
    {
        var names = new Argument<string[]>("name") { Description = "Images to build, with what they stand on; all if none is named.", Arity = ArgumentArity.ZeroOrMore };
        var images = new Option<string>("--images") { Description = "Folder with one folder an image.", DefaultValueFactory = _ => "images" };
        var output = new Option<string>("--out") { Description = "Folder of the image package to make or complete.", DefaultValueFactory = _ => ".ark/images" };
        var cache = new Option<string>("--cache") { Description = "Folder for the private Docker engine's data and the logs.", DefaultValueFactory = _ => ".ark/cache/images" };
        var rebuild = new Option<bool>("--rebuild") { Description = "Build although the tag is there: takes in newer Debian packages." };
        var own = new Option<bool>("--private-engine") { Description = "Start a Docker engine for this even where one is running." };
        var list = new Option<bool>("--tags") { Description = "Only print each image's tag; nothing is built." };
        var command = new Command("build", "Build images from Dockerfiles and Debian packages into an image package (registry layout and images.yaml).")
        {
            names, images, output, cache, rebuild, own, list,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            var baseImage = Variable("ARK_BASE_IMAGE");
            var all = ImageCollection.Read(parsed.GetValue(images)!, baseImage);
            var wanted = all.Ok ? all.Value.Choose(parsed.GetValue(names) ?? []) : all;
            if (!wanted.Ok) return Talk.Problems(wanted.Problems, ExitCode.Usage);
            if (parsed.GetValue(list))
            {
                foreach (var image in wanted.Value.Images) System.Console.Out.WriteLine($"{image.Name}:{image.Tag}");
                return ExitCode.Done;
            }
            var options = new ImageBuildOptions(parsed.GetValue(output)!, parsed.GetValue(cache)!)
            {
                BaseImage = baseImage, Mirror = Variable("ARK_DEBIAN_MIRROR"), Rebuild = parsed.GetValue(rebuild), PrivateEngine = parsed.GetValue(own),
            };
            var built = await ImageBuild.RunAsync(wanted.Value, options, new Lines(), cancel);
            if (!built.Ok) return Talk.Problems(built.Problems, ExitCode.Failed);
            foreach (var image in wanted.Value.Images) System.Console.Out.WriteLine($"{image.Name}:{image.Tag}@{built.Value.Images[image.Name].Digest}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateImport()
    {
        var packages = new Argument<string[]>("package") { Description = "Image packages: folders, .tar or .tar.gz with docker/registry/v2 at their root or below data/.", Arity = ArgumentArity.OneOrMore };
        var directory = new Option<string>("--registry-dir") { Description = "Root folder of the registry: the registry_dir of ark.properties.", Required = true };
        var command = new Command("import", "Merge image packages into a registry folder. All are proven first; if anything is wrong, nothing changes.") { packages, directory };
        command.SetAction(async (parsed, cancel) =>
        {
            var imported = await ImageImport.RunAsync(parsed.GetValue(packages)!, parsed.GetValue(directory)!, null, cancel);
            if (!imported.Ok) return Talk.Problems(imported.Problems, ExitCode.Usage);
            var report = imported.Value;
            Talk.Say($"{report.Images.Count} images; {report.Blobs} blobs ({Bytes(report.Bytes)}) are new, the others were there.");
            if (parsed.WantsJson()) System.Console.WriteLine(JsonSerializer.Serialize(new ImportOutput(report.Images, report.Blobs, report.Bytes), OutputJson.Default.ImportOutput));
            else foreach (var image in report.Images) System.Console.WriteLine(image);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateVerify()
    {
        var directory = new Argument<string>("dir") { Description = "Folder above docker/registry/v2." };
        var command = new Command("verify", "Check every blob's digest and that everything an image needs is there.") { directory };
        command.SetAction(async (parsed, cancel) =>
        {
            var proven = await ImageCheck.RunAsync(parsed.GetValue(directory)!, cancel);
            if (!proven.Ok) return Talk.Problems(proven.Problems, proven.Problems is [{ Code: "no-registry-folder" }] ? ExitCode.Usage : ExitCode.Failed);
            System.Console.WriteLine($"{proven.Value.Images} images, {proven.Value.Blobs} blobs, {Bytes(proven.Value.Bytes)}: all sound.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateList()
    {
        var directory = new Argument<string>("dir") { Description = "Folder above docker/registry/v2.", DefaultValueFactory = _ => ".ark/images" };
        var command = new Command("list", "List the images of a folder in the registry's layout.") { directory };
        command.SetAction(parsed =>
        {
            var images = ImageList.Read(parsed.GetValue(directory)!);
            if (parsed.WantsJson())
            {
                System.Console.WriteLine(JsonSerializer.Serialize(new ListOutput(images), OutputJson.Default.ListOutput));
                return ExitCode.Done;
            }
            var table = new Table().Border(TableBorder.Simple).AddColumns("repository", "tag", "digest", "size", "created");
            foreach (var i in images) table.AddRow(i.Repository, i.Tag, i.Digest[..19], Bytes(i.Size), i.Created?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "");
            AnsiConsole.Write(table);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command CreateGc()
    {
        var directory = new Argument<string>("dir") { Description = "Folder above docker/registry/v2." };
        var keep = new Option<string[]>("--keep") { Description = "What stays: NAME:TAG, NAME@DIGEST, or an images.yaml whose images all stay. May be given several times.", Required = true, AllowMultipleArgumentsPerToken = true };
        var grace = new Option<int>("--grace-minutes") { Description = "What was written more recently stays too: an image may be on its way in.", DefaultValueFactory = _ => 60 };
        var dry = new Option<bool>("--dry-run") { Description = "Only say what would go." };
        var command = new Command("gc", "Remove the tags, manifests and blobs that no kept image needs.") { directory, keep, grace, dry };
        command.SetAction(async (parsed, cancel) =>
        {
            var folder = parsed.GetValue(directory)!;
            var kept = await KeptAsync(parsed.GetValue(keep)!, cancel);
            if (!kept.Ok) return Talk.Problems(kept.Problems, ExitCode.Usage);
            var garbage = ImageGarbage.Find(RegistryContents.Read(folder), kept.Value, DateTimeOffset.UtcNow, TimeSpan.FromMinutes(Math.Max(0, parsed.GetValue(grace))));
            if (!garbage.Ok) return Talk.Problems(garbage.Problems, ExitCode.Usage);
            foreach (var (repository, tag) in garbage.Value.Tags) System.Console.WriteLine($"{repository}:{tag}");
            if (!parsed.GetValue(dry))
            {
                ImageGarbage.Remove(folder, garbage.Value);
                var index = await ImageIndex.ReadAsync(folder, cancel);
                if (index is { Ok: true, Value.Images.Count: > 0 })
                    await index.Value.Where((name, pin) => RegistryLayout.Tag(folder, name, pin.Tag) == pin.Digest).WriteAsync(folder, cancel);
            }
            var young = garbage.Value.Young > 0 ? $" {garbage.Value.Young} further blobs are younger than the grace time and stay." : "";
            Talk.Say($"{garbage.Value.Tags.Count} tags and {garbage.Value.Blobs.Count} blobs ({Bytes(garbage.Value.Bytes)}) {(parsed.GetValue(dry) ? "would go" : "are gone")}.{young}");
            return ExitCode.Done;
        });
        return command;
    }

    private static async Task<Outcome<IReadOnlyList<ImageReference>>> KeptAsync(IReadOnlyList<string> words, CancellationToken cancel)
    {
        var kept = new List<ImageReference>();
        var problems = new List<Problem>();
        foreach (var word in words)
        {
            if (ImageReference.Parse(word) is { } reference) kept.Add(reference);
            else if (!File.Exists(word)) problems.Add(new Problem("bad-image-name", "--keep", $"{word} is neither an image nor a file.", "Write NAME:TAG, NAME@sha256:…, or the path of an images.yaml."));
            else
            {
                var index = ImageIndex.Parse(word, await File.ReadAllTextAsync(word, cancel));
                problems.AddRange(index.Problems);
                if (index.Ok) kept.AddRange(index.Value.Images.Select(i => ImageReference.Of(i.Key, i.Value)));
            }
        }
        return Outcome<IReadOnlyList<ImageReference>>.From(problems, () => kept);
    }

    private static string Bytes(long bytes) => bytes switch
    {
        < 1 << 20 => $"{bytes / 1024.0:0} KB",
        < 1 << 30 => $"{bytes / 1048576.0:0.0} MB",
        _ => $"{bytes / 1073741824.0:0.00} GB",
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>One line on stderr for each thing that happens, from whatever thread.</summary>
    private sealed class Lines : IProgress<ImageBuildEvent>
    {
        public void Report(ImageBuildEvent value)
        {
            if (value.State is ImageBuildState.Pushing) return;
            var word = value.State switch
            {
                ImageBuildState.Present => "is there already",
                ImageBuildState.Building => "is being built",
                ImageBuildState.Built => $"built in {value.Elapsed.TotalSeconds:0.0} s",
                ImageBuildState.Failed => $"FAILED after {value.Elapsed.TotalSeconds:0.0} s",
                _ => "skipped",
            };
            Talk.Say($"{value.Image,-20} {word}");
        }
    }

    internal sealed record ImportOutput(IReadOnlyList<string> Images, int Blobs, long Bytes);

    internal sealed record ListOutput(IReadOnlyList<ListedImage> Images);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(ImportOutput))]
    [JsonSerializable(typeof(ListOutput))]
    internal sealed partial class OutputJson : JsonSerializerContext;
}
