using Ark.Remote.Images;
using Ark.Testing;
using Xunit;

namespace Ark.Tests.Images;

public sealed class ImageFolderTests : IDisposable
{
    private readonly string _images = Directory.CreateTempSubdirectory("ark-images-").FullName;

    public void Dispose() => Directory.Delete(_images, recursive: true);

    [Fact]
    public void A_tag_is_the_same_wherever_the_folder_lies_and_whenever_it_was_written()
    {
        Write("base/base.yaml", "suite: bookworm\n");
        Write("cache/Dockerfile", "FROM ark/base\n");
        Write("cache/run", "#!/bin/sh\n", executable: true);
        var here = Tags();
        var elsewhere = Directory.CreateTempSubdirectory("ark-images-").FullName;
        try
        {
            foreach (var file in Directory.GetFiles(_images, "*", SearchOption.AllDirectories).Reverse())
            {
                var copy = Path.Combine(elsewhere, Path.GetRelativePath(_images, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
                File.SetLastWriteTimeUtc(copy, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                File.SetUnixFileMode(copy, File.GetUnixFileMode(file) | UnixFileMode.GroupWrite | UnixFileMode.OtherRead); // another umask
            }
            Assert.Equal(here, ImageCollection.Read(elsewhere).Value!.Images.ToDictionary(i => i.Name, i => i.Tag));
        }
        finally
        {
            Directory.Delete(elsewhere, recursive: true);
        }
        Assert.All(here.Values, t => Assert.Matches("^[0-9a-f]{12}$", t));
    }

    public static TheoryData<string> Changes => ["content", "name", "mode", "new file", "link"];

    [Theory, MemberData(nameof(Changes))]
    public void A_tag_changes_with_whatever_comes_into_the_image(string what)
    {
        Write("cache/Dockerfile", "FROM scratch\n");
        Write("cache/run", "one");
        File.CreateSymbolicLink(Path.Combine(_images, "cache/ln"), "run");
        var before = Tags()["cache"];
        switch (what)
        {
            case "content": Write("cache/run", "two"); break;
            case "name": File.Move(Path.Combine(_images, "cache/run"), Path.Combine(_images, "cache/ran")); break;
            case "mode": Write("cache/run", "one", executable: true); break;
            case "new file": Write("cache/conf/empty", ""); break;
            default:
                File.Delete(Path.Combine(_images, "cache/ln"));
                File.CreateSymbolicLink(Path.Combine(_images, "cache/ln"), "Dockerfile");
                break;
        }
        Assert.NotEqual(before, Tags()["cache"]);
    }

    [Fact]
    public void A_change_of_the_base_changes_everything_on_it_and_nothing_else()
    {
        Write("base/base.yaml", "suite: bookworm\n");
        Write("cache/Dockerfile", "FROM ark/base\n");
        Write("tool/Dockerfile", "FROM scratch\nCOPY --from=ark/cache /x /x\n");
        Write("alone/Dockerfile", "FROM scratch\n");
        var before = Tags();
        Write("base/base.yaml", "suite: bookworm\npackages: [tini]\n");
        var after = Tags();
        Assert.Equal(["base", "cache", "tool"], after.Where(t => before[t.Key] != t.Value).Select(t => t.Key).Order());
        Assert.NotEqual(after["base"], ImageCollection.Read(_images, "debian:12").Value!["base"].Tag);
    }

    [Fact]
    public void Parents_come_first_and_a_choice_brings_what_it_stands_on()
    {
        Write("zeta/Dockerfile", "FROM scratch\n");
        Write("alpha/Dockerfile", "FROM ark/zeta AS tools\nFROM ark/mid\nCOPY --from=tools /a /a\n");
        Write("mid/Dockerfile", "FROM --platform=linux/amd64 ark/zeta:old\n");
        Write("other/Dockerfile", "FROM scratch\n");
        var all = ImageCollection.Read(_images).Value!;
        Assert.Equal(["zeta", "mid", "alpha", "other"], all.Images.Select(i => i.Name));
        Assert.Equal(["zeta", "mid", "alpha"], all.Choose(["alpha"]).Value!.Images.Select(i => i.Name));
        Assert.Equal(["zeta", "mid"], all["alpha"].Parents);
    }

    [Fact]
    public void An_image_that_takes_made_files_is_built_where_it_is_named_and_prepared()
    {
        Write("service/Dockerfile", "FROM scratch\nCOPY prepared/ /\n");
        Write("service/prepare", "#!/bin/sh\n", executable: true);
        Write("plain/Dockerfile", "FROM scratch\n");
        var all = ImageCollection.Read(_images).Value!;
        Assert.Equal(["plain"], all.Choose([]).Value!.Images.Select(i => i.Name));
        Assert.Equal("not-prepared", Assert.Single(all.Choose(["service"]).Problems).Code);
        Write("service/prepared/program", "x");
        Assert.Equal(["service"], ImageCollection.Read(_images).Value!.Choose(["service"]).Value!.Images.Select(i => i.Name));
    }

    [Fact]
    public void A_Dockerfile_is_pinned_to_its_parents_tags()
    {
        var tags = new Dictionary<string, string> { ["base"] = "aaaaaaaaaaaa", ["tool"] = "bbbbbbbbbbbb" };
        Assert.Equal(
            "FROM ark/base:aaaaaaaaaaaa AS x\nfrom ark/tool:bbbbbbbbbbbb\nCOPY --chown=1:1 --from=ark/tool:bbbbbbbbbbbb /a /b\nRUN echo FROM ark/base\nFROM debian:12\n",
            ImageFolder.Pin("FROM ark/base AS x\nfrom ark/tool:latest\nCOPY --chown=1:1 --from=ark/tool /a /b\nRUN echo FROM ark/base\nFROM debian:12\n", tags));
    }

    [Fact]
    public void Every_fault_of_the_folders_is_named_at_once()
    {
        Write("a/Dockerfile", "FROM ark/b\n");
        Write("b/Dockerfile", "FROM ark/a\n");
        Write("c/Dockerfile", "FROM ark/bse\n");
        Write("d/README", "");
        Write("Upper/Dockerfile", "FROM scratch\n");
        var problems = ImageCollection.Read(_images).Problems;
        Assert.Equal(["bad-image-name", "circular-images", "no-dockerfile", "unknown-parent"], problems.Select(p => p.Code).Order());
        Assert.Contains(problems, p => p.Message.Contains("a → b → a", StringComparison.Ordinal));
        Assert.Equal("unknown-image", Assert.Single(new ImageCollection(_images, []).Choose(["nope"]).Problems).Code);
        Assert.Equal("no-images-folder", Assert.Single(ImageCollection.Read(_images + "/none").Problems).Code);
    }

    [Fact]
    public void A_base_is_read_with_its_places()
    {
        Write("base/base.yaml", "suite: bookworm\npackages: [tini, 'a b; rm']\nvarient: apt\n");
        var problems = BaseImage.Read(Path.Combine(_images, "base")).Problems;
        Assert.Equal(2, problems.Count);
        Assert.Contains("base.yaml:2:", problems[0].Place, StringComparison.Ordinal);
        Assert.Contains("base.yaml:3:", problems[1].Place, StringComparison.Ordinal);
    }

    [Fact]
    public void The_images_of_this_project_have_sound_recipes()
    {
        var read = ImageCollection.Read(Path.Combine(Clone.Root, "images"));
        Assert.Empty(read.Problems);
        Assert.All(read.Value!.Images.Where(i => File.Exists(Path.Combine(i.Directory, BaseImage.FileName))), i => Assert.Empty(BaseImage.Read(i.Directory).Problems));
    }

    private IReadOnlyDictionary<string, string> Tags() => ImageCollection.Read(_images).Value!.Images.ToDictionary(i => i.Name, i => i.Tag);

    private void Write(string path, string content, bool executable = false)
    {
        var file = Path.Combine(_images, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        const UnixFileMode plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(file, executable ? plain | UnixFileMode.UserExecute : plain);
    }
}
