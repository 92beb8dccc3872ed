using System.CommandLine;
using Ark.Remote.Images;

namespace Ark.Console.Commands;

/// <summary><c>ark images</c>: makes image packages and looks after folders in a registry's layout.</summary>
public static class ImagesCommand
{
    public static Command Create() => new("images", "Build image packages, import them into a registry folder, and look after it.")
    {
        CreateBuild(),
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
}
