using Ark.Lab.Computer;

namespace Ark.Lab.Labs;

/// <summary>
/// What the labs of this computer share, whatever clone they belong to: whose a name is, the kernel's settings before the first lab, and the locks.
/// Lies under /run; a start of the computer makes it void.
/// </summary>
internal static class LabRegister
{
    private const string Folder = "/run/ark-lab";
    private const string NamespaceFolder = "/run/netns";
    private static readonly string KernelFile = $"{Folder}/kernel";
    private static readonly string MountedMark = $"{Folder}/netns-mounted";
    private static readonly string BootFile = $"{Folder}/boot";

    /// <summary>The kernel's settings before the first lab of this computer was made.</summary>
    public static string KernelSettingsFile => KernelFile;

    /// <summary>The folder of the lab that has this name now, in this clone or another; null if none has.</summary>
    public static string? Owner(string lab) =>
        File.Exists(OwnerFile(lab)) && IsOfThisBoot() && File.ReadAllText(OwnerFile(lab)).Trim() is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>The names of all labs of this computer.</summary>
    public static IReadOnlyList<string> Names() =>
        !Directory.Exists(Folder) ? []
            : [.. Directory.EnumerateFiles(Folder, "*.lab").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => Owner(n) is not null).Order(StringComparer.Ordinal)];

    /// <summary>Takes a name. The first lab records what the last one puts back.</summary>
    public static async Task EnterAsync(LabDefinition lab, CancellationToken cancellation)
    {
        using var turn = await FileLock.TakeAsync($"{Folder}/register.lock", cancellation);
        if (!IsOfThisBoot())
        {
            foreach (var file in Directory.EnumerateFiles(Folder, "*.lab").Append(KernelFile).Append(MountedMark))
                File.Delete(file);
            File.Copy("/proc/sys/kernel/random/boot_id", BootFile, overwrite: true);
        }
        if (!File.Exists(KernelFile))
            File.WriteAllText(KernelFile, KernelSettings.Record());
        if (Mounts.Read().All(m => m.At != NamespaceFolder))
            File.WriteAllText(MountedMark, "");
        File.WriteAllText(OwnerFile(lab.Name), lab.Folder);
    }

    /// <summary>Gives a name back. After the last lab the kernel's settings and the folder of namespaces are as they were.</summary>
    public static async Task LeaveAsync(string lab, CancellationToken cancellation)
    {
        using var turn = await FileLock.TakeAsync($"{Folder}/register.lock", cancellation);
        File.Delete(OwnerFile(lab));
        if (Names().Count > 0)
            return;
        if (File.Exists(KernelFile))
            KernelSettings.Restore(File.ReadAllText(KernelFile));
        File.Delete(KernelFile);
        if (File.Exists(MountedMark) && Directory.Exists(NamespaceFolder) && !Directory.EnumerateFileSystemEntries(NamespaceFolder).Any())
            await Programs.RunAsync(["umount", NamespaceFolder], cancellation);
        File.Delete(MountedMark);
    }

    /// <summary>The right to change one lab, held until disposed.</summary>
    public static Task<FileLock> ChangeAsync(string lab, CancellationToken cancellation) => FileLock.TakeAsync($"{Folder}/{lab}.lock", cancellation);

    private static string OwnerFile(string lab) => $"{Folder}/{lab}.lab";

    private static bool IsOfThisBoot() => File.Exists(BootFile) && File.ReadAllText(BootFile) == File.ReadAllText("/proc/sys/kernel/random/boot_id");
}
