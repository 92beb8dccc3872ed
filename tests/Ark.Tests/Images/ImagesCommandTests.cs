using Ark.Remote.Images;
using Ark.Remote.Programs;
using Ark.Testing.Registry;
using Xunit;

namespace Ark.Tests.Images;

/// <summary>The program as people call it.</summary>
public sealed class ImagesCommandTests : IDisposable
{
    private readonly string _work = Directory.CreateTempSubdirectory("ark-images-command-").FullName;
    private readonly SampleRegistry _registry = new();

    public ImagesCommandTests() => _registry.Add("redis", "1", "redis layer");

    public void Dispose()
    {
        _registry.Dispose();
        Directory.Delete(_work, recursive: true);
    }

    [Fact]
    public async Task What_is_imported_is_listed_and_verified()
    {
        Assert.Equal((0, "redis:1\n"), await ArkAsync("images", "import", _registry.Directory, "--registry-dir", _work));
        var (code, json) = await ArkAsync("images", "list", _work, "--format", "json");
        Assert.Equal(0, code);
        Assert.Contains("\"repository\": \"redis\"", json, StringComparison.Ordinal);
        Assert.Contains("\"created\": \"2026-01-02T03:04:05", json, StringComparison.Ordinal);
        Assert.Equal(0, (await ArkAsync("images", "verify", _work)).Code);
    }

    [Fact]
    public async Task Damage_is_1_and_wrong_input_is_2()
    {
        File.WriteAllText(_registry.BlobFile(SampleRegistry.DigestOf("redis layer")), "redis Layer");
        Assert.Equal((1, ""), await ArkAsync("images", "verify", _registry.Directory));
        Assert.Equal((2, ""), await ArkAsync("images", "import", _registry.Directory, "--registry-dir", _work));
        Assert.Equal((2, ""), await ArkAsync("images", "verify", _work));
        Assert.Equal((2, ""), await ArkAsync("images", "build", "nope", "--images", _work));
        Assert.Equal((2, ""), await ArkAsync("images", "gc", _registry.Directory, "--keep", "redis:7"));
        Assert.Equal((2, ""), await ArkAsync("images", "import", _registry.Directory));
        Assert.Equal((2, ""), await ArkAsync("package", "verify", _work));
    }

    [Fact]
    public async Task A_dry_run_of_gc_removes_nothing_and_a_real_one_only_what_is_not_kept()
    {
        _registry.Add("redis", "2", "redis two");
        Assert.Equal((0, "redis:1\n"), await ArkAsync("images", "gc", _registry.Directory, "--keep", "redis:2", "--grace-minutes", "0", "--dry-run"));
        Assert.Equal(2, ImageList.Read(_registry.Directory).Count);
        Assert.Equal((0, "redis:1\n"), await ArkAsync("images", "gc", _registry.Directory, "--keep", Path.Combine(_registry.Directory, "images.yaml"), "--grace-minutes", "0"));
        Assert.Equal(0, (await ArkAsync("images", "verify", _registry.Directory)).Code);
        Assert.Equal(["2"], ImageList.Read(_registry.Directory).Select(i => i.Tag));
    }

    private static async Task<(int Code, string Output)> ArkAsync(params string[] arguments)
    {
        var result = await LocalProgram.RunAsync(new ProgramCall("dotnet", [Path.Combine(AppContext.BaseDirectory, "ark.dll"), .. arguments]), TestContext.Current.CancellationToken);
        return (result.ExitCode, result.Output);
    }
}
