using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ark.Remote.Images;
using Ark.Testing.Registry;
using Xunit;

namespace Ark.Tests.Images;

public sealed class ImageImportTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("ark-import-").FullName;
    private readonly SampleRegistry _one = new();

    public ImageImportTests()
    {
        _one.Add("redis", "1", "base layer", "redis layer");
        _one.Add("base", "7", "base layer");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(_work, "var/images");

    public void Dispose()
    {
        _one.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    public static TheoryData<bool, bool> Forms => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    [Theory, MemberData(nameof(Forms))]
    public async Task A_package_comes_in_plain_or_zipped_with_or_without_the_data_prefix(bool zipped, bool prefixed)
    {
        var package = Pack(_one, zipped ? "p.tgz" : "p.tar", prefixed ? "./data/" : "");
        var imported = await ImageImport.RunAsync([package], Target, null, Token);
        Assert.Equal(["base:7", "redis:1"], imported.Value!.Images);
        Assert.Equal(SampleRegistry.Snapshot(_one.Directory), SampleRegistry.Snapshot(Target));
        Assert.Equal(2, (await ImageCheck.RunAsync(Target, Token)).Value!.Images);
    }

    [Fact]
    public async Task A_folder_comes_in_too_and_a_second_time_writes_no_blob()
    {
        Assert.Equal(6, (await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Value!.Blobs);
        Assert.Equal(0, (await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Value!.Blobs);
    }

    [Fact]
    public async Task Packages_merge_and_the_later_one_wins()
    {
        using var two = new SampleRegistry();
        var newer = two.Add("redis", "1", "base layer", "newer redis layer");
        var metadb = two.Add("metadb", "3", "metadb layer");
        var imported = await ImageImport.RunAsync([Pack(_one, "1.tar", "data/"), two.Directory], Target, null, Token);
        Assert.Equal(newer, imported.Value!.Index.Images["redis"].Digest);
        Assert.Equal(metadb, imported.Value.Index.Images["metadb"].Digest);
        Assert.Equal("7", imported.Value.Index.Images["base"].Tag);
        Assert.Equal(newer, RegistryLayout.Tag(Target, "redis", "1"));
        Assert.True((await ImageCheck.RunAsync(Target, Token)).Ok);
    }

    [Fact]
    public async Task A_damaged_blob_in_the_folder_is_replaced_by_the_packages_sound_one()
    {
        await ImageImport.RunAsync([_one.Directory], Target, null, Token);
        var file = RegistryLayout.BlobFile(Target, SampleRegistry.DigestOf("redis layer"));
        File.WriteAllText(file, "redis Layer");
        Assert.Equal(1, (await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Value!.Blobs);
        Assert.Equal("redis layer", File.ReadAllText(file));
    }

    [Fact]
    public async Task Everybody_may_read_what_was_imported_whatever_the_modes_in_the_package()
    {
        foreach (var file in Directory.GetFiles(_one.Directory, "*", SearchOption.AllDirectories)) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ImageImport.RunAsync([_one.Directory], Target, null, Token);
        var root = Path.Combine(Target, "docker");
        Assert.All(Directory.GetFiles(root, "*", SearchOption.AllDirectories), f => Assert.True(File.GetUnixFileMode(f).HasFlag(UnixFileMode.OtherRead), f));
        Assert.All(Directory.GetDirectories(root, "*", SearchOption.AllDirectories), f => Assert.True(File.GetUnixFileMode(f).HasFlag(UnixFileMode.OtherExecute), f));
    }

    [Fact]
    public async Task Every_problem_of_every_package_is_named_and_nothing_changes()
    {
        await ImageImport.RunAsync([_one.Directory], Target, null, Token);
        var before = SampleRegistry.Snapshot(Target);
        using var damaged = new SampleRegistry();
        damaged.Add("metadb", "3", "metadb layer");
        File.WriteAllText(damaged.BlobFile(SampleRegistry.DigestOf("metadb layer")), "metadb Layer");
        var links = Tar("links.tar", t => t.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "docker/registry/v2/blobs") { LinkName = "/etc" }));
        var escape = Tar("escape.tar", t => Write(t, "data/../../etc/cron.d/x", "* * * * * root id"), t => Write(t, "/etc/passwd", "x"));
        var odd = Tar("odd.tar", t => Write(t, "docker/registry/v2/repositories/redis/_manifests/tags/1/current/run.sh", "x"), t => Write(t, $"docker/registry/v2/blobs/sha256/ff/{new string('a', 64)}/data", "x"));
        var empty = Tar("empty.tar", t => Write(t, "README", "hello"));
        var result = await ImageImport.RunAsync([damaged.Directory, links, escape, odd, empty, Path.Combine(_work, "none.tar")], Target, null, Token);
        Assert.Equal(["bad-layout", "bad-layout", "broken-blob", "link-in-package", "no-images", "no-package", "path-escape", "path-escape"], result.Problems.Select(p => p.Code).Order());
        Assert.Equal(before, SampleRegistry.Snapshot(Target));
        Assert.Empty(Directory.GetDirectories(Target, ".ark-import-*"));
        Assert.False(File.Exists(Path.Combine(_work, "etc/cron.d/x")));
    }

    [Theory]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.CharacterDevice)]
    public async Task A_package_with_anything_but_plain_files_is_refused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "data/docker/registry/v2/repositories/x/_layers/sha256/" + new string('a', 64) + "/link");
        if (type is TarEntryType.HardLink or TarEntryType.SymbolicLink) entry.LinkName = "../../../../../../etc/shadow";
        var package = Tar("x.tar", t => t.WriteEntry(entry));
        Assert.Equal("link-in-package", Assert.Single((await ImageImport.RunAsync([package], Target, null, Token)).Problems).Code);
    }

    [Fact]
    public async Task A_link_in_a_folder_is_refused_and_not_followed()
    {
        var secret = Path.Combine(_work, "secret");
        File.WriteAllText(secret, "redis layer");
        var file = _one.BlobFile(SampleRegistry.DigestOf("redis layer"));
        File.Delete(file);
        File.CreateSymbolicLink(file, secret);
        Assert.Contains((await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Problems, p => p.Code == "link-in-package");
    }

    [Fact]
    public async Task A_package_cut_short_anywhere_is_refused()
    {
        var whole = await File.ReadAllBytesAsync(Pack(_one, "whole.tgz", ""), Token);
        foreach (var part in new[] { 0.2, 0.5, 0.9 })
        {
            var cut = Path.Combine(_work, $"cut{part}.tgz");
            await File.WriteAllBytesAsync(cut, whole[..(int)(whole.Length * part)], Token);
            Assert.False((await ImageImport.RunAsync([cut], Target, null, Token)).Ok, $"cut at {part}");
        }
        var noise = Path.Combine(_work, "noise.tar");
        await File.WriteAllTextAsync(noise, new string('x', 5000), Token);
        Assert.Equal("bad-archive", Assert.Single((await ImageImport.RunAsync([noise], Target, null, Token)).Problems).Code);
        Assert.Empty(SampleRegistry.Snapshot(Target));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_before_it_is_unpacked()
    {
        var package = Path.Combine(_work, "bomb.tgz");
        await using (var file = File.Create(package))
        await using (var zip = new GZipStream(file, CompressionLevel.Fastest))
        await using (var tar = new TarWriter(zip))
        {
            using var zeros = new MemoryStream(new byte[32 << 20]);
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, $"docker/registry/v2/blobs/sha256/aa/{new string('a', 64)}/data") { DataStream = zeros }, Token);
        }
        Assert.True(new FileInfo(package).Length < 1 << 20);
        Assert.Equal("oversize", Assert.Single((await ImageImport.RunAsync([package], Target, 16 << 20, Token)).Problems).Code);
        Assert.Empty(SampleRegistry.Snapshot(Target));
    }

    [Fact]
    public async Task An_image_whose_blob_is_in_no_package_is_refused_with_its_name()
    {
        File.Delete(_one.BlobFile(SampleRegistry.DigestOf("redis layer")));
        var problem = Assert.Single((await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Problems);
        Assert.Equal(("incomplete-package", "redis:1"), (problem.Code, problem.Place));
        Assert.Contains(SampleRegistry.DigestOf("redis layer"), problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_brings_only_what_is_new_completes_what_is_there()
    {
        await ImageImport.RunAsync([_one.Directory], Target, null, Token);
        _one.Add("redis", "2", "base layer", "redis two");
        File.Delete(_one.BlobFile(SampleRegistry.DigestOf("base layer")));
        Assert.True((await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Ok);
        Assert.True((await ImageCheck.RunAsync(Target, Token)).Ok);
    }

    [Fact]
    public async Task An_index_with_faults_is_refused_with_lines()
    {
        File.WriteAllText(Path.Combine(_one.Directory, "images.yaml"), "redis:\n  tag: '1'\n  digest: sha256:abc\n&a Base: *a\n");
        var problems = (await ImageImport.RunAsync([_one.Directory], Target, null, Token)).Problems;
        Assert.NotEmpty(problems);
        Assert.All(problems, p => Assert.Matches(@"images\.yaml:\d+:\d+", p.Place));
        Assert.Empty(SampleRegistry.Snapshot(Target));
    }

    private string Pack(SampleRegistry registry, string name, string prefix)
    {
        var file = Path.Combine(_work, name);
        using var to = File.Create(file);
        using var zip = name.EndsWith("gz", StringComparison.Ordinal) ? new GZipStream(to, CompressionLevel.Fastest) : (Stream)to;
        using var tar = new TarWriter(zip);
        foreach (var path in Directory.GetFileSystemEntries(registry.Directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            tar.WriteEntry(path, prefix + Path.GetRelativePath(registry.Directory, path));
        return file;
    }

    private string Tar(string name, params Action<TarWriter>[] entries)
    {
        var file = Path.Combine(_work, name);
        using var tar = new TarWriter(File.Create(file));
        foreach (var entry in entries) entry(tar);
        return file;
    }

    private static void Write(TarWriter tar, string name, string content) =>
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
}
