using System.Text;
using Ark.Core;
using Ark.Core.Base;
using Ark.Core.Planning;
using Ark.Remote.Ssh;

namespace Ark.Remote.Base;

/// <summary>
/// Files of a machine that Ark owns, whole or in a block. A file appears under its name only when whole; what stood there before Ark
/// is kept once, under <see cref="BaseNames.BeforeDir"/>, so that it can be put back.
/// </summary>
internal static class ManagedFiles
{
    /// <summary>A file that stands elsewhere by a link (resolv.conf) is replaced by a plain one; the link is what is kept.</summary>
    public static Task WriteAsync(IRemoteShell shell, string path, string mode, string text, CancellationToken cancellation) =>
        RunAsync(shell, $$"""
            set -eu
            path={{ShellText.Quote(path)}}; before={{ShellText.Quote(BaseNames.BeforeDir)}}$path
            mkdir -p "$(dirname "$path")" "$(dirname "$before")"
            if { [ -e "$path" ] || [ -L "$path" ]; } && [ ! -e "$before" ] && [ ! -L "$before" ] && [ ! -e "$before.none" ]; then cp -a "$path" "$before"; fi
            [ -e "$path" ] || [ -L "$before" ] || [ -e "$before" ] || : > "$before.none"
            umask 077; cat > "$path.ark-new"; chmod {{mode}} "$path.ark-new"; sync -d "$path.ark-new"; mv -f "$path.ark-new" "$path"
            """, text, cancellation);

    public static Task RestoreAsync(IRemoteShell shell, string path, CancellationToken cancellation) =>
        RunAsync(shell, $$"""
            set -eu
            path={{ShellText.Quote(path)}}; before={{ShellText.Quote(BaseNames.BeforeDir)}}$path
            if [ -e "$before" ] || [ -L "$before" ]; then cp -a "$before" "$path.ark-new"; mv -fT "$path.ark-new" "$path"; rm -f "$before"
            elif [ -e "$before.none" ]; then rm -f "$path" "$before.none"; fi
            """, "", cancellation);

    /// <summary>Replaces the lines between Ark's marks; everything else in the file stays byte for byte.</summary>
    public static Task WriteBlockAsync(IRemoteShell shell, string path, string text, CancellationToken cancellation) =>
        RunAsync(shell, $$"""
            set -eu
            path={{ShellText.Quote(path)}}
            touch "$path"
            cp -a "$path" "$path.ark-new"
            sed '/^{{BaseNames.BlockBegin}}$/,/^{{BaseNames.BlockEnd}}$/d' "$path" > "$path.ark-new"
            block=$(cat)
            if [ -n "$block" ]; then printf '%s\n%s\n%s\n' '{{BaseNames.BlockBegin}}' "$block" '{{BaseNames.BlockEnd}}' >> "$path.ark-new"; fi
            mv -f "$path.ark-new" "$path" 2>/dev/null || { cat "$path.ark-new" > "$path"; rm -f "$path.ark-new"; }
            """, text, cancellation);

    /// <summary>Makes a changed file take effect.</summary>
    public static Task ApplyAsync(IRemoteShell shell, FileEffect effect, string path, CancellationToken cancellation) => effect switch
    {
        // A setting that this kernel does not have is reported by `ark check`; it must not keep the base from being installed.
        FileEffect.LoadSysctls => RunAsync(shell, $"sysctl -e -q -p {ShellText.Quote(path)} || true", "", cancellation),
        FileEffect.RestartDocker => RunAsync(shell, "systemctl restart docker && timeout 60 sh -c 'until docker info >/dev/null 2>&1; do sleep 0.3; done'", "", cancellation),
        _ => Task.CompletedTask,
    };

    /// <exception cref="Execution.StepException">The script failed; its last words are the reason.</exception>
    public static async Task<string> RunAsync(IRemoteShell shell, string script, string input, CancellationToken cancellation, TimeSpan? deadline = null)
    {
        var command = new RemoteCommand(script) { Sudo = true, Input = Encoding.UTF8.GetBytes(input), Deadline = deadline ?? TimeSpan.FromMinutes(2) };
        var result = await shell.RunAsync(command, cancellation);
        if (result.Ok) return result.Output;
        var words = (result.Error.Trim().Length > 0 ? result.Error : result.Output).Trim();
        throw new Execution.StepException($"{shell.Machine}: {(words.Length == 0 ? $"exit code {result.ExitCode}" : words[Math.Max(0, words.Length - 600)..])}");
    }
}
