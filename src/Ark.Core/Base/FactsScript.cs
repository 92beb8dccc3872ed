namespace Ark.Core.Base;

/// <summary>
/// The shell script that gathers <see cref="MachineFacts"/>, run as root; it changes nothing. It runs on busy machines before every plan, so it
/// starts as few programs as it can: what the shell reads by itself costs nothing.
/// </summary>
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
        dir={{{dockerDir}}}; while [ ! -d "$dir" ]; do dir=${dir%/*}; dir=${dir:-/}; done
        df -B1 --output=size "$dir" | { read -r _; read -r size; p disk "$size"; }
        set --; for f in {{{string.Join(' ', files)}}}; do [ -f "$f" ] && set -- "$@" "$f"; done
        if [ $# -gt 0 ]; then
          sha256sum "$@" | while read -r hash f; do p "file!$f" "$hash"; done
          stat -L --printf 'mode!%n\t%a\n' "$@"
        fi
        for f in {{{string.Join(' ', blocks)}}}; do
          [ -f "$f" ] && p "block!$f" "$(sed -n '/^{{{BaseNames.BlockBegin}}}$/,/^{{{BaseNames.BlockEnd}}}$/{//!p}' "$f" | base64 -w0)"
        done
        sysctl -e {{{string.Join(' ', sysctls)}}} 2>/dev/null | while read -r k _ v; do p "sysctl!$k" "$v"; done
        [ -s {{{BaseNames.RegistryKey}}} ] && [ -f {{{BaseNames.RegistryCertificate}}} ] && p certificate "$(base64 -w0 {{{BaseNames.RegistryCertificate}}})"
        repositories={{{registryDir}}}/docker/registry/v2/repositories
        [ -d "$repositories" ] && find "$repositories" -path '*/_manifests/tags/*/current/link' | while read -r link; do
          tag=${link%/current/link}; name=${tag%/_manifests/tags/*}
          digest=; read -r digest < "$link"; p "image!${name#$repositories/}:${tag##*/}" "$digest"
        done
        true
        """;
}
