using System.Text.RegularExpressions;
using Ark.Core;
using Ark.Core.Yaml;
using Ark.Remote.Programs;

namespace Ark.Remote.Images;

/// <summary>
/// A root file system made of Debian packages: what <c>base.yaml</c> describes. Beside it may stand <c>apt.conf</c> and <c>dpkg.cfg</c>
/// (settings that stay in the image) and <c>rootfs/</c> (files copied over it).
/// </summary>
public sealed partial record BaseImage(string Directory, string Suite, string Variant, IReadOnlyList<string> Packages)
{
    public const string FileName = "base.yaml";

    private const string MergedUsr = "/usr/share/mmdebstrap/hooks/merged-usr";

    /// <summary>What of this program takes part in making it: a part of the tag, raised when the making changes.</summary>
    internal static string Origin(string? baseImage) => baseImage is null ? "mmdebstrap-1" : $"on-1 {baseImage}";

    public static Outcome<BaseImage> Read(string directory)
    {
        var place = Path.Combine(directory, FileName);
        var file = YamlFile.Parse(place, File.ReadAllText(place));
        var suite = file.Root?.Need("suite")?.Matching(Word(), "a Debian release, such as bookworm") ?? "";
        var variant = file.Root?.Get("variant")?.Matching(Word(), "a variant that mmdebstrap knows, such as apt") ?? "apt";
        var packages = file.Root?.Get("packages")?.Items().Select(i => i.Matching(Word(), "a package's name")).OfType<string>().ToList() ?? [];
        file.Root?.Close();
        return Outcome<BaseImage>.From(file.Problems, () => new BaseImage(directory, suite, variant, packages));
    }

    /// <summary>The call that makes the root file system into <paramref name="tar"/>.</summary>
    /// <param name="mirror">A Debian mirror's address, ending in <c>/debian</c>; null: mmdebstrap's own choice.</param>
    public ProgramCall Bootstrap(string tar, string? mirror)
    {
        var arguments = new List<string> { $"--variant={Variant}", $"--include={string.Join(',', Packages)}" };
        if (System.IO.Directory.Exists(MergedUsr)) arguments.Add("--hook-dir=" + MergedUsr);
        if (Beside("dpkg.cfg") is { } dpkg) arguments.Add("--dpkgopt=" + dpkg);
        if (Beside("apt.conf") is { } apt) arguments.Add("--aptopt=" + apt);
        if (Beside("rootfs") is { } rootfs) arguments.Add($"--customize-hook=cp -R --no-preserve=ownership,timestamps '{rootfs}/.' \"$1/\" && chmod -R go=u-w \"$1/etc/apt\"");
        arguments.Add("--customize-hook=rm -rf \"$1/etc/resolv.conf\" \"$1/etc/hostname\" \"$1\"/var/cache/apt/*.bin \"$1\"/var/cache/debconf/*-old \"$1\"/var/log/*");
        arguments.AddRange([Suite, tar]);
        if (mirror is not null)
            arguments.AddRange([$"deb {mirror} {Suite} main", $"deb {mirror} {Suite}-updates main", $"deb {mirror}-security {Suite}-security main"]);
        return new ProgramCall("mmdebstrap", arguments);
    }

    /// <summary>A Dockerfile that makes the same on top of an image from a registry.</summary>
    public string OnTopOf(string image)
    {
        var lines = new List<string> { $"FROM {image}", "ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8" };
        if (Beside("dpkg.cfg") is not null) lines.Add("COPY dpkg.cfg /etc/dpkg/dpkg.cfg.d/99ark");
        if (Beside("apt.conf") is not null) lines.Add("COPY apt.conf /etc/apt/apt.conf.d/99ark");
        if (Beside("rootfs") is not null) lines.Add("COPY rootfs /");
        lines.Add($"RUN apt-get update && apt-get install -y --no-install-recommends {string.Join(' ', Packages.Where(p => p != "usr-is-merged"))} && apt-get clean && rm -rf /var/lib/apt/lists/*");
        return string.Join('\n', lines) + "\n";
    }

    private string? Beside(string name) => Path.Exists(Path.Combine(Directory, name)) ? Path.GetFullPath(Path.Combine(Directory, name)) : null;

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9+.:-]*\z")]
    private static partial Regex Word();
}
