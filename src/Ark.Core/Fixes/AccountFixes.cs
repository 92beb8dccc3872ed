using System.Text.RegularExpressions;
using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Logins: limits, masks, the SSH server; and access to folders.</summary>
internal static class AccountFixes
{
    private const string SshdFile = "/etc/ssh/sshd_config";

    public static Change Of(SetLimit fix) => Change.OfFile(
        LimitChecks.LimitsFile, $"{fix.Item} {(fix.Was < 0 ? "unlimited" : fix.Was.ToString(System.Globalization.CultureInfo.InvariantCulture))} for {fix.Account}", $"{fix.Item} {fix.Value} for {fix.Account}",
        text => fix.Kinds.Split(' ').Aggregate(text, (all, kind) => SettingText.Set(all, Line(fix.Account, kind, fix.Item), $"{fix.Account} {kind} {fix.Item} {fix.Value}")));

    private static Regex Line(string account, string kind, string item) =>
        new($@"^\s*{Regex.Escape(account)}\s+{kind}\s+{item}\s", RegexOptions.CultureInvariant);

    /// <summary>Shells of logins read the one, PAM the other.</summary>
    public static IEnumerable<Change> Of(SetUmask fix)
    {
        var umask = new Regex(@"^\s*UMASK\s", RegexOptions.CultureInvariant);
        yield return Change.OfFile("/etc/login.defs", $"umask {fix.Was}", $"umask {fix.Value}", text => SettingText.Set(text, umask, $"UMASK\t\t{fix.Value}"));
        yield return Change.OfFile("/etc/profile.d/zz-site-umask.sh", $"umask {fix.Was}", $"umask {fix.Value}", _ => $"umask {fix.Value}\n");
    }

    /// <summary>A configuration that the server would refuse is not left behind: the step fails, and the file is put back.</summary>
    public static Change Of(SetSshd fix, HostFacts machine)
    {
        var reload = $"systemctl reload {OsFamilies.SshUnit(machine)}";
        // Of this one, servers of old take the last line and not the first.
        var alone = fix.Setting == "MaxStartups";
        var line = new Regex(@"^\s*MaxStartups[\s=]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
        return Change.OfFile(
            SshdFile, $"{fix.Setting} {fix.Was}", $"{fix.Setting} {fix.Value}", text => SettingText.First(alone ? SettingText.Comment(text, line) : text, fix.Setting, fix.Value)) with
        {
            Tracked = alone ? ["/etc/ssh/sshd_config.d/*.conf"] : [],
            Do = $"{(alone ? @"for f in /etc/ssh/sshd_config.d/*.conf; do [ ! -e ""$f"" ] || sed -i -E 's/^[[:space:]]*MaxStartups[[:space:]=]/# &/I' ""$f""; done" + "\n" : "")}sshd -t\n{reload}",
            Undo = reload,
        };
    }

    public static Change Of(SetAccess fix) => new(fix.Path, $"{fix.Path}: {fix.Was}", $"{fix.Path}: {fix.Mode}, of root")
    {
        Tracked = [fix.Path],
        Do = $"chown root:root {ShellText.Quote(fix.Path)}; chmod {fix.Mode} {ShellText.Quote(fix.Path)}",
    };

    public static Change Of(SetUnit fix)
    {
        List<string> parts = [], undo = ["systemctl daemon-reload"];
        if (fix.AtBoot is { } atBoot) parts.Add($"systemctl {(atBoot ? "enable" : "disable")} -q {fix.Unit}");
        if (fix.Runs is { } runs)
        {
            parts.Add($"systemctl {(runs ? "start" : "stop")} {fix.Unit}");
            undo.Add($"systemctl {(runs ? "stop" : "start")} {fix.Unit}");
        }

        return new(fix.Unit, Words(!fix.Runs, !fix.AtBoot), Words(fix.Runs, fix.AtBoot)) { Tracked = Change.UnitLinks, Do = string.Join('\n', parts), Undo = string.Join('\n', undo) };

        string Words(bool? runs, bool? boot) => $"{fix.Unit}{(runs is { } r ? r ? " runs" : " is stopped" : "")}{(runs is null || boot is null ? "" : ",")}{(boot is { } b ? b ? " starts at boot" : " does not start at boot" : "")}";
    }
}
