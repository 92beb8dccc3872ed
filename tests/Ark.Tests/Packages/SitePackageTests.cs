using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Ark.Core;
using Ark.Core.Secrets;
using Ark.Remote.Images;
using Ark.Remote.Packages;
using Ark.Remote.Programs;
using Ark.Testing.Registry;
using Ark.Tests.Sites;
using Xunit;

namespace Ark.Tests.Packages;

public sealed class SitePackageTests : IDisposable
{
    private const string Properties = "mode=vm\n# the shared account\nmachine_user=ops\nmachine_password=Canary-7731!\nmetadb_password = ENC(v1:abc)\n";

    private readonly string _work = Directory.CreateTempSubdirectory("ark-package-").FullName;
    private readonly SampleRegistry _images = new();
    private readonly string _old;

    public SitePackageTests()
    {
        _old = _images.Add("redis", "1", "base layer", "redis one");
        _images.Add("redis", "2", "base layer", "redis two");
        _images.Add("registry", "9", "base layer", "registry layer");
        foreach (var (path, text) in SampleCatalogue.Files) Write("clone/catalog/" + path, text);
        Write("debs/debian-12/Packages", "Package: x\n");
        Write("debs/debian-12/x_1_amd64.deb", "a package");
        Write("ark", "#!/bin/sh\necho \"ark $*\"\n");
        Write("ark.properties", Properties);
        WriteTask("527", "{}");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Out => Path.Combine(_work, "site");

    public void Dispose()
    {
        _images.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public async Task A_package_holds_everything_that_a_site_needs_and_its_checksums_hold()
    {
        var made = await MakeAsync(Out);
        Assert.DoesNotContain(made.Problems, p => p.Severity == Severity.Error);
        foreach (var path in new[] { "bin/ark", "bin/setup.sh", "bin/ark.properties", "tasks/task_527.tgz", "catalog/open-3.1/images.yaml", "packages/debian-12/x_1_amd64.deb", "images/images.yaml", "images/registry.tar", "SHA256SUMS" })
            Assert.True(File.Exists(Path.Combine(Out, path)), path);
        Assert.True((await LocalProgram.RunAsync(new ProgramCall("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS") { Directory = Out }, Token)).Ok);
        Assert.Equal("ark setup --lang en\n", (await LocalProgram.RunAsync(new ProgramCall("sh", "bin/setup.sh", "--lang", "en") { Directory = Out }, Token)).Output);
        Assert.Empty(await Checksums.CheckAsync(Out, Token));
        Assert.Equal(2, (await ImageCheck.RunAsync(Path.Combine(Out, "images"), Token)).Value!.Images);
        Assert.Equal("2", (await ImageIndex.ReadAsync(Path.Combine(Out, "catalog/open-3.1"), Token)).Value!.Images["redis"].Tag);
    }

    [Fact]
    public async Task A_baseline_brings_those_that_it_includes_from()
    {
        Write("clone/catalog/open-3.1/baseline.yaml", "line: '3.1'\ninclude: [{from: older, components: [cache]}]\n");
        Write("clone/catalog/older/baseline.yaml", "line: '3.0'\n");
        Write("clone/catalog/other/baseline.yaml", "line: '3.0'\n");
        Assert.True((await MakeAsync(Out)).Ok);
        Assert.Equal(["older", "open-3.1"], Directory.GetDirectories(Path.Combine(Out, "catalog")).Select(d => Path.GetFileName(d)).Order(StringComparer.OrdinalIgnoreCase));
        Directory.Delete(Path.Combine(_work, "clone/catalog/older"), recursive: true);
        Assert.Contains((await MakeAsync(Out)).Problems, p => p.Code == "no-baseline" && p.Place.EndsWith("older", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Only_images_that_the_index_names_are_carried()
    {
        await MakeAsync(Out);
        var carried = ImageList.Read(Path.Combine(Out, "images"));
        Assert.Equal([("redis", "2"), ("registry", "9")], carried.Select(i => (i.Repository, i.Tag)));
        Assert.False(File.Exists(RegistryLayout.BlobFile(Path.Combine(Out, "images"), SampleRegistry.DigestOf("redis one"))));
        Assert.False(File.Exists(RegistryLayout.BlobFile(Path.Combine(Out, "images"), _old)));
    }

    [Fact]
    public async Task A_component_whose_image_is_not_carried_is_named_with_a_warning()
    {
        Assert.Contains((await MakeAsync(Out)).Value!.Warnings, w => w is { Code: "unknown-image", Severity: Severity.Warning } && w.Place.StartsWith("open-3.1/components/store/component.yaml:", StringComparison.Ordinal));
        _images.Add("store", "1", "base layer", "store");
        Assert.DoesNotContain((await MakeAsync(Out)).Value!.Warnings, w => w.Code == "unknown-image");
    }

    [Fact]
    public async Task An_image_that_its_owner_supplies_is_asked_of_the_owner()
    {
        Write("clone/catalog/open-3.1/baseline.yaml", File.ReadAllText(Path.Combine(_work, "clone/catalog/open-3.1/baseline.yaml")) + "\nsuppliedImages: true\n");
        var warning = Assert.Single((await MakeAsync(Out)).Value!.Warnings, w => w.Code == "unknown-image");
        Assert.Contains("no task can have store", warning.Message, StringComparison.Ordinal);
        Assert.Equal("its owner supplies it: ark images import PACKAGE", warning.Remedy);
    }

    [Fact]
    public async Task A_clear_secret_stays_behind_with_a_warning_and_an_encrypted_one_goes_along()
    {
        var made = await MakeAsync(Out);
        var warning = Assert.Single(made.Value!.Warnings, w => w.Code != "unknown-image");
        Assert.Equal(("secret-left-out", Severity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("machine_password", warning.Message, StringComparison.Ordinal);
        Assert.Contains("ark.properties:4", warning.Place, StringComparison.Ordinal);
        var text = File.ReadAllText(Path.Combine(Out, "bin/ark.properties"));
        Assert.Equal(Properties.Replace("Canary-7731!", "", StringComparison.Ordinal), text);
        Assert.DoesNotContain(Directory.GetFiles(Out, "*", SearchOption.AllDirectories), f => File.ReadAllText(f).Contains("Canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clear_secret_that_stands_in_a_comment_too_is_refused()
    {
        Write("ark.properties", Properties + "#machine_password=Canary-7731!\n");
        var problem = Assert.Single((await MakeAsync(Out)).Problems, p => p.Severity == Severity.Error);
        Assert.Equal("secret-elsewhere", problem.Code);
        Assert.DoesNotContain("Canary", problem.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Theory]
    [InlineData("task_527.tgz")]
    [InlineData("task_527")]
    public async Task A_task_that_holds_a_secret_in_clear_is_refused_with_its_place(string task)
    {
        WriteTask("527", "{level: debug, password: Canary-7731}");
        Write("task_527/task.yaml", TaskText("527", "{level: debug, password: Canary-7731}"));
        var problem = Assert.Single((await MakeAsync(Out, c => c with { Tasks = [Path.Combine(_work, task)] })).Problems, p => p.Severity == Severity.Error);
        Assert.Equal("secret-in-clear", problem.Code);
        Assert.EndsWith($"{task}/task.yaml:5:48", problem.Place, StringComparison.Ordinal);
        Assert.DoesNotContain("Canary", problem.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public async Task A_task_that_holds_an_encrypted_secret_is_carried()
    {
        var key = SiteKey.Derive(new Secret("correct horse battery"), new byte[SiteKey.SaltBytes]);
        WriteTask("527", $"{{password: \"{Vault.Encrypt(key, "store.password", new Secret("Canary-7731"), new byte[Vault.NonceBytes])}\"}}");
        Assert.True((await MakeAsync(Out)).Ok);
    }

    [Fact]
    public async Task A_task_with_parameters_goes_only_with_its_baseline()
    {
        WriteTask("527", "{level: debug}", baseline: "open-3.0");
        Assert.Equal("no-baseline", Assert.Single((await MakeAsync(Out)).Problems, p => p.Severity == Severity.Error).Code);
    }

    [Fact]
    public async Task Damage_loss_and_strange_files_are_found()
    {
        await MakeAsync(Out);
        var blob = RegistryLayout.BlobFile(Path.Combine(Out, "images"), SampleRegistry.DigestOf("redis two"));
        File.Delete(blob); // it is linked with the source
        File.WriteAllText(blob, "redis Two");
        File.Delete(Path.Combine(Out, "packages/debian-12/Packages"));
        Write("site/bin/extra", "x");
        Write("site/bin/ark.properties", "changed on the site");
        var problems = await Checksums.CheckAsync(Out, Token);
        Assert.Equal(["broken-file", "missing-file", "unlisted-file"], problems.Select(p => p.Code).Order());
        Assert.Contains(problems, p => p.Place.EndsWith(SampleRegistry.DigestOf("redis two")[7..] + "/data", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_package_is_replaced_and_anything_else_is_not()
    {
        await MakeAsync(Out);
        WriteTask("600", "{level: debug}");
        await MakeAsync(Out, c => c with { Tasks = [Path.Combine(_work, "task_600.tgz")] });
        Assert.Equal(["task_600.tgz"], Directory.GetFiles(Path.Combine(Out, "tasks")).Select(Path.GetFileName));
        Write("home/letter", "dear");
        Assert.Equal("not-a-package", Assert.Single((await MakeAsync(Path.Combine(_work, "home"))).Problems, p => p.Severity == Severity.Error).Code);
        Assert.Equal("dear", File.ReadAllText(Path.Combine(_work, "home/letter")));
    }

    [Fact]
    public async Task A_tar_holds_the_same_files()
    {
        await MakeAsync(Out);
        var tar = Path.Combine(_work, "site.tar");
        Assert.True((await MakeAsync(tar)).Ok);
        var unpacked = Directory.CreateDirectory(Path.Combine(_work, "unpacked")).FullName;
        await TarFile.ExtractToDirectoryAsync(tar, unpacked, overwriteFiles: false, Token);
        Assert.Equal(SampleRegistry.Snapshot(Out), SampleRegistry.Snapshot(unpacked));
        Assert.True(File.GetUnixFileMode(Path.Combine(unpacked, "bin/ark")).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task Everything_that_is_missing_is_named_at_once()
    {
        File.Delete(_images.BlobFile(SampleRegistry.DigestOf("redis two")));
        var made = await MakeAsync(Out, c => c with
        {
            Console = "/none/ark", Baselines = [_work], Packages = _work, Properties = "/none/properties", Tasks = ["/none/task_1", Path.Combine(_work, "ark")],
        });
        Assert.Equal(["bad-task-name", "incomplete-package", "no-baseline", "no-file", "no-file", "no-file", "no-packages"], made.Problems.Select(p => p.Code).Order());
        Assert.False(Directory.Exists(Out));
    }

    private Task<Outcome<MadePackage>> MakeAsync(string to, Func<SitePackageContent, SitePackageContent>? change = null)
    {
        var content = new SitePackageContent
        {
            Console = Path.Combine(_work, "ark"), Baselines = [Path.Combine(_work, "clone/catalog/open-3.1")], Images = _images.Directory, Packages = Path.Combine(_work, "debs"),
            Properties = Path.Combine(_work, "ark.properties"), Tasks = [Path.Combine(_work, "task_527.tgz")],
        };
        return SitePackage.MakeAsync(change is null ? content : change(content), to, Token);
    }

    private static string TaskText(string id, string parameters, string baseline = "open-3.1") =>
        $"schema: 1\nid: \"{id}\"\nbaseline: {baseline}\ncomponents:\n  store: {{parameters: {parameters}}}\n";

    private void WriteTask(string id, string parameters, string baseline = "open-3.1")
    {
        using var file = File.Create(Path.Combine(_work, $"task_{id}.tgz"));
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(gzip, TarEntryFormat.Pax);
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"task_{id}/task.yaml") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(TaskText(id, parameters, baseline))) });
    }

    private void Write(string path, string content)
    {
        var file = Path.Combine(_work, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }
}
