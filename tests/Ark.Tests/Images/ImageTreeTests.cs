using Ark.Remote.Images;
using Ark.Remote.Ssh;
using Ark.Testing.Registry;
using Ark.Tests.Ssh;
using Xunit;

namespace Ark.Tests.Images;

/// <summary>A registry folder on its way to a machine.</summary>
public sealed class ImageTreeTests(SshdFixture sshd) : IClassFixture<SshdFixture>, IDisposable
{
    private readonly SampleRegistry _images = new();
    private readonly string _far = Path.Combine(sshd.Sshd.Folder, Guid.NewGuid().ToString("n"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Blob => SampleRegistry.DigestOf("redis layer");

    public void Dispose() => _images.Dispose();

    [Fact]
    public async Task It_arrives_whole_and_then_nothing_is_sent_again()
    {
        _images.Add("redis", "1", "redis layer");
        await using var shell = await sshd.ConnectAsync();
        Assert.True((await ImageTree.SendAsync(shell, _images.Directory, _far, null, Token)).SentFiles > 0);
        Assert.True((await ImageCheck.RunAsync(_far, Token)).Ok);
        Assert.Equal(0, (await ImageTree.SendAsync(shell, _images.Directory, _far, null, Token)).SentFiles);
    }

    [Fact]
    public async Task A_blob_that_was_damaged_on_the_machine_is_sent_again_although_its_size_is_right()
    {
        _images.Add("redis", "1", "redis layer");
        await using var shell = await sshd.ConnectAsync();
        await ImageTree.SendAsync(shell, _images.Directory, _far, null, Token);
        await File.WriteAllTextAsync(RegistryLayout.BlobFile(_far, Blob), "redis Layer", Token);
        Assert.Equal(1, (await ImageTree.SendAsync(shell, _images.Directory, _far, null, Token)).SentFiles);
        Assert.Equal("redis layer", await File.ReadAllTextAsync(RegistryLayout.BlobFile(_far, Blob), Token));
    }

    [Fact]
    public async Task A_blob_that_is_damaged_here_is_named_and_nothing_is_sent()
    {
        _images.Add("redis", "1", "redis layer");
        await File.WriteAllTextAsync(_images.BlobFile(Blob), "redis Layer", Token);
        await using var shell = await sshd.ConnectAsync();
        var failed = await Assert.ThrowsAsync<RemoteException>(() => ImageTree.SendAsync(shell, _images.Directory, _far, null, Token));
        Assert.Equal("broken-file", failed.Problem.Code);
        Assert.Contains(Blob[7..], failed.Problem.Place, StringComparison.Ordinal);
        Assert.Empty(SampleRegistry.Snapshot(_far));
    }
}
