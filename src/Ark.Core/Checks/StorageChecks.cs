using Ark.Core.Sites;
using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Disks, and the file systems under the paths that Ark uses.</summary>
public static class StorageChecks
{
    private const long LeastRaw = 2_400_000_000_000, LeastUsable = 1_200_000_000_000;

    /// <summary>Below it Docker cannot even keep the images of a small task.</summary>
    private const long LeastFree = 10 * Sizes.GiB;

    /// <summary>What the published arrangements give a virtual machine.</summary>
    private const long StandardFree = 300_000_000_000;

    private const long RegistryFree = 20 * Sizes.GiB;

    private const double SlowSync = 0.010;

    public static readonly IReadOnlyList<Check> All =
    [
        Of("raw-disk", 16, CheckGroup.Storage, "The machine has 2.4 TB of disk, 1.2 TB usable", m => m.Storage, RawDisk).Unless(Arises.InPhysicalMode),
        Of("raid", 16, CheckGroup.Storage, "Arrays of the kernel are RAID 10", m => m.Storage, Raid).Unless(Arises.InPhysicalMode),
        new Check("arms-disks", 22, CheckGroup.Storage, "ARMS has machines with big disks", ArmsDisks).Unless(scope => Arises.With(scope, "arms")),
        OfDockerDir("docker-dir-room", "Docker's folder has room", Room),
        OfDockerDir("docker-dir-type", "Docker's folder is on a file system that Docker works on", Type),
        OfDockerDir("docker-dir-ftype", "An XFS file system under Docker's folder tells file types", (_, machine, fs) => fs switch
        {
            { Type: not "xfs" } => NotApplicable($"{fs.Mount} is {fs.Type}"),
            { FType: null } => Untold(machine, $"whether {fs.Mount} tells file types"),
            { FType: true } => Pass($"{fs.Mount}: ftype=1"),
            _ => Fail($"{fs.Mount}: ftype=0", "ftype=1", "It was made with settings of old: Docker's overlays need ftype=1, and it cannot be changed later.",
                $"save what is on it, then: umount {fs.Mount} && mkfs.xfs -f -n ftype=1 {fs.Device} && mount {fs.Mount}"),
        }),
        OfDockerDir("docker-dir-options", "Docker's folder is mounted so that programs in it run", Options),
        OfDockerDir("docker-dir-inodes", "Docker's folder has inodes left", (_, _, fs) => fs switch
        {
            { Inodes: <= 0 } => NotApplicable($"{fs.Type} makes inodes as they are needed"),
            _ when Percent(fs.FreeInodes, fs.Inodes) >= 10 => Pass($"{Percent(fs.FreeInodes, fs.Inodes)} % of inodes free"),
            _ => new("", Percent(fs.FreeInodes, fs.Inodes) < 2 ? Verdict.Fail : Verdict.Warning, $"{fs.FreeInodes} of {fs.Inodes} inodes free ({Percent(fs.FreeInodes, fs.Inodes)} %)", "10 % free",
                "Very many small files fill it: no file can be made though there is room.", $"du --inodes -x -d 3 {fs.Mount} | sort -n | tail"),
        }),
        OfDockerDir("docker-dir-rights", "Only root writes into Docker's folder", Rights),
        Of("disk-sync", null, CheckGroup.Storage, "The disk under Docker's folder writes within 10 ms", m => m.Storage, (_, _, storage) => storage.FsyncP99Seconds switch
        {
            null => NotApplicable("not measured"),
            <= SlowSync => Pass(Milliseconds(storage.FsyncP99Seconds.Value), "99 of 100 writes within 10 ms"),
            var slow => Warn(Milliseconds(slow.Value), "99 of 100 writes within 10 ms", "Databases, queues and the Swarm's own log wait for the disk at every write.",
                "put docker_dir on an SSD, or on a controller with a write cache; iostat -x 1 shows who else writes"),
        }),
        Of("file-systems-room", null, CheckGroup.Storage, "No file system that Ark uses is nearly full", m => m.Storage, Fullest),
        Of("registry-room", null, CheckGroup.Storage, "The client has room for image packages", m => m.Storage, Registry),
    ];

    /// <summary>The file system under a path of the site; null where it was not looked at.</summary>
    internal static FileSystemFacts? Under(StorageFacts storage, string path) => storage.FileSystems.FirstOrDefault(f => f.Path == path);

    /// <summary>The command that shows what fills a file system.</summary>
    internal static string Largest(string mount) => $"du -x -d 2 -h {(mount.Contains(' ', StringComparison.Ordinal) ? $"'{mount}'" : mount)} | sort -h | tail";

    private static Check OfDockerDir(string id, string title, Func<CheckScope, HostFacts, FileSystemFacts, Finding> judge) =>
        Of(id, null, CheckGroup.Storage, title, m => m.Storage, (scope, machine, storage) => Under(storage, scope.Site.DockerDir) is { } fs
            ? judge(scope, machine, fs)
            : Untold(machine, $"the file system under {scope.Site.DockerDir}"));

    private static Finding RawDisk(CheckScope scope, HostFacts machine, StorageFacts storage)
    {
        var raw = storage.Disks.Sum(d => d.Bytes);
        var usable = Under(storage, scope.Site.DockerDir)?.Bytes ?? 0;
        var evidence = $"{Sizes.Sold(raw)} raw, {Sizes.Sold(usable)} under {scope.Site.DockerDir}";
        return raw >= LeastRaw || usable >= LeastUsable
            ? Pass(evidence)
            : Warn(evidence, "2.4 TB raw, or 1.2 TB usable", "Fewer or smaller disks than the arrangements were published for, or a data disk that is not mounted.", "lsblk");
    }

    private static Finding Raid(CheckScope scope, HostFacts machine, StorageFacts storage)
    {
        var others = storage.RaidArrays.Where(a => !a.EndsWith("raid10", StringComparison.Ordinal)).ToList();
        return storage.RaidArrays.Count == 0 ? NotApplicable("no array of the kernel; those of a controller do not show, people are asked")
            : others.Count == 0 ? Pass(string.Join(", ", storage.RaidArrays))
            : Warn(string.Join(", ", others), "raid10", "The array was made for another purpose: slower writes, or none to spare.", "cat /proc/mdstat");
    }

    private static IEnumerable<Finding> ArmsDisks(CheckScope scope)
    {
        var known = scope.Machines.Where(m => m.Storage is not null).ToList();
        if (known.Count == 0)
            return scope.Machines.Select(m => Unknown(m));
        var big = known.Where(m => m.Storage!.Disks.Sum(d => d.Bytes) >= Sizes.TB || (Under(m.Storage!, scope.Site.DockerDir)?.Bytes ?? 0) >= Sizes.TB).Select(m => m.Machine).Order(StringComparer.Ordinal).ToList();
        return
        [
            big.Count > 0 ? Pass($"{string.Join(", ", big)} with 1 TB or more") : Warn("no machine with 1 TB of disk",
                scope.Site.Mode == SiteMode.Physical ? "dedicated machines with big disks" : "big disks",
                "ARMS keeps traces of all requests: HBase and Elasticsearch fill small disks within days.", "ask whoever keeps the machines for bigger disks"),
        ];
    }

    private static Finding Room(CheckScope scope, HostFacts machine, FileSystemFacts fs)
    {
        var evidence = $"{Sizes.Text(fs.FreeBytes)} free of {Sizes.Text(fs.Bytes)} on {fs.Mount}";
        return fs.FreeBytes switch
        {
            < LeastFree => Fail(evidence, $"{Sizes.Text(LeastFree)} free", "Images and data have no room.", Largest(fs.Mount) + ", or write a docker_dir on another disk"),
            _ when scope.Site.Mode == SiteMode.Vm && fs.FreeBytes < StandardFree && machine.Engine is not { Swarm: "active" } => Warn(evidence, "300 GB free",
                "It is less than the published arrangements give a virtual machine.", "ask whoever keeps the machine for a bigger disk, mounted before the base is installed"),
            _ => Pass(evidence),
        };
    }

    private static Finding Type(CheckScope scope, HostFacts machine, FileSystemFacts fs)
    {
        var evidence = $"{fs.Type} on {fs.Mount}";
        const string wanted = "ext4 or xfs";
        const string remedy = "mount a disk with ext4 or XFS there before the base is installed: mkfs.xfs DEVICE";
        return fs.Type switch
        {
            "ext4" or "xfs" => Pass(evidence),
            "btrfs" or "zfs" or "ext3" or "ext2" or "f2fs" => Warn(evidence, wanted, "Docker works on it in another way than the one that Ark was tried with.", remedy),
            _ => Fail(evidence, wanted, "Docker cannot lay its overlays on it, or loses them.", remedy),
        };
    }

    private static Finding Options(CheckScope scope, HostFacts machine, FileSystemFacts fs)
    {
        var stopping = fs.Options.Intersect(["ro", "noexec"]).ToList();
        var hindering = fs.Options.Intersect(["nosuid", "nodev"]).ToList();
        if (stopping.Count + hindering.Count == 0)
            return Pass($"{fs.Mount}: {string.Join(',', fs.Options)}");
        List<string> all = [.. stopping, .. hindering];
        return new("", stopping.Count > 0 ? Verdict.Fail : Verdict.Warning, $"{fs.Mount}: {string.Join(',', all)}", "rw,exec,suid,dev",
            stopping.Contains("ro") ? "Nothing can be written: mounted so, or after a fault of the disk." : "The mount was hardened for data; programs of containers lie there too.",
            $"mount -o remount,rw,exec,suid,dev {fs.Mount}, and take {string.Join(',', all)} out of its line in /etc/fstab");
    }

    private static Finding Rights(CheckScope scope, HostFacts machine, FileSystemFacts fs)
    {
        if (fs.Mode is not { Length: > 0 } mode)
            return Pass($"{fs.Path} is not there yet");
        var open = mode.Length >= 2 && ((mode[^1] - '0' | mode[^2] - '0') & 2) != 0;
        var owner = fs.Owner is null or "root" or "0";
        return !open && owner
            ? Pass($"{fs.Path}: {mode}, of {fs.Owner ?? "root"}")
            : Warn($"{fs.Path}: {mode}, of {fs.Owner}", "711 or 755, of root", "Whoever may write there becomes root through a container's files.",
                $"chown root:root {fs.Path} && chmod 711 {fs.Path}") with { Fix = new SetAccess(fs.Path, "711", $"{mode}, of {fs.Owner}") };
    }

    private static Finding Fullest(CheckScope scope, HostFacts machine, StorageFacts storage)
    {
        var used = storage.FileSystems.Where(f => f.Bytes > 0).DistinctBy(f => f.Mount).Select(f => (f.Mount, Used: 100 - Percent(f.FreeBytes, f.Bytes)))
            .OrderByDescending(f => f.Used).ThenBy(f => f.Mount, StringComparer.Ordinal).ToList();
        if (used.Count == 0)
            return Untold(machine, "file systems under Ark's paths");
        var full = used.Where(f => f.Used >= 85).ToList();
        return full.Count == 0
            ? Pass($"{used[0].Mount} {used[0].Used} % used")
            : new("", full[0].Used >= 95 ? Verdict.Fail : Verdict.Warning, string.Join(", ", full.Select(f => $"{f.Mount} {f.Used} % used")), "below 85 % used",
                "Logs or data have grown: a full file system stops what writes there.", Largest(full[0].Mount));
    }

    private static Finding Registry(CheckScope scope, HostFacts machine, StorageFacts storage)
    {
        if (machine.Machine != scope.Site.ClientAddress.ToString())
            return NotApplicable("image packages lie on the client");
        if (Under(storage, scope.Site.RegistryDir) is not { } fs)
            return Untold(machine, $"the file system under {scope.Site.RegistryDir}");
        var evidence = $"{Sizes.Text(fs.FreeBytes)} free on {fs.Mount}";
        return fs.FreeBytes >= RegistryFree
            ? Pass(evidence)
            : Warn(evidence, $"{Sizes.Text(RegistryFree)} free", "Image packages of a whole task are that big.",
                Largest(fs.Mount) + ", or write a registry_dir on another disk");
    }

    private static long Percent(long part, long whole) => (long)Math.Clamp(100m * part / whole, 0, 100);

    private static string Milliseconds(double seconds) => FormattableString.Invariant($"99 of 100 writes within {seconds * 1000:0.0} ms");
}
