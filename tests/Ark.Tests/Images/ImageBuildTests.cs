using System.Collections.Concurrent;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Remote.Images;
using Ark.Remote.Programs;
using Ark.Remote.Registry;
using Xunit;

namespace Ark.Tests.Images;

/// <summary>With a real Docker engine, private to the test, and a real registry.</summary>
public sealed class ImageBuildTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("ark-build-").FullName;
    private readonly ConcurrentQueue<string> _events = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Out => Path.Combine(_work, "out");

    public void Dispose() => Directory.Delete(_work, recursive: true);

    [Fact]
    public async Task Images_are_built_in_order_into_a_package_that_a_registry_serves_and_an_engine_loads()
    {
        Write("hello/Dockerfile", "FROM scratch\nCOPY greeting /greeting\n");
        Write("hello/greeting", "good day\n");
        Write("child/Dockerfile", "FROM ark/hello\nCOPY more /more\nLABEL about=child\n");
        Write("child/more", "and good night\n");
        var index = await BuildAsync();
        Assert.Equal(["hello Building", "hello Pushing", "hello Built", "child Building", "child Pushing", "child Built"], _events);
        Assert.Equal(2, (await ImageCheck.RunAsync(Out, Token)).Value!.Images);
        Assert.All(RegistryLayout.Repositories(Out), r => Assert.False(Directory.Exists(Path.Combine(RegistryLayout.RepositoryFolder(Out, r), "_uploads"))));

        _events.Clear();
        Assert.Equal(index.Images, (await BuildAsync()).Images);
        Assert.Equal(["hello Present", "child Present"], _events);

        _events.Clear();
        Write("child/more", "and good morning\n");
        Directory.Delete(Path.Combine(_work, "cache/engine"), recursive: true); // the parent now comes out of the package
        var changed = await BuildAsync();
        Assert.Equal(["hello Present", "child Building", "child Pushing", "child Built"], _events);
        Assert.Equal(index.Images["hello"], changed.Images["hello"]);
        Assert.NotEqual(index.Images["child"].Digest, changed.Images["child"].Digest);

        await ServedAndLoadedAsync(changed.Images["child"]);
        Assert.DoesNotContain(_work, await File.ReadAllTextAsync("/proc/self/mounts", Token), StringComparison.Ordinal);
        Assert.DoesNotContain(_work, (await LocalProgram.RunAsync(new ProgramCall("ps", "-eo", "args"), Token)).Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_work, "cache/work")));
    }

    [Fact]
    public async Task An_image_that_does_not_build_stops_only_what_stands_on_it()
    {
        Write("bad/Dockerfile", "FROM scratch\nCOPY missing /missing\n");
        Write("child/Dockerfile", "FROM ark/bad\n");
        Write("good/Dockerfile", "FROM scratch\nCOPY Dockerfile /made-by\n");
        var built = await RunAsync();
        Assert.Equal(["build-failed", "not-built"], built.Problems.Select(p => p.Code));
        Assert.Contains("missing", built.Problems[0].Message, StringComparison.Ordinal);
        Assert.Contains("good Built", _events);
        Assert.Equal(["good"], ImageList.Read(Out).Select(i => i.Repository));
    }

    private async Task ServedAndLoadedAsync(ImagePin pin)
    {
        Directory.CreateDirectory(Path.Combine(_work, "served"));
        var started = await LoopbackRegistry.StartAsync(Out, Path.Combine(_work, "served"), Token);
        await using var server = started.Value!;
        using var client = new HttpImageRegistry(server.Uri);
        Assert.Equal(pin.Digest, (await client.ResolveAsync("child", pin.Tag, Token)).Value);
        Assert.Equal(["child", "hello"], (await client.CatalogAsync(Token)).Value!);

        var archive = Path.Combine(_work, "child.tar");
        Assert.True((await ImageArchive.WriteAsync(Out, "child", pin, "ark/child:" + pin.Tag, archive, Token)).Ok);
        await using var engine = (await BuildEngine.OpenAsync(Path.Combine(_work, "fresh"), alwaysPrivate: true, Token)).Value!;
        Assert.False(await engine.HasImageAsync("ark/child:" + pin.Tag, Token));
        Assert.True((await engine.RunAsync(["load", "--input", archive], Token)).Ok);
        var label = await engine.RunAsync(["image", "inspect", "--format", "{{.Config.Labels.about}} {{len .RootFS.Layers}}", "ark/child:" + pin.Tag], Token);
        Assert.Equal("child 2\n", label.Output);
    }

    private async Task<ImageIndex> BuildAsync()
    {
        var built = await RunAsync();
        Assert.Empty(built.Problems);
        return built.Value!;
    }

    private Task<Outcome<ImageIndex>> RunAsync() => ImageBuild.RunAsync(
        ImageCollection.Read(Path.Combine(_work, "images")).Value!,
        new ImageBuildOptions(Out, Path.Combine(_work, "cache")) { PrivateEngine = true }, new Recorder(_events), Token);

    private void Write(string path, string content)
    {
        var file = Path.Combine(_work, "images", path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private sealed class Recorder(ConcurrentQueue<string> events) : IProgress<ImageBuildEvent>
    {
        public void Report(ImageBuildEvent value) => events.Enqueue($"{value.Image} {value.State}");
    }
}
