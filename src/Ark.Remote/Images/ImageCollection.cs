using Ark.Core;

namespace Ark.Remote.Images;

/// <summary>The images of one folder (<c>images/</c>), parents before children.</summary>
public sealed record ImageCollection(string Directory, IReadOnlyList<ImageFolder> Images)
{
    public ImageFolder this[string name] => Images.Single(i => i.Name == name);

    /// <summary>
    /// Reads every image folder and computes the tags. Problems: no such folder, a folder without a recipe, a parent that does not exist, a circle.
    /// </summary>
    /// <param name="baseImage">What takes the place of mmdebstrap for images with a <c>base.yaml</c> (a reference of an image in a registry), or null.</param>
    public static Outcome<ImageCollection> Read(string directory, string? baseImage = null)
    {
        if (!System.IO.Directory.Exists(directory))
            return Outcome<ImageCollection>.Fail(new Problem("no-images-folder", directory, "There is no such folder.", "Name it with --images DIR."));
        var problems = new List<Problem>();
        var recipes = new SortedDictionary<string, (string Folder, IReadOnlyList<string> Parents)>(StringComparer.Ordinal);
        foreach (var folder in System.IO.Directory.GetDirectories(directory))
        {
            var recipe = ReadRecipe(folder, problems);
            if (recipe is not null) recipes[Path.GetFileName(folder)] = (folder, recipe);
        }
        var sorted = new List<ImageFolder>();
        foreach (var name in recipes.Keys) Visit(name, []);
        return Outcome<ImageCollection>.From(problems, () => new ImageCollection(directory, sorted));

        bool Visit(string name, IReadOnlyList<string> path)
        {
            if (sorted.Any(i => i.Name == name)) return true;
            var (folder, parents) = recipes[name];
            var place = Path.Combine(folder, "Dockerfile");
            if (path.Contains(name))
            {
                var circle = path.SkipWhile(p => p != name).Append(name).ToList();
                if (circle[0] == circle.Min(StringComparer.Ordinal))
                    problems.Add(new Problem("circular-images", place, $"These images stand on each other: {string.Join(" → ", circle)}.", "Take one FROM or COPY --from out of the circle."));
                return false;
            }
            var sound = true;
            foreach (var parent in parents)
            {
                if (recipes.ContainsKey(parent)) sound &= Visit(parent, [.. path, name]);
                else
                {
                    sound = false;
                    if (path.Count == 0)
                        problems.Add(new Problem("unknown-parent", place, $"It takes from {ImageFolder.Prefix}{parent}, but there is no folder {parent} with an image.", $"Write one of: {string.Join(", ", recipes.Keys)}."));
                }
            }
            if (!sound) return false;
            var tags = parents.Select(p => sorted.Single(i => i.Name == p).Tag).ToList();
            if (ImageFolder.IsBase(folder)) tags.Add(BaseImage.Origin(baseImage));
            sorted.Add(new ImageFolder(name, folder, parents, ImageFolder.TagOf(folder, tags)));
            return true;
        }
    }

    /// <summary>
    /// The named images with everything that they stand on, parents first; where no name is given, all that the clone alone is enough for.
    /// </summary>
    public Outcome<ImageCollection> Choose(IReadOnlyList<string> names)
    {
        var problems = names.Where(n => Images.All(i => i.Name != n))
            .Select(n => new Problem("unknown-image", Directory, $"There is no image {n}.", $"Name one of: {string.Join(", ", Images.Select(i => i.Name))}.")).ToList();
        problems.AddRange(Images.Where(i => names.Contains(i.Name) && i.IsPrepared is false)
            .Select(i => new Problem("not-prepared", i.Directory, $"{i.Name} takes files that are made first, and they are not there.", $"{Path.Combine(i.Directory, ImageFolder.Prepare)}")));
        if (names.Count == 0) return Outcome<ImageCollection>.Of(this with { Images = [.. Images.Where(i => i.IsPrepared is null)] });
        var wanted = new HashSet<string>(names);
        foreach (var image in Images.Reverse())
            if (wanted.Contains(image.Name)) wanted.UnionWith(image.Parents);
        return Outcome<ImageCollection>.From(problems, () => this with { Images = [.. Images.Where(i => wanted.Contains(i.Name))] });
    }

    private static IReadOnlyList<string>? ReadRecipe(string folder, List<Problem> problems)
    {
        if (!ImageIndex.IsRepository(Path.GetFileName(folder)))
            problems.Add(new Problem("bad-image-name", folder, "A folder's name is the image's name, and this is none.", "Use lower-case letters, digits and single dashes: mq-broker."));
        if (ImageFolder.IsBase(folder)) return [];
        var dockerfile = Path.Combine(folder, "Dockerfile");
        if (File.Exists(dockerfile)) return ImageFolder.ParentsOf(File.ReadAllText(dockerfile));
        problems.Add(new Problem("no-dockerfile", folder, "The folder holds neither a Dockerfile nor a base.yaml.", "Write a Dockerfile that begins with FROM ark/base, or take the folder away."));
        return null;
    }
}
