#!/bin/sh
# Becomes one run of a machine, from power on to power off, in the machine's folder. Runs in a mount namespace of its own: its mounts end with it.
set -eu
. ../lab.env
. ./machine.env
. ../groups.sh
join "$GROUP/$MACHINE"

mount -t overlay "$MACHINE" -o lowerdir=lower,upperdir=upper,workdir=work root
mkdir -p /run/systemd/nspawn
mount -t tmpfs tmpfs /run/systemd/nspawn

set -- --bind="$PWD/docker:/var/lib/docker" --bind="$PWD/data:/data"
[ ! -e /dev/net/tun ] || set -- "$@" --bind=/dev/net/tun

# nspawn starts inside the network namespace too: /sys shows the network of whoever mounts it.
exec env -i PATH="$PATH" SYSTEMD_NSPAWN_API_VFS_WRITABLE=yes SYSTEMD_NSPAWN_UNIFIED_HIERARCHY="$UNIFIED" \
  nsenter --net="/run/netns/$NAMESPACE" systemd-nspawn --quiet --directory=root --boot --machine="$MACHINE" --hostname="$MACHINE" \
  --network-namespace-path="/run/netns/$NAMESPACE" --register=no --keep-unit --settings=no --link-journal=no --resolv-conf=off --timezone=off \
  --capability=all --system-call-filter="@keyring bpf add_key keyctl" --console=pipe "$@"
