using System.Diagnostics;
using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Remote.Programs;
using Ark.Remote.Registry;

namespace Ark.Remote.Images;

/// <summary>What <see cref="ImageBuild"/> needs to know.</summary>
/// <param name="Out">Where the image package goes: the registry's layout and <c>images.yaml</c>.</param>
/// <param name="Cache">Where the private engine and the logs live between runs.</param>
public sealed record ImageBuildOptions(string Out, string Cache)
{
    /// <summary>An image in a registry to stand on in place of one made by mmdebstrap, or null.</summary>
    public string? BaseImage { get; init; }

    /// <summary>A Debian mirror's address ending in <c>/debian</c>, or null for the usual one.</summary>
    public string? Mirror { get; init; }

    /// <summary>Build although the tag is there already: takes in newer Debian packages.</summary>
    public bool Rebuild { get; init; }

    /// <summary>Use a private engine even where one is running.</summary>
    public bool PrivateEngine { get; init; }

    public int Parallel { get; init; } = 2;
}

/// <summary>Where one image stands.</summary>
public enum ImageBuildState { Present, Building, Pushing, Built, Failed, Skipped }

/// <summary>One image has come to a new state.</summary>
/// <param name="Elapsed">Since its building began; zero where there was nothing to build.</param>
public sealed record ImageBuildEvent(string Image, ImageBuildState State, TimeSpan Elapsed);

/// <summary>Builds images in the order of what they stand on, several at once, and puts them into an image package.</summary>
public static partial class ImageBuild
{
    /// <returns>The package's index with every wanted image in it, or all problems; images that were built stay in the package either way.</returns>
    public static async Task<Outcome<ImageIndex>> RunAsync(ImageCollection wanted, ImageBuildOptions options, IProgress<ImageBuildEvent> progress, CancellationToken cancel)
    {
        var index = await ImageIndex.ReadAsync(options.Out, cancel);
        if (!index.Ok) return index;
        var present = options.Rebuild ? [] : wanted.Images.Where(i => IsPresent(i, index.Value, options.Out)).ToList();
        foreach (var image in present) progress.Report(new ImageBuildEvent(image.Name, ImageBuildState.Present, TimeSpan.Zero));
        if (present.Count == wanted.Images.Count) return index;

        await using var workshop = await Workshop.OpenAsync(options.Cache, cancel);
        var engine = await BuildEngine.OpenAsync(workshop.Cache, options.PrivateEngine, cancel);
        if (!engine.Ok) return Outcome<ImageIndex>.Fail(engine.Problems);
        await using var closing = engine.Value;
        var registry = await LoopbackRegistry.StartAsync(options.Out, workshop.Work, cancel);
        if (!registry.Ok) return Outcome<ImageIndex>.Fail(registry.Problems);
        await using var stopping = registry.Value;
        using var client = new HttpImageRegistry(registry.Value.Uri);
        using var run = new Run(wanted, options, workshop, engine.Value, registry.Value.Address, client, index.Value, progress);
        var problems = await run.AllAsync(present.Select(i => i.Name).ToHashSet(), cancel);
        RemoveUploads(options.Out);
        if (engine.Value.IsPrivate) await run.ForgetOldAsync(cancel);
        return Outcome<ImageIndex>.From(problems, () => run.Index);
    }

    /// <summary>Does the package hold this very version, with its blobs?</summary>
    private static bool IsPresent(ImageFolder image, ImageIndex index, string directory) =>
        index.Images.TryGetValue(image.Name, out var version) && version.Tag == image.Tag
        && RegistryLayout.Tag(directory, image.Name, image.Tag) == version.Digest
        && RegistryLayout.Missing(directory, image.Name, version.Digest).Count == 0;

    private static void RemoveUploads(string directory)
    {
        foreach (var repository in RegistryLayout.Repositories(directory))
        {
            var uploads = Path.Combine(RegistryLayout.RepositoryFolder(directory, repository), "_uploads");
            if (Directory.Exists(uploads)) Directory.Delete(uploads, recursive: true);
        }
    }

    /// <summary>What programs write to colour a terminal.</summary>
    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colours();

    private sealed class Run(ImageCollection wanted, ImageBuildOptions options, Workshop workshop, BuildEngine engine, string address, HttpImageRegistry client, ImageIndex index,
        IProgress<ImageBuildEvent> progress) : IDisposable
    {
        private readonly SemaphoreSlim _slots = new(options.Parallel);
        private readonly SemaphoreSlim _indexGate = new(1);
        private readonly SemaphoreSlim _pullGate = new(1);

        public ImageIndex Index { get; private set; } = index;

        public void Dispose()
        {
            _slots.Dispose();
            _indexGate.Dispose();
            _pullGate.Dispose();
        }

        /// <summary>Each image waits for its parents, then for a free slot.</summary>
        public async Task<IReadOnlyList<Problem>> AllAsync(IReadOnlySet<string> present, CancellationToken cancel)
        {
            var tasks = new Dictionary<string, Task<IReadOnlyList<Problem>>>();
            foreach (var image in wanted.Images)
            {
                var parents = image.Parents.Select(p => tasks[p]).ToList();
                tasks[image.Name] = present.Contains(image.Name) ? Task.FromResult<IReadOnlyList<Problem>>([]) : OneAsync(image, parents, cancel);
            }
            return [.. (await Task.WhenAll(tasks.Values)).SelectMany(p => p)];
        }

        /// <summary>Takes away what the private engine holds of earlier versions, or its data would grow for ever.</summary>
        public async Task ForgetOldAsync(CancellationToken cancel)
        {
            var listed = await engine.RunAsync(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", $"reference={ImageFolder.Prefix}*"], cancel);
            var names = wanted.Images.ToDictionary(i => i.LocalName, i => i.Tag);
            var old = listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(r =>
                r.LastIndexOf(':') is > 0 and var colon && names.TryGetValue(r[..colon], out var tag) && r[(colon + 1)..] != tag && r[(colon + 1)..] != "latest").ToList();
            if (old.Count > 0) await engine.RunAsync(["image", "rm", .. old], cancel);
            await engine.RunAsync(["image", "prune", "--force"], cancel);
        }

        private async Task<IReadOnlyList<Problem>> OneAsync(ImageFolder image, IReadOnlyList<Task<IReadOnlyList<Problem>>> parents, CancellationToken cancel)
        {
            if ((await Task.WhenAll(parents)).Any(p => p.Count > 0))
            {
                progress.Report(new ImageBuildEvent(image.Name, ImageBuildState.Skipped, TimeSpan.Zero));
                return [new Problem("not-built", image.Recipe, $"{image.Name} was not built, because what it stands on was not.")];
            }
            await _slots.WaitAsync(cancel);
            var clock = Stopwatch.StartNew();
            try
            {
                progress.Report(new ImageBuildEvent(image.Name, ImageBuildState.Building, TimeSpan.Zero));
                var problem = await MakeAsync(image, cancel);
                if (problem is null)
                {
                    progress.Report(new ImageBuildEvent(image.Name, ImageBuildState.Pushing, clock.Elapsed));
                    problem = await PushAsync(image, cancel);
                }
                progress.Report(new ImageBuildEvent(image.Name, problem is null ? ImageBuildState.Built : ImageBuildState.Failed, clock.Elapsed));
                return problem is null ? [] : [problem];
            }
            finally
            {
                _slots.Release();
            }
        }

        /// <summary>Brings the image into the engine under its tag and as <c>latest</c>.</summary>
        private async Task<Problem?> MakeAsync(ImageFolder image, CancellationToken cancel)
        {
            var reference = $"{image.LocalName}:{image.Tag}";
            if (options.Rebuild || !await engine.HasImageAsync(reference, cancel))
            {
                foreach (var parent in image.Parents)
                    if (await FetchAsync(wanted[parent], cancel) is { } missing) return missing;
                var failed = ImageFolder.IsBase(image.Directory) && options.BaseImage is null ? await BootstrapAsync(image, cancel) : await BuildAsync(image, cancel);
                if (failed is not null) return failed;
            }
            await engine.RunAsync(["tag", reference, $"{image.LocalName}:latest"], cancel);
            return null;
        }

        private async Task<Problem?> BuildAsync(ImageFolder image, CancellationToken cancel)
        {
            string dockerfile;
            if (ImageFolder.IsBase(image.Directory))
            {
                var recipe = BaseImage.Read(image.Directory);
                if (!recipe.Ok) return recipe.Problems[0];
                dockerfile = recipe.Value.OnTopOf(options.BaseImage!);
            }
            else
            {
                dockerfile = ImageFolder.Pin(await File.ReadAllTextAsync(Path.Combine(image.Directory, "Dockerfile"), cancel), image.Parents.ToDictionary(p => p, p => wanted[p].Tag));
            }
            List<string> arguments = ["build", "--network", "host", "--force-rm", "--tag", $"{image.LocalName}:{image.Tag}"];
            if (options.Rebuild) arguments.Add("--no-cache");
            var call = engine.Docker([.. arguments, "-"]) with { Input = (to, c) => image.WriteContextAsync(to, dockerfile, c) };
            return await LoggedAsync(image, call, cancel);
        }

        private async Task<Problem?> BootstrapAsync(ImageFolder image, CancellationToken cancel)
        {
            var recipe = BaseImage.Read(image.Directory);
            if (!recipe.Ok) return recipe.Problems[0];
            var tar = Path.Combine(workshop.Work, image.Name + ".tar");
            var bootstrap = recipe.Value.Bootstrap(tar, options.Mirror) with { Environment = new Dictionary<string, string?> { ["TMPDIR"] = workshop.Work } };
            if (await LoggedAsync(image, bootstrap, cancel) is { } failed) return failed;
            var import = engine.Docker("import", "--change", "ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8", "--change", "CMD [\"bash\"]", tar, $"{image.LocalName}:{image.Tag}");
            var problem = await LoggedAsync(image, import, cancel);
            File.Delete(tar);
            return problem;
        }

        /// <summary>A parent that is in the package but not in the engine (another engine made it) comes from the package.</summary>
        private async Task<Problem?> FetchAsync(ImageFolder image, CancellationToken cancel)
        {
            var reference = $"{image.LocalName}:{image.Tag}";
            await _pullGate.WaitAsync(cancel);
            try
            {
                if (await engine.HasImageAsync(reference, cancel)) return null;
                var packed = $"{address}/{image.Name}:{image.Tag}";
                var pulled = await engine.RunAsync(["pull", "--quiet", packed], cancel);
                if (!pulled.Ok) return pulled.Problem("pull-failed", image.Recipe, $"{reference} could not be taken from the package", "ark images verify DIR");
                await engine.RunAsync(["tag", packed, reference], cancel);
                await engine.RunAsync(["tag", packed, $"{image.LocalName}:latest"], cancel);
                await engine.RunAsync(["image", "rm", packed], cancel);
                return null;
            }
            finally
            {
                _pullGate.Release();
            }
        }

        private async Task<Problem?> PushAsync(ImageFolder image, CancellationToken cancel)
        {
            var target = $"{address}/{image.Name}:{image.Tag}";
            await engine.RunAsync(["tag", $"{image.LocalName}:{image.Tag}", target], cancel);
            var pushed = await engine.RunAsync(["push", "--quiet", target], cancel);
            await engine.RunAsync(["image", "rm", target], CancellationToken.None);
            if (!pushed.Ok) return pushed.Problem("push-failed", image.Recipe, $"{image.Name} could not be put into the package");
            var digest = await client.ResolveAsync(image.Name, image.Tag, cancel);
            if (!digest.Ok) return digest.Problems[0];
            await _indexGate.WaitAsync(cancel);
            try
            {
                Index = Index.With(image.Name, new ImagePin(image.Tag, digest.Value));
                await Index.WriteAsync(options.Out, cancel);
            }
            finally
            {
                _indexGate.Release();
            }
            return null;
        }

        private async Task<Problem?> LoggedAsync(ImageFolder image, ProgramCall call, CancellationToken cancel)
        {
            var log = Path.Combine(workshop.Cache, "logs", image.Name + ".log");
            Directory.CreateDirectory(Path.GetDirectoryName(log)!);
            var result = await LocalProgram.RunAsync(call, cancel);
            await File.WriteAllTextAsync(log, $"$ {call}\n{result.Output}{result.Errors}", cancel);
            if (result.Ok) return null;
            if (result.ExitCode == LocalProgram.NotInstalled) return new Problem("no-program", image.Recipe, result.Errors, $"apt-get install {call.File}");
            var tail = string.Join('\n', Colours().Replace($"{result.Output}\n{result.Errors}", "").TrimEnd().Split('\n').TakeLast(20));
            return new Problem("build-failed", image.Recipe, $"{image.Name} did not build:\n{tail}", $"Mend the recipe; the whole log: {log}");
        }
    }
}
