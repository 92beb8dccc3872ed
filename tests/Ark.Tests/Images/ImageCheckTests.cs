using Ark.Core;
using Ark.Remote.Images;
using Ark.Testing.Registry;
using Xunit;

namespace Ark.Tests.Images;

public sealed class ImageCheckTests : IDisposable
{
    private readonly SampleRegistry _registry = new();

    public ImageCheckTests()
    {
        _registry.Add("redis", "1", "base layer", "redis layer");
        _registry.Add("base", "7", "base layer");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task A_sound_folder_passes()
    {
        var proven = (await ImageCheck.RunAsync(_registry.Directory, Token)).Value!;
        Assert.Equal((2, 6), (proven.Images, proven.Blobs));
    }

    [Fact]
    public async Task A_flipped_bit_names_the_blob_and_every_image_that_needs_it()
    {
        File.WriteAllText(_registry.BlobFile(SampleRegistry.DigestOf("base layer")), "bbse layer");
        var problem = Assert.Single(await ProblemsAsync());
        Assert.Equal("broken-blob", problem.Code);
        Assert.Contains(SampleRegistry.DigestOf("base layer"), problem.Message, StringComparison.Ordinal);
        Assert.Contains("needed by base:7, redis:1.", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_damage_is_found_in_one_go()
    {
        File.Delete(_registry.BlobFile(SampleRegistry.DigestOf("redis layer")));
        Directory.Delete(RegistryLayout.LayerFolder(_registry.Directory, "base", SampleRegistry.DigestOf("base layer")), recursive: true);
        File.WriteAllText(Path.Combine(RegistryLayout.TagFolder(_registry.Directory, "base", "7"), "current/link"), "sha256:beef");
        var index = Path.Combine(_registry.Directory, "images.yaml");
        File.AppendAllText(index, $"metadb:\n  tag: x\n  digest: {SampleRegistry.DigestOf("nowhere")}\n");
        var problems = await ProblemsAsync();
        Assert.Equal(["broken-tag", "missing-blob", "missing-image", "missing-image", "missing-link"], problems.Select(p => p.Code).Order());
        Assert.Contains(problems, p => p.Code == "missing-blob" && p.Message.EndsWith("needed by redis:1.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lost_manifest_is_named_with_its_image()
    {
        File.Delete(_registry.BlobFile(RegistryLayout.Tag(_registry.Directory, "redis", "1")!));
        var problem = Assert.Single(await ProblemsAsync());
        Assert.Equal("missing-blob", problem.Code);
        Assert.Contains("redis:1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_a_registry_in_it_is_said_to_be_none() =>
        Assert.Equal("no-registry-folder", Assert.Single((await ImageCheck.RunAsync(Path.GetTempPath() + "/none", Token)).Problems).Code);

    [Fact]
    public void The_list_tells_digest_size_and_time()
    {
        var redis = ImageList.Read(_registry.Directory)[1];
        Assert.Equal(("redis", "1", RegistryLayout.Tag(_registry.Directory, "redis", "1")), (redis.Repository, redis.Tag, redis.Digest));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), redis.Created);
        Assert.True(redis.Size > "base layerredis layer".Length);
    }

    private async Task<IReadOnlyList<Problem>> ProblemsAsync() => (await ImageCheck.RunAsync(_registry.Directory, Token)).Problems;
}
