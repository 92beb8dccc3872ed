namespace Ark.Console.Sites;

/// <summary>The folder that was carried to the site, and what the console keeps in it.</summary>
public sealed record SiteFolder(string Root)
{
    public string Properties => Path.Combine(Root, "bin", "ark.properties");

    public string Tasks => Path.Combine(Root, "tasks");

    public string Catalog => Path.Combine(Root, "catalog");

    public string Images => Path.Combine(Root, "images");

    public string RegistryTar => Path.Combine(Images, "registry.tar");

    public string Packages => Path.Combine(Root, "packages");

    /// <summary>Evidence of all runs.</summary>
    public string Journal => Path.Combine(Root, "var", "journal");

    /// <summary>The console's SSH key. Whoever holds it, the package and the passphrase can run the site.</summary>
    public string Key => Path.Combine(Root, "var", "ssh", "id");

    public string KnownHosts => Path.Combine(Root, "var", "ssh", "known_hosts");

    /// <summary>The salt of the site's key, as last seen in the cluster: no secret, and it lets the stretching of the passphrase begin before the cluster answers.</summary>
    public string Salt => Path.Combine(Root, "var", "salt");

    /// <summary>What people answered to the requirements that no machine can answer.</summary>
    public string Answers => Path.Combine(Root, "var", "answers.json");

    /// <summary>A task as it was downloaded.</summary>
    public string TaskArchive(string id) => Path.Combine(Tasks, $"task_{id}.tgz");

    public string TaskFile(string id) => Path.Combine(Tasks, "task_" + id, "task.yaml");

    /// <summary>
    /// The folder named by <c>--site</c>; else the one above the program if it holds <c>bin/ark.properties</c>; else the current one.
    /// </summary>
    public static SiteFolder Find(string? option)
    {
        if (option is not null) return new(Path.GetFullPath(option));
        var above = new SiteFolder(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..")));
        return File.Exists(above.Properties) ? above : new(Directory.GetCurrentDirectory());
    }

    /// <summary>Ids of the tasks that were carried along, as folder or as archive, sorted.</summary>
    public IReadOnlyList<string> TaskIds() => !Directory.Exists(Tasks) ? [] :
    [
        .. Directory.EnumerateDirectories(Tasks, "task_*").Select(d => Path.GetFileName(d)[5..])
            .Concat(Directory.EnumerateFiles(Tasks, "task_*.tgz").Select(f => Path.GetFileName(f)[5..^4]))
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
