#!/bin/sh
# Makes a Debian root a server as a data centre would hand it over. mmdebstrap runs it with the root's path; ACCOUNT and PASSWORD come in the environment.
set -eu
root=$1

# The account: not root, sudo with a password. Root has no password and does not log in through SSH.
chroot "$root" useradd --create-home --shell /bin/bash --groups sudo "$ACCOUNT"
printf '%s:%s\n' "$ACCOUNT" "$PASSWORD" | chroot "$root" chpasswd
chroot "$root" passwd --quiet --lock root
cat > "$root/etc/ssh/sshd_config.d/server.conf" <<'TXT'
PermitRootLogin no
PasswordAuthentication yes
TXT

# Host keys and the machine's id belong to one machine: they are made at its first boot.
rm -f "$root"/etc/ssh/ssh_host_*
mkdir -p "$root/etc/systemd/system/ssh.service.d"
cat > "$root/etc/systemd/system/ssh.service.d/host-keys.conf" <<'TXT'
[Service]
ExecStartPre=
ExecStartPre=/bin/sh -c 'for t in ed25519 ecdsa; do f=/etc/ssh/ssh_host_$${t}_key; [ -s $$f ] || ssh-keygen -q -t $$t -N "" -f $$f; done'
ExecStartPre=/usr/sbin/sshd -t
TXT
rm -f "$root/var/lib/dbus/machine-id"
: > "$root/etc/machine-id"

# All machines have the clock of the one kernel: chrony follows its source and never moves the clock.
sed -i 's/^DAEMON_OPTS=.*/DAEMON_OPTS="-F 1 -x"/' "$root/etc/default/chrony"
sed -i '/^pool /d; /^rtcsync/d; /^makestep/d' "$root/etc/chrony/chrony.conf"

# Under cgroup v1 a container finds its controllers mounted read-only; a machine's are writable, and Docker's limits need them.
cat > "$root/etc/systemd/system/writable-cgroups.service" <<'TXT'
[Unit]
Description=Make the cgroup controllers writable
DefaultDependencies=no
Before=basic.target
ConditionPathExists=/sys/fs/cgroup/memory

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh -c 'while read -r _ at type options _; do case "$type $options" in "cgroup ro,"*|"tmpfs ro,"*) \
  case "$at" in /sys/fs/cgroup*) mount -o remount,bind,rw "$at" ;; esac ;; esac; done < /proc/self/mounts'

[Install]
WantedBy=basic.target
TXT
chroot "$root" systemctl --quiet enable writable-cgroups.service

# What a machine without a screen, without disks of its own and without a way to a mirror cannot use.
chroot "$root" systemctl --quiet mask getty@.service console-getty.service systemd-pstore.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer
chroot "$root" systemctl --quiet set-default multi-user.target

printf 'LANG=C.UTF-8\n' > "$root/etc/default/locale"
printf 'source /etc/network/interfaces.d/*\n' > "$root/etc/network/interfaces"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf"
rm -f "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
mkdir -p "$root/data" "$root/var/lib/docker"
