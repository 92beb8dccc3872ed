#!/bin/bash
# Keeps one machine of a lab: puts the kernel's settings back, plugs its cables in, boots it, and boots it again when it reboots.
# Called with the machine's folder. Ends when the file `power` in it says off.
set -u
cd "$1"
exec 8> supervisor.lock
flock --nonblock 8 || exit 0
echo $$ > supervisor.pid
. ../lab.env
. ./machine.env
. ../groups.sh
join "$GROUP/supervisors"

# Settings that all machines share would survive a reboot that really loses them. One a line: path and value. What the machines that run, of any
# lab, have set for themselves stays all the while as they know it. (bash: other shells read byte by byte, which /proc/sys does not answer.)
restore_kernel() {
  local -A wanted=()
  local path value now
  while read -r path value; do wanted[$path]=$value; done < <(cat "$KERNEL_SETTINGS"; others)
  cut -d' ' -f1 "$KERNEL_SETTINGS" | while read -r path; do
    value=${wanted[$path]}
    read -r now < "$path" || continue
    case $now in "$value" | *"[$value]"*) ;; *) printf '%s\n' "$value" > "$path" ;; esac
  done 2>/dev/null
}

others() {
  local lab machine name value
  for lab in "$(dirname "$KERNEL_SETTINGS")"/*.lab; do
    for machine in "$(cat "$lab")"/*/; do
      [ "$machine" -ef . ] || [ "$(cat "$machine/power" 2>/dev/null)" != on ] || cat "$machine"/upper/etc/sysctl.d/*.conf 2>/dev/null
    done
  done | sed -nE 's,^((vm|fs|kernel)\.[^ =]+) *= *,\1 ,p' | while read -r name value; do printf '/proc/sys/%s %s\n' "${name//.//}" "$value"; done
}

# A namespace of its own with eth0 and eth1, made anew: addresses, rules and devices do not survive a reboot.
plug_in() {
  for port in lan trunk; do ip -n "$SWITCH" link delete "$MACHINE-$port" 2>/dev/null; done
  ip netns delete "$NAMESPACE" 2>/dev/null
  rm -f "/run/netns/$NAMESPACE"
  ip netns add "$NAMESPACE" && plug lan eth0 "$MAC0" && plug trunk eth1 "$MAC1"
}

plug() {
  ip -n "$SWITCH" link add "$MACHINE-$1" type veth peer name "$2" address "$3" netns "$NAMESPACE" &&
  ip -n "$SWITCH" link set "$MACHINE-$1" master "$1" || return 1
  [ -e cut ] || ip -n "$SWITCH" link set "$MACHINE-$1" up
}

failures=0
while [ "$(cat power)" = on ]; do
  restore_kernel
  plug_in || { echo "The machine's cables could not be plugged in." >&2; exit 1; }
  # A supervisor that is killed takes its machine along.
  setpriv --pdeathsig KILL unshare --mount --propagation slave sh ../boot.sh > console.log 2>&1 < /dev/null 8>&- &
  echo $! > boot.pid
  began=$(date +%s)
  wait $!
  code=$?
  rm -f boot.pid
  case $code in
    0) echo off > power ;;    # poweroff inside
    133) failures=0 ;;        # reboot inside
    *) [ $(($(date +%s) - began)) -le 5 ] || failures=0
       failures=$((failures + 1))
       [ $failures -lt 5 ] || { echo "The machine failed to start five times." >&2; exit 1; }
       sleep 0.2 ;;
  esac
done
