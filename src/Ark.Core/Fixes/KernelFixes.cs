using Ark.Core.Checks;

namespace Ark.Core.Fixes;

/// <summary>Settings and modules of the kernel, memory.</summary>
internal static class KernelFixes
{
    private const string ModulesFile = "/etc/modules-load.d/zz-site.conf";

    public static Change Of(SetSysctl fix)
    {
        var line = $"{fix.Name} = {fix.Value}";
        var now = $"\"$(sysctl -n {fix.Name} | tr -s '[:blank:]' ' ')\"";
        return Change.OfFile(KernelChecks.OwnFile, $"{fix.Name} = {fix.Was ?? "not known"}{(fix.Was == fix.Value ? " for the moment" : "")}", $"{line}, now and after a reboot", text => SettingText.Set(text, SettingText.Assignment(fix.Name), line)) with
        {
            Do = $"sysctl -q -w {ShellText.Quote($"{fix.Name}={fix.Value}")}",
            Undo = fix.Was is null || fix.Was == fix.Value ? "" : $"[ {now} != {ShellText.Quote(fix.Value)} ] || sysctl -q -w {ShellText.Quote($"{fix.Name}={fix.Was}")}",
        };
    }

    public static Change Of(LoadModule fix) =>
        Change.OfFile(ModulesFile, $"{fix.Name} not loaded", $"{fix.Name} loaded, now and at boot", text => SettingText.Append(text, fix.Name)) with
        {
            Do = $"[ -d /sys/module/{fix.Name} ] || {{ modprobe {fix.Name}; : > \"$step/loaded-{fix.Name}\"; }}",
            Undo = $"[ ! -e \"$step/loaded-{fix.Name}\" ] || modprobe -q -r {fix.Name} || echo '{fix.Name} is in use: it stays until the next reboot' >&2",
        };

    public static Change Of(SetKernelFile fix)
    {
        var file = $"/etc/tmpfiles.d/{fix.Name}.conf";
        return Change.OfFile(file, $"{fix.Path}: {fix.Was}", $"{fix.Path}: {fix.Value}", _ => $"w {fix.Path} - - - - {fix.Value}\n") with
        {
            Do = $"for f in {fix.Path}; do echo {fix.Value} > \"$f\"; done",
            Undo = $"for f in {fix.Path}; do case \" $(cat \"$f\") \" in *'[{fix.Value}]'*|' {fix.Value} ') echo {fix.Was} > \"$f\" ;; esac; done",
        };
    }

    /// <summary>What is in use now is remembered: not all of it need come from fstab.</summary>
    public static Change Of(DropSwap _) =>
        Change.OfFile("/etc/fstab", "swap", "no swap, now and after a reboot", text => SettingText.Comment(text, SettingText.SwapLine())) with
        {
            Do = "awk 'NR > 1 { print $1 }' /proc/swaps > \"$step/swaps\"; [ ! -s \"$step/swaps\" ] || swapoff -a",
            Undo = "while read -r device; do swapon \"$device\"; done < \"$step/swaps\"",
        };

    public static Change Of(PermitSelinux fix) =>
        Change.OfFile("/etc/selinux/config", $"SELinux {(fix.Enforces ? "enforcing" : "enforcing after a reboot")}", "SELinux permissive, now and after a reboot",
            text => SettingText.Set(text, SettingText.Assignment("SELINUX"), "SELINUX=permissive")) with
        {
            Do = fix.Enforces ? "setenforce 0" : "",
            Undo = fix.Enforces ? "setenforce 1" : "",
        };
}
