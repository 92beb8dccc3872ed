# Sourced by the benchmarks of ark check: SSH machines on this computer, each a process tree in namespaces of its own (network, mounts, processes, host
# name) with its own address, host key, host name and machine id; a client beside them, and one bridge. All of it ends with the script that sourced this,
# whatever ends that.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" -eq 0 ] || { echo "Namespaces need root: sudo bench/run …" >&2; exit 1; }
root=$PWD work=$(mktemp -d /tmp/ark-checks.XXXXXX)
site=$work/site ark=$root/.ark/bin/ark/ark
held=() bridge= client=
declare -A before=()

address() { echo "10.66.$(($1 / 250)).$(($1 % 250 + 1))"; }
hardware() { printf '02:66:00:00:%02x:%02x' $(($1 / 256)) $(($1 % 256)); }

# A process that goes with this script, and keeps the namespaces that its words make.
hold() { setpriv --pdeathsig KILL "$@" </dev/null >>"$work/log" 2>&1 & held+=($!); disown; }
within() { local holder=$1; shift; nsenter --net="/proc/$holder/ns/net" "$@"; }

# Kernel settings that are the whole computer's: raised, and put back at the end.
raise() {
  local file=/proc/sys/${1//.//}
  before[$file]=$(cat "$file")
  [ "${before[$file]}" -ge "$2" ] || echo "$2" >"$file"
}

machines_down() {
  [ ${#held[@]} -eq 0 ] || kill -KILL "${held[@]}" 2>/dev/null || true
  local holder; for holder in "${held[@]}"; do while [ -e "/proc/$holder" ]; do sleep 0.01; done; done
  for file in "${!before[@]}"; do echo "${before[$file]}" >"$file"; done
  rm -rf "$work"
}

# What all machines share: an account with sudo, the client's key, and a server that lets it in.
accounts() {
  mkdir -p /run/sshd "$work"/m "$work"/home/ops "$site"/{bin,var/ssh}
  cp -a /etc "$work/etc"
  rm -f "$work"/etc/sudoers.d/* "$work"/etc/sysctl.d/99-bench*
  chmod 755 "$work"
  unshare --mount sh -euc "mount --bind '$work/etc' /etc; mount --bind '$work/home' /home; useradd --no-log-init -M -s /bin/bash ops; usermod -p '*' ops; chown ops: /home/ops"
  echo 'ops ALL=(ALL) NOPASSWD: ALL' >"$work/etc/sudoers.d/ops"
  ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -C ark -f "$site/var/ssh/id"
  cp "$site/var/ssh/id.pub" "$work/authorized_keys"
  cat >"$work/sshd_config" <<C
Port 22
AuthorizedKeysFile $work/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
UseDNS no
PidFile none
LogLevel ERROR
C
}

# Process 1 of a machine.
cat >"$work/machine" <<'M'
set -eu
n=$1 work=$2
echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
echo "m$n" >/proc/sys/kernel/hostname
mount -t sysfs sysfs /sys
mount --bind "$work/etc" /etc
mount --bind "$work/home" /home
for file in hostname hosts machine-id; do mount --bind "$work/m/$n/$file" "/etc/$file"; done
if [ "$n" = client ]; then exec sleep infinity; fi
exec /usr/sbin/sshd -D -e -f "$work/sshd_config" -h "$work/m/$n/host_key"
M

# Its address. Those of a large site are reached through the bridge's own, as through a router between racks: a thousand ports that all hear every
# question for a hardware address would be the slowest part of the run.
plug() {
  local holder=$1 address=$2 prefix=$3
  {
    echo link set lo up
    echo link set eth0 up
    echo address add "$address$prefix" dev eth0
    if [ "$prefix" = /32 ]; then
      echo neigh add 10.66.255.254 lladdr 02:66:00:00:ff:fe dev eth0 nud permanent
      echo route add 10.66.255.254 dev eth0 scope link
      echo route add default via 10.66.255.254
    fi
  } | within "$holder" ip -batch -
}

# machine_up N ADDRESS HARDWARE PREFIX
machine_up() {
  mkdir "$work/m/$1"
  echo "m$1" >"$work/m/$1/hostname"
  printf '127.0.0.1 localhost\n%s m%s\n' "$2" "$1" >"$work/m/$1/hosts"
  printf '%032x\n' "$((0x66000000 + 0x${3//:/}))" >"$work/m/$1/machine-id"
  [ "$1" = client ] || ssh-keygen -q -t ed25519 -N '' -C "m$1" -f "$work/m/$1/host_key"
  hold unshare --net --mount --uts --pid --fork --kill-child --mount-proc sh "$work/machine" "$1" "$work"
  local pid=$! mine
  mine=$(readlink /proc/self/ns/net)
  until [ "$(readlink "/proc/$pid/ns/net")" != "$mine" ]; do sleep 0.005; done
  echo "$pid $2 $4" >>"$work/plugs"
  echo "link add m$1 type veth peer name eth0 address $3 netns $pid" >>"$work/links"
  echo "link set m$1 master bridge up" >>"$work/links"
  if [ "$4" = /32 ]; then
    echo "neigh add $2 lladdr $3 dev bridge nud permanent" >>"$work/links"
    echo "fdb add $3 dev m$1 master static" >>"$work/forwards"
  fi
  [ "$1" = client ] && client=$pid || echo "$2" >>"$work/hosts"
  [ "$1" = client ] || echo "$2 $(cut -d' ' -f1,2 "$work/m/$1/host_key.pub")" >>"$site/var/ssh/known_hosts"
}

# machines_up COUNT
machines_up() {
  local count=$1 prefix=/16 n
  [ "$count" -le 64 ] || prefix=/32
  echo "$count SSH machines…" >&2
  accounts
  hold unshare --net sleep infinity
  bridge=$!
  until [ "$(readlink "/proc/$bridge/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
  within "$bridge" sh -euc 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; echo 1 >/proc/sys/net/ipv4/ip_forward; echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
    echo 0 >/proc/sys/net/ipv4/conf/default/send_redirects
    ip link add bridge address 02:66:00:00:ff:fe type bridge; ip link set bridge up; ip address add 10.66.255.254/16 dev bridge'
  for n in $(seq "$count"); do machine_up "$n" "$(address "$n")" "$(hardware "$n")" $prefix; done
  machine_up client 10.66.255.1 02:66:00:00:ff:01 $prefix
  within "$bridge" ip -batch "$work/links"
  [ $prefix = /16 ] || within "$bridge" bridge -batch "$work/forwards"
  local holder
  while read -r holder n prefix; do plug "$holder" "$n" "$prefix"; done <"$work/plugs"
  within "$client" bash -c 'while read -r host; do until (: <>"/dev/tcp/$host/22") 2>/dev/null; do sleep 0.1; done; done' <"$work/hosts"
  cat >"$site/bin/ark.properties" <<P
schema=1
mode=vm
machine_ips=$(paste -sd, "$work/hosts")
client_ip=$(head -n 1 "$work/hosts")
machine_user=ops
docker_dir=/data/docker
ntp_server=10.66.255.1
internet=no
registry_dir=/var/images
aliware_version=3.1.0
domain=bench.example
machine_dns=keep
P
}

# on_client OUT WORDS…: runs a program among the machines; seconds, user and system seconds of it and what it waited for, peak KiB, exit code.
on_client() {
  local out=$1; shift
  nsenter --net="/proc/$client/ns/net" env LANG=C.UTF-8 HOME="$work/home" /usr/bin/time -q -o "$work/time" -f '%e %U %S %M %x' "$@" >"$out" 2>"$work/errors" </dev/null || true
  cat "$work/time"
}

# What ark check said: every machine answered, and every check was judged.
ark_answered() {
  jq -e --argjson machines "$1" '.summary.machines == $machines and (.notReached | length) == 0 and ([.results[] | select(.id == "ways-free" and .result != "pass")] | length) == 0' "$2" >/dev/null ||
    { echo "ark check did not reach every machine:" >&2; jq -c '.summary, .notReached[:3], [.results[] | select(.id == "ways-free" and .result != "pass")][:3]' "$2" >&2; head "$work/errors" >&2; return 1; }
}

median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
