using Ark.Core;
using Ark.Remote.Images;
using Ark.Testing.Registry;
using Xunit;

namespace Ark.Tests.Images;

public sealed class ImageGarbageTests : IDisposable
{
    private readonly SampleRegistry _registry = new();
    private readonly string _old;
    private readonly string _new;

    public ImageGarbageTests()
    {
        _old = _registry.Add("redis", "1", "base layer", "redis one");
        _new = _registry.Add("redis", "2", "base layer", "redis two");
        _registry.Add("tools/base", "7", "base layer");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static DateTimeOffset Tomorrow => DateTimeOffset.UtcNow.AddDays(1);

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task What_no_kept_image_needs_goes_and_the_rest_stays_whole()
    {
        var garbage = Find(Tomorrow, "redis:2").Value!;
        Assert.Equal([("redis", "1"), ("tools/base", "7")], garbage.Tags.Order());
        Assert.Equal(["tools/base"], garbage.Repositories);
        Assert.DoesNotContain(SampleRegistry.DigestOf("base layer"), garbage.Blobs);
        Assert.Contains(SampleRegistry.DigestOf("redis one"), garbage.Blobs);
        ImageGarbage.Remove(_registry.Directory, garbage);
        File.Delete(Path.Combine(_registry.Directory, "images.yaml"));
        var left = (await ImageCheck.RunAsync(_registry.Directory, Token)).Value!;
        Assert.Equal((1, 4), (left.Images, left.Blobs));
        Assert.Equal(["redis"], RegistryLayout.Repositories(_registry.Directory));
        Assert.False(Directory.Exists(Path.Combine(_registry.Directory, RegistryLayout.Root, "repositories/tools")));
        Assert.True(Find(Tomorrow, "redis:2").Value!.IsEmpty);
    }

    [Fact]
    public void An_image_kept_by_its_digest_keeps_its_tag()
    {
        var garbage = Find(Tomorrow, $"redis@{_old}").Value!;
        Assert.Equal([("redis", "2"), ("tools/base", "7")], garbage.Tags.Order());
        Assert.Equal([_new], garbage.Manifests.Where(m => m.Repository == "redis").Select(m => m.Digest));
    }

    [Fact]
    public void An_image_that_a_tag_meant_before_is_kept_by_its_digest()
    {
        _registry.Point("redis", "2", _old);
        var garbage = Find(Tomorrow, $"redis@{_new}").Value!;
        Assert.DoesNotContain(SampleRegistry.DigestOf("redis two"), garbage.Blobs);
        Assert.Contains(("redis", "2"), garbage.Tags);
    }

    [Fact]
    public void What_is_younger_than_the_grace_time_stays()
    {
        Assert.True(Find(DateTimeOffset.UtcNow, "redis:2").Value!.IsEmpty);
        var blob = _registry.BlobFile(SampleRegistry.DigestOf("stray"));
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        File.WriteAllText(blob, "stray");
        Assert.Equal((0, 1), (Find(DateTimeOffset.UtcNow, "redis:2").Value!.Blobs.Count, Find(DateTimeOffset.UtcNow, "redis:2").Value!.Young));
        Assert.Contains(SampleRegistry.DigestOf("stray"), Find(Tomorrow, "redis:2").Value!.Blobs);
    }

    [Fact]
    public void An_old_layer_of_an_image_on_its_way_in_stays()
    {
        var link = Path.Combine(RegistryLayout.LayerFolder(_registry.Directory, "next", SampleRegistry.DigestOf("redis one")), "link");
        Directory.CreateDirectory(Path.GetDirectoryName(link)!);
        File.WriteAllText(link, SampleRegistry.DigestOf("redis one"));
        File.SetLastWriteTimeUtc(link, Tomorrow.UtcDateTime);
        Assert.DoesNotContain(SampleRegistry.DigestOf("redis one"), Find(Tomorrow, "redis:2").Value!.Blobs);
    }

    [Fact]
    public void Nothing_goes_when_a_kept_image_is_not_there_or_unreadable_or_none_is_kept_or_one_is_being_written()
    {
        File.WriteAllText(_registry.BlobFile(_old), "{}");
        Directory.CreateDirectory(Path.Combine(RegistryLayout.RepositoryFolder(_registry.Directory, "tools/base"), "_uploads/1"));
        Assert.Equal(["broken-manifest", "no-such-image", "no-such-image", "upload-under-way"], Find(Tomorrow, "redis:1", "redis:3", "nope:1", "redis:2").Problems.Select(p => p.Code).Order());
        Assert.Contains(Find(Tomorrow).Problems, p => p.Code == "nothing-kept");
    }

    [Theory]
    [InlineData("redis:1", true)]
    [InlineData("redis", false)]
    [InlineData("tools/base:7@sha256:" + Hex, true)]
    [InlineData("redis@sha256:" + Hex, true)]
    [InlineData("redis@sha256:abc", false)]
    [InlineData("Redis:1", false)]
    [InlineData("../etc:1", false)]
    public void A_reference_reads_back_as_written(string text, bool good) => Assert.Equal(good ? text : null, ImageReference.Parse(text)?.ToString());

    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private Outcome<Garbage> Find(DateTimeOffset now, params string[] keep) =>
        ImageGarbage.Find(RegistryContents.Read(_registry.Directory), [.. keep.Select(k => ImageReference.Parse(k)!)], now, TimeSpan.FromHours(1));
}
