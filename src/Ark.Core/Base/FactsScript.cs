namespace Ark.Core.Base;

/// <summary>The shell script that gathers <see cref="MachineFacts"/>, run as root; it changes nothing.</summary>
public static class FactsScript
{
    public static string For(IEnumerable<string> files, IEnumerable<string> blocks, IEnumerable<string> sysctls, string dockerDir, string registryDir) => $$$"""
        p() { printf '%s\t%s\n' "$1" "$2"; }
        . /etc/os-release
        p os "$ID-${VERSION_ID%%.*}"
        p hostname "$(hostname)"
        if command -v docker >/dev/null; then
          p docker "$(docker info --format '{{.ServerVersion}}|{{.DockerRootDir}}|{{.Swarm.LocalNodeState}}|{{.Swarm.NodeID}}|{{.Swarm.ControlAvailable}}' 2>/dev/null)"
          docker ps -a --filter label={{{BaseNames.ContainerLabel}}} --format '{{.Names}} {{.State}} {{.Label "ark.spec"}}' 2>/dev/null | while read -r name state hash; do
            running=false; [ "$state" = running ] && running=true
            p "container!$name" "$running $hash"
          done
        fi
        dir={{{dockerDir}}}; while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
        p disk "$(df -B1 --output=size "$dir" | tail -1 | tr -d ' ')"
        for f in {{{string.Join(' ', files)}}}; do
          [ -f "$f" ] && p "file!$f" "$(sha256sum < "$f" | cut -c1-64) $(stat -L -c %a "$f")"
        done
        for f in {{{string.Join(' ', blocks)}}}; do
          [ -f "$f" ] && p "block!$f" "$(sed -n '/^{{{BaseNames.BlockBegin}}}$/,/^{{{BaseNames.BlockEnd}}}$/p' "$f" | sed '1d;$d' | base64 -w0)"
        done
        for k in {{{string.Join(' ', sysctls)}}}; do
          p "sysctl!$k" "$(sysctl -n "$k" 2>/dev/null)"
        done
        [ -s {{{BaseNames.RegistryKey}}} ] && [ -f {{{BaseNames.RegistryCertificate}}} ] && p certificate "$(base64 -w0 {{{BaseNames.RegistryCertificate}}})"
        repositories={{{registryDir}}}/docker/registry/v2/repositories
        [ -d "$repositories" ] && find "$repositories" -path '*/_manifests/tags/*/current/link' | while read -r link; do
          tag=${link%/current/link}; name=${tag%/_manifests/tags/*}
          p "image!${name#$repositories/}:${tag##*/}" "$(cat "$link")"
        done
        true
        """;
}
