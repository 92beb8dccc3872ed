using static Ark.Core.Checks.Check;

namespace Ark.Core.Checks;

/// <summary>Limits of a login of the site's account. Containers have limits of their own, which Docker sets.</summary>
public static class LimitChecks
{
    /// <summary>Read after every other file of its kind.</summary>
    internal const string LimitsFile = "/etc/security/limits.d/zz-site.conf";

    public static readonly IReadOnlyList<Check> All =
    [
        Of("umask", null, CheckGroup.Limits, "New files can be read by others", m => m.Limits, (_, machine, limits) => Hides(limits.Umask) switch
        {
            null => Untold(machine, $"what umask '{limits.Umask}' means"),
            false => Pass($"umask {limits.Umask}"),
            _ => Warn($"umask {limits.Umask}", "umask 0022", "What somebody writes by hand, a container that runs as another account cannot read.",
                @"sed -ri.before 's/^(UMASK\s+).*/\1022/' /etc/login.defs && echo 'umask 022' > /etc/profile.d/zz-site-umask.sh") with { Fix = new SetUmask("022", limits.Umask) },
        }),
        Limit("open-files", "A login may open 1024 files", l => l.OpenFiles, 1024, "open files", "nofile", 65536),
        Limit("processes", "A login may start 2048 processes", l => l.Processes, 2048, "processes", "nproc", 65536),
        Of("core-files", null, CheckGroup.Limits, "Programs that crash do not fill the disk", m => m.Limits, (scope, _, limits) => limits.CoreBytes >= 0
            ? Pass(limits.CoreBytes == 0 ? "no core files" : $"core files up to {Sizes.Text(limits.CoreBytes)}")
            : Warn("core files without a limit", "a limit", "Each crash writes all the memory of the program to disk.", $"echo '{scope.Site.MachineUser} soft core 0' >> {LimitsFile}") with { Fix = new SetLimit(scope.Site.MachineUser, "soft", "core", 0, limits.CoreBytes) }),
    ];

    private static Check Limit(string id, string title, Func<LimitFacts, long> value, long least, string what, string item, long better) =>
        Of(id, null, CheckGroup.Limits, title, m => m.Limits, (scope, _, limits) => value(limits) switch
        {
            < 0 => Pass($"{what} unlimited"),
            var number when number >= least => Pass($"{number} {what}"),
            var number => Warn($"{number} {what}", $"{least} {what}", "Somebody set the account's limit below what systems come with.",
                $"printf '{scope.Site.MachineUser} soft {item} {better}\\n{scope.Site.MachineUser} hard {item} {better}\\n' >> {LimitsFile}") with { Fix = new SetLimit(scope.Site.MachineUser, "soft hard", item, better, number) },
        });

    /// <summary>The mask takes reading or entering from others; null where it is no octal number.</summary>
    private static bool? Hides(string umask)
    {
        if (umask.Length is 0 or > 4 || umask.Any(c => c is < '0' or > '7'))
            return null;
        return ((umask[^1] - '0') & 5) != 0;
    }
}
