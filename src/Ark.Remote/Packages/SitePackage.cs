using System.Formats.Tar;
using System.Runtime.InteropServices;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Core.Sites;
using Ark.Remote.Files;
using Ark.Remote.Images;

namespace Ark.Remote.Packages;

/// <summary>What goes into a package for a site.</summary>
public sealed record SitePackageContent
{
    /// <summary>The console: a program that needs nothing else.</summary>
    public required string Console { get; init; }

    /// <summary>Folders of baselines (<c>catalog/open-3.1</c>); the name is kept.</summary>
    public required IReadOnlyList<string> Baselines { get; init; }

    /// <summary>An image package with its <c>images.yaml</c>: what that names is carried, nothing else.</summary>
    public required string Images { get; init; }

    /// <summary>A folder with one flat apt repository a distribution.</summary>
    public required string Packages { get; init; }

    /// <summary>The site's properties, or null: then a package has none, and one comes from Panama.</summary>
    public string? Properties { get; init; }

    /// <summary>Task archives (<c>task_527.tgz</c>) or folders (<c>task_527</c>).</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];
}

/// <param name="Path">Folder or tar file.</param>
/// <param name="Files">With a checksum.</param>
public sealed record MadePackage(string Path, int Files, long Bytes, IReadOnlyList<Problem> Warnings);

/// <summary>
/// Makes what is carried to a site: <c>bin/ tasks/ catalog/ packages/ images/ SHA256SUMS</c>. Clear secrets of the properties stay
/// behind; a task that holds one is refused, since its text is carried as it is.
/// </summary>
public static class SitePackage
{
    private const string Setup = """
        #!/bin/sh
        # Opens the menu: prepare, check, base, network, middleware.
        exec "$(dirname "$(readlink -f "$0")")/ark" setup "$@"

        """;

    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;

    /// <summary>Makes the package as a folder, or as a tar file where <paramref name="to"/> ends in <c>.tar</c>.</summary>
    /// <returns>Problems, and then nothing was changed: something to carry is missing or incomplete, the target is something else.</returns>
    public static async Task<Outcome<MadePackage>> MakeAsync(SitePackageContent content, string to, CancellationToken cancel)
    {
        to = Path.GetFullPath(to);
        content = content with { Baselines = WithIncluded(content.Baselines) };
        var index = await ImageIndex.ReadAsync(content.Images, cancel);
        var properties = content.Properties is null ? null : await ReadPropertiesAsync(content.Properties, cancel);
        List<Problem> problems = [.. index.Problems, .. properties?.Problems ?? [], .. Missing(content, to)];
        foreach (var task in content.Tasks.Where(Path.Exists).Where(IsNamedAsTask)) problems.AddRange(await TaskSecrets.CheckAsync(task, content.Baselines, cancel));
        if (index is { Ok: true, Value.Images.Count: 0 }) problems.Add(new Problem("no-images", content.Images, "There are no images to carry.", "ark images build"));
        foreach (var (name, pin) in index.Value?.Images ?? new Dictionary<string, ImagePin>())
            problems.AddRange(RegistryLayout.Missing(content.Images, name, pin.Digest).Select(m => new Problem("incomplete-package", $"{name}:{pin.Tag}", $"{m} is missing.", $"ark images build {name}")));
        if (index.Ok && !index.Value.Images.ContainsKey("registry")) problems.Add(new Problem("no-registry-image", content.Images, "The registry's own image is missing.", "ark images build registry"));
        if (problems.Any(p => p.Severity == Severity.Error)) return Outcome<MadePackage>.Fail(problems);

        var tar = to.EndsWith(".tar", StringComparison.Ordinal);
        var work = to + ".new";
        Clear(work);
        Directory.CreateDirectory(work);
        try
        {
            await FillAsync(content, index.Value!, properties?.Value, work, cancel);
            problems.AddRange(await WithoutImagesAsync(Path.Combine(work, "catalog"), cancel));
            var files = await Checksums.WriteAsync(work, cancel);
            var bytes = new DirectoryInfo(work).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
            if (tar) await PackAsync(work, to, cancel);
            else Replace(work, to);
            return Outcome<MadePackage>.Of(new MadePackage(to, files, bytes, problems));
        }
        finally
        {
            Clear(work);
        }
    }

    /// <summary>The properties without the values of clear secrets, with a warning for each.</summary>
    public static Outcome<string> WithoutSecrets(string text, string place)
    {
        var parsed = PropertiesText.Parse(text, place);
        if (parsed.Problems.Any(p => p.Severity == Severity.Error)) return Outcome<string>.Fail(parsed.Problems);
        var problems = new List<Problem>();
        foreach (var key in SiteSecrets.Clear(text))
        {
            var clear = parsed.Entries.Where(e => e.Key == key).Select(e => e.Value.Trim()).ToList();
            var line = parsed.Find(key)!.Line;
            text = PropertiesWriter.Set(text, key, "");
            problems.Add(new Problem("secret-left-out", $"{place}:{line}", $"{key} stands there in clear: the package goes without it, and it is asked for on the site.", "ark secret encrypt", Severity.Warning));
            if (clear.Any(c => c.Length >= 6 && text.Contains(c, StringComparison.Ordinal)))
                problems.Add(new Problem("secret-elsewhere", place, $"The clear value of {key} stands in the file a second time, in a comment or another key.", "Take it out."));
        }
        return Outcome<string>.From(problems, () => text) is { Ok: true } made ? Outcome<string>.Of(made.Value, problems) : Outcome<string>.Fail(problems);
    }

    private static async Task<Outcome<string>> ReadPropertiesAsync(string file, CancellationToken cancel) => File.Exists(file)
        ? WithoutSecrets(await File.ReadAllTextAsync(file, cancel), file)
        : Outcome<string>.Fail(new Problem("no-file", file, "There is no such file."));

    /// <summary>A baseline brings those that it includes from: its neighbours.</summary>
    private static List<string> WithIncluded(IReadOnlyList<string> baselines)
    {
        List<string> all = [.. baselines.Select(b => b.TrimEnd('/'))];
        for (var i = 0; i < all.Count; i++)
            if (Path.Combine(all[i], "baseline.yaml") is var file && File.Exists(file))
                all.AddRange(BaselineReader.Includes(File.ReadAllText(file)).Select(name => Path.Combine(Path.GetDirectoryName(all[i]) ?? "", name)).Where(b => !all.Contains(b)).ToList());
        return all;
    }

    private static IEnumerable<Problem> Missing(SitePackageContent content, string to)
    {
        if (!File.Exists(content.Console)) yield return new Problem("no-file", content.Console, "The console is not there.", "Name it with --console PATH.");
        foreach (var baseline in content.Baselines.Where(b => !File.Exists(Path.Combine(b, "baseline.yaml"))))
            yield return new Problem("no-baseline", baseline, "There is no baseline.yaml in it.", "Name a folder of catalog/ with --catalog.");
        foreach (var task in content.Tasks.Where(t => !Path.Exists(t)))
            yield return new Problem("no-file", task, "There is no such task.");
        foreach (var task in content.Tasks.Where(t => !IsNamedAsTask(t)))
            yield return new Problem("bad-task-name", task, "A task's file or folder is called task_<id>.tgz or task_<id>.");
        if (!Directory.Exists(content.Packages) || !Directory.EnumerateDirectories(content.Packages).Any(d => File.Exists(Path.Combine(d, "Packages"))))
            yield return new Problem("no-packages", content.Packages, "There is no apt repository in it.", "ark package debs");
        if (Directory.Exists(to) && Directory.EnumerateFileSystemEntries(to).Any() && !File.Exists(Path.Combine(to, Checksums.FileName)))
            yield return new Problem("not-a-package", to, "The folder holds something else than a package.", "Name a new folder, or an earlier package.");
    }

    private static bool IsNamedAsTask(string task) => Path.GetFileName(task.TrimEnd('/')).StartsWith("task_", StringComparison.Ordinal);

    private static async Task FillAsync(SitePackageContent content, ImageIndex index, string? properties, string to, CancellationToken cancel)
    {
        var bin = Directory.CreateDirectory(Path.Combine(to, "bin")).FullName;
        File.Copy(content.Console, Path.Combine(bin, "ark"));
        await File.WriteAllTextAsync(Path.Combine(bin, "setup.sh"), Setup, cancel);
        foreach (var program in new[] { "ark", "setup.sh" }) File.SetUnixFileMode(Path.Combine(bin, program), Program);
        if (properties is not null) await File.WriteAllTextAsync(Path.Combine(bin, "ark.properties"), properties, cancel);

        var tasks = Directory.CreateDirectory(Path.Combine(to, "tasks")).FullName;
        foreach (var task in content.Tasks)
        {
            var name = Path.GetFileName(task.TrimEnd('/'));
            if (Directory.Exists(task)) CopyTree(task, Path.Combine(tasks, name), link: false, cancel);
            else File.Copy(task, Path.Combine(tasks, name));
        }
        foreach (var baseline in content.Baselines)
        {
            var folder = Path.Combine(to, "catalog", Path.GetFileName(baseline.TrimEnd('/')));
            CopyTree(baseline, folder, link: false, cancel);
            var own = await ImageIndex.ReadAsync(folder, cancel); // of images that somebody else supplies
            await (own.Value ?? ImageIndex.Empty).With(index).WriteAsync(folder, cancel);
        }
        CopyTree(content.Packages, Path.Combine(to, "packages"), link: true, cancel);
        await CopyImagesAsync(content.Images, index, Path.Combine(to, "images"), cancel);
    }

    /// <summary>Components whose images are not carried: no task of their baseline can be planned on the site.</summary>
    private static async Task<IEnumerable<Problem>> WithoutImagesAsync(string catalog, CancellationToken cancel)
    {
        var files = await CatalogFolder.ReadAsync(catalog, cancel);
        return !files.Ok ? [] : BaselineReader.Names(files.Value).SelectMany(name => BaselineReader.Read(files.Value, name).Problems)
            .Where(p => p.Code == "unknown-image").Select(p => p with { Severity = Severity.Warning });
    }

    /// <summary>The images that the index names, and the registry's own once more as an archive for <c>docker load</c>.</summary>
    private static async Task CopyImagesAsync(string from, ImageIndex index, string to, CancellationToken cancel)
    {
        Directory.CreateDirectory(to);
        var contents = RegistryContents.Read(from);
        foreach (var (name, pin) in index.Images)
        {
            var reached = contents.Reach(pin.Digest);
            foreach (var digest in reached)
            {
                Place(RegistryLayout.BlobFile("", digest), link: true);
                if (contents.Repositories[name].Layers.ContainsKey(digest)) Place(RegistryLayout.LayerFolder("", name, digest) + "/link", link: false);
                if (contents.Repositories[name].Revisions.ContainsKey(digest)) Place(RegistryLayout.RevisionFolder("", name, digest) + "/link", link: false);
            }
            Place(RegistryLayout.TagFolder("", name, pin.Tag) + "/current/link", link: false);
            Place(Path.Combine(RegistryLayout.TagFolder("", name, pin.Tag), "index/sha256", pin.Digest["sha256:".Length..], "link"), link: false);
            cancel.ThrowIfCancellationRequested();
        }
        await index.WriteAsync(to, cancel);
        var registry = index.Images["registry"];
        var archive = await ImageArchive.WriteAsync(from, "registry", registry, $"{ImageFolder.Prefix}registry:{registry.Tag}", Path.Combine(to, "registry.tar"), cancel);
        if (!archive.Ok) throw new InvalidDataException(archive.Problems[0].ToString());

        void Place(string path, bool link)
        {
            var target = Path.Combine(to, path);
            if (File.Exists(target)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            CopyFile(Path.Combine(from, path), target, link);
        }
    }

    private static void CopyTree(string from, string to, bool link, CancellationToken cancel)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).LinkTarget is null))
        {
            cancel.ThrowIfCancellationRequested();
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            CopyFile(file, target, link);
        }
    }

    /// <summary>Files that nobody changes in place are linked where that is possible; a copy shares blocks where the file system can.</summary>
    private static void CopyFile(string from, string to, bool link)
    {
        if (!link || NativeLink(from, to) != 0) File.Copy(from, to);
    }

    private static async Task PackAsync(string folder, string to, CancellationToken cancel)
    {
        var temporary = $"{to}.{Guid.NewGuid():n}";
        try
        {
            await using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 20 }))
            await using (var tar = new TarWriter(stream, TarEntryFormat.Pax))
            {
                foreach (var path in Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                    await tar.WriteEntryAsync(path, Path.GetRelativePath(folder, path), cancel);
            }
            File.Move(temporary, to, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static void Replace(string work, string to)
    {
        var old = to + ".old";
        Clear(old);
        if (Directory.Exists(to)) Directory.Move(to, old);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        Directory.Move(work, to);
        Clear(old);
    }

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

#pragma warning disable SYSLIB1054 // two strings need no generated marshalling
    [DllImport("libc", EntryPoint = "link")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int NativeLink([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
#pragma warning restore SYSLIB1054
}
