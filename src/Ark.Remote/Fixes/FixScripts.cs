using System.Text;
using Ark.Core.Planning;

namespace Ark.Remote.Fixes;

/// <summary>
/// The scripts by which a machine is changed and put back, for any POSIX sh. What was there lies under a folder of the machine, a folder a run and in it one a
/// change: <c>what</c> (its words), <c>undo</c> (a script), <c>files/N</c> and <c>paths</c> (N, the state before, the state after, the path; by tabs).
/// </summary>
/// <param name="folder">Where the machine keeps what was there; absolute.</param>
internal sealed class FixScripts(string folder)
{
    /// <summary>A change that ended otherwise than by its own fault: somebody changed a file meanwhile.</summary>
    public const int Moved = 9;

    /// <summary>What a path is: its kind, permissions, owner, and what it holds.</summary>
    private const string State = """
        state() {
          if [ -L "$1" ]; then printf 'link %s' "$(readlink "$1")"
          elif [ -d "$1" ]; then stat -c 'dir %a %u:%g' "$1"
          elif [ -e "$1" ]; then printf '%s %s' "$(stat -c 'file %a %u:%g' "$1")" "$(sha256sum < "$1" | cut -c 1-64)"
          else printf none; fi
        }
        tab=$(printf '\t')
        """;

    /// <summary>One script at a time works on a machine: that of a console that is gone ends before the next begins. Held by a folder that is always there.</summary>
    private const string Turn = "! command -v flock >/dev/null || { exec 9< /var/lib; flock 9; }";

    /// <summary>Puts back one path; a file that is mounted in its place is written over, not replaced. And takes away the folders that were made for a file.</summary>
    private const string Restore = """
        restore() {
          case $2 in
            none) if [ -d "$3" ] && [ ! -L "$3" ]; then rmdir "$3"; else rm -f "$3"; fi ;;
            dir*) set -- "$1" "${2#dir }" "$3"; mkdir -p "$3"; chown "${2#* }" "$3"; chmod "${2% *}" "$3" ;;
            *) mkdir -p "${3%/*}"; rm -f "$3.ark-new"; cp -a "$step/files/$1" "$3.ark-new"; mv -fT "$3.ark-new" "$3" 2>/dev/null || { cat "$3.ark-new" > "$3"; rm -f "$3.ark-new"; } ;;
          esac
        }
        put_back() {
          while IFS="$tab" read -r number before _ one; do
            [ "$(state "$one")" = "$before" ] || restore "$number" "$before" "$one"
          done < "$step/paths"
        }
        unmake() { [ ! -e "$step/made" ] || while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || true; done < "$step/made"; }
        """;

    /// <summary>Says of each path, a line each on the input, its state, and in base64 what it holds.</summary>
    public static readonly string Read = $$"""
        set -eu
        {{State}}
        while IFS= read -r path; do
          printf 'file\t%s\t%s\t' "$path" "$(state "$path")"
          if [ -f "$path" ]; then base64 -w 0 < "$path"; fi
          echo
        done
        """;

    /// <summary>
    /// Makes one change. On the input, by lines: what, undo, do, tracked patterns (each in base64), the file (path, state wanted, mode, text; the first
    /// two and the last in base64), and end, without which nothing is changed. A change that fails is taken back at once.
    /// </summary>
    public string Apply(string run, int number) => $$"""
        set -eu
        umask 077
        {{State}}
        {{Restore}}
        {{Turn}}
        step={{folder}}/{{run}}/{{Name(number)}}
        [ ! -e "$step" ] || { echo "$step is there already" >&2; exit 1; }
        new=$step.new
        rm -rf "$new"; mkdir -p "$new/files"
        : > "$new/track"; path= ended=
        while read -r kind a b c d; do
          case $kind in
            what|undo|do) printf '%s' "$a" | base64 -d > "$new/$kind" ;;
            track) printf '%s' "$a" | base64 -d >> "$new/track"; echo >> "$new/track" ;;
            file) path=$(printf '%s' "$a" | base64 -d); was=$(printf '%s' "$b" | base64 -d); mode=$c; printf '%s' "$d" | base64 -d > "$new/text" ;;
            end) ended=yes ;;
          esac
        done
        if [ -z "$ended" ]; then rm -rf "$new"; {{Tidy(run)}}; echo 'the connection ended before all was said' >&2; exit 1; fi
        paths() {
          {
            [ -z "$path" ] || printf '%s\n' "$path"
            while IFS= read -r pattern; do
              case $pattern in
                */) [ ! -d "$pattern" ] || find "${pattern%/}" -mindepth 1 \( -type f -o -type l \) ;;
                *) for one in $pattern; do if [ -e "$one" ] || [ -L "$one" ]; then printf '%s\n' "$one"; fi; done ;;
              esac
            done < "$1/track"
          } | LC_ALL=C sort -u
        }
        if [ -n "$path" ] && [ "$(state "$path")" != "$was" ]; then echo "$path was changed while the fix was planned" >&2; rm -rf "$new"; {{Tidy(run)}}; exit {{Moved}}; fi
        number=0
        paths "$new" | while IFS= read -r one; do
          number=$((number + 1)); is=$(state "$one")
          case $is in file*|link*) cp -a "$one" "$new/files/$number" ;; esac
          printf '%s\t%s\t?\t%s\n' $number "$is" "$one"
        done > "$new/paths"
        mv "$new" "$step"
        forget() {
          paths "$step" | while IFS= read -r one; do
            cut -f 4 "$step/paths" | grep -qxF -e "$one" || rm -f "$one"
          done
        }
        take_back() {
          put_back
          forget
          unmake
          (umask 022; step=$step sh -u "$step/undo") </dev/null >/dev/null 2>&1 9<&- || true
          put_back
          forget
          rm -rf "$step"
          {{Tidy(run)}}
        }
        if [ -n "$path" ]; then
          folder=${path%/*}; while [ ! -d "$folder" ]; do printf '%s\n' "$folder" >> "$step/made"; folder=${folder%/*}; done
          (umask 022; mkdir -p "${path%/*}")
          rm -f "$path.ark-new"
          if [ -e "$path" ]; then cp -a "$path" "$path.ark-new"; else (umask 077; : > "$path.ark-new"); chmod "$mode" "$path.ark-new"; fi
          cat "$step/text" > "$path.ark-new"
          # What the change makes of the file is on record before it is there: an interrupted change can be told from somebody else's.
          awk -F "$tab" -v OFS="$tab" -v one="$path" -v after="$(state "$path.ark-new")" '$4 == one { $3 = after } { print }' "$step/paths" > "$step/paths.new"
          mv "$step/paths.new" "$step/paths"; sync -d "$path.ark-new" 2>/dev/null || sync
          mv -fT "$path.ark-new" "$path" 2>/dev/null || { cat "$path.ark-new" > "$path"; rm -f "$path.ark-new"; }
        fi
        if ! (umask 022; step=$step sh -eu "$step/do") </dev/null > "$step/said" 2>&1 9<&-; then
          # Whoever would hear it may be gone: it is said last.
          said=$(tail -n 5 "$step/said"); take_back; printf '%s\n' "$said" >&2; exit 1
        fi
        paths "$step" | while IFS= read -r one; do
          after=$(state "$one")
          line=$(awk -F "$tab" -v one="$one" '$4 == one { print $1 FS $2 }' "$step/paths")
          if [ -z "$line" ]; then printf '0\tnone\t%s\t%s\n' "$after" "$one"
          elif [ "${line#*"$tab"}" != "$after" ]; then printf '%s\t%s\t%s\n' "$line" "$after" "$one"; fi
        done > "$step/paths.new"
        while IFS="$tab" read -r number before _ one; do
          if [ "$before" != none ] && [ ! -e "$one" ] && [ ! -L "$one" ]; then printf '%s\t%s\tnone\t%s\n' "$number" "$before" "$one"; fi
        done < "$step/paths" >> "$step/paths.new"
        for kept in "$step"/files/*; do
          number=${kept##*/}; cut -f 1 "$step/paths.new" | grep -qx "$number" || rm -f "$kept"
        done
        mv "$step/paths.new" "$step/paths"; rm -f "$step/text" "$step/track" "$step/do" "$step/said"
        : > "$step/whole"; sync
        """;

    public string Undo(string run, int number) => $$"""
        set -eu
        umask 077
        {{State}}
        {{Restore}}
        {{Turn}}
        step={{folder}}/{{run}}/{{Name(number)}}
        [ -d "$step" ] || { echo "$step is gone: it was undone already" >&2; exit 1; }
        {{Compare}}
        moved=$(moved "$step")
        [ -z "$moved" ] || { printf '%s\n' "$moved" | while IFS="$tab" read -r _ path _; do echo "$path was changed since the fix: it is left as it is" >&2; done; exit {{Moved}}; }
        put_back
        unmake
        if ! (umask 022; step=$step sh -eu "$step/undo") </dev/null > "$step/said" 2>&1 9<&-; then tail -n 5 "$step/said" >&2; exit 1; fi
        # Tools that were told may have written what they made of it.
        put_back
        rm -rf "$step"
        {{Tidy(run)}}
        """;

    /// <summary>What the machine has on record, all runs: a line a change, and one a path that somebody changed since.</summary>
    public string List => $$"""
        set -eu
        {{State}}
        {{Compare}}
        {{Turn}}
        cd {{folder}} 2>/dev/null || exit 0
        # What was interrupted before anything was changed.
        rm -rf */[0-9][0-9][0-9].new
        for step in */[0-9][0-9][0-9]; do
          [ -d "$step" ] || continue
          [ -e "$step/whole" ] && whole=yes || whole=no
          printf 'change\t%s\t%s\t%s\n' "$step" $whole "$(base64 -w 0 < "$step/what")"
          moved "{{folder}}/$step"
        done
        """;

    /// <summary>Paths that are neither what they were before nor what the change made of them. An interrupted change does not know what it made.</summary>
    private const string Compare = """
        moved() {
          while IFS="$tab" read -r number before after path; do
            is=$(state "$path")
            if [ "$is" != "$after" ] && [ "$is" != "$before" ]; then
              if [ -e "$1/files/$number" ] || [ -L "$1/files/$number" ]; then printf 'moved\t%s\t%s\n' "$path" "$1/files/$number"; else printf 'moved\t%s\t\n' "$path"; fi
            fi
          done < "$1/paths"
        }
        """;

    public static string Input(ApplyFix fix, string what)
    {
        var input = new StringBuilder();
        input.Append($"what {Base64(what)}\nundo {Base64(fix.Undo)}\ndo {Base64(fix.Do)}\n");
        foreach (var pattern in fix.Tracked) input.Append($"track {Base64(pattern)}\n");
        if (fix.File is { } file) input.Append($"file {Base64(file.Path)} {Base64(file.Was)} {Convert.ToString(file.Mode, 8)} {Convert.ToBase64String(Encoding.Latin1.GetBytes(file.Text))}\n");
        return input.Append("end\n").ToString();
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>Takes away the folders of records that hold nothing any more.</summary>
    private string Tidy(string run) => $"rmdir -p {folder}/{run} 2>/dev/null || true";

    private static string Name(int number) => number.ToString("000", System.Globalization.CultureInfo.InvariantCulture);
}
