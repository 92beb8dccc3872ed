using System.Collections.Concurrent;
using Ark.Core;
using Ark.Core.Catalog;
using Ark.Remote.Files;

namespace Ark.Panama.Features.Baselines;

/// <summary>The baselines that came with Panama: read once, and again when a file of theirs has changed.</summary>
internal sealed class OwnCatalogue(string folder)
{
    private Content? _content;

    private sealed record Content(string Stamp, Outcome<IReadOnlyDictionary<string, string>> Files)
    {
        public ConcurrentDictionary<string, Outcome<BaselineVersion>> Versions { get; } = new(StringComparer.Ordinal);
    }

    public IReadOnlyList<string> Names() => !Directory.Exists(folder)
        ? []
        : [.. Directory.EnumerateDirectories(folder).Where(d => File.Exists(Path.Combine(d, "baseline.yaml"))).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    /// <summary>All that can be deployed.</summary>
    public async Task<IReadOnlyList<BaselineBranch>> ListAsync(CancellationToken cancellation)
    {
        List<BaselineBranch> usable = [];
        foreach (var name in Names())
            if ((await ReadAsync(name, cancellation)).Value is { } version)
                usable.Add(version.Branch);
        return usable;
    }

    public async Task<Outcome<BaselineVersion>> ReadAsync(string name, CancellationToken cancellation)
    {
        var stamp = Stamp();
        if (_content is not { } content || content.Stamp != stamp)
            _content = content = new(stamp, await CatalogFolder.ReadAsync(folder, cancellation));
        return content.Files.Ok ? content.Versions.GetOrAdd(name, n => Read(content.Files.Value, n)) : Outcome<BaselineVersion>.Fail(content.Files.Problems);
    }

    private static Outcome<BaselineVersion> Read(IReadOnlyDictionary<string, string> files, string name)
    {
        var read = BaselineReader.Read(files, name);
        return Outcome<BaselineVersion>.From(read.Problems, () => new(new(read.Value!.Name, read.Value.Title, read.Value.Line), read.Value, files));
    }

    /// <summary>Another one when a file was written, added or removed.</summary>
    private string Stamp()
    {
        if (!Directory.Exists(folder))
            return "";
        var (files, newest) = (0, 0L);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
            (files, newest) = (files + 1, Math.Max(newest, entry.LastWriteTimeUtc.Ticks));
        return $"{files} {newest}";
    }
}
