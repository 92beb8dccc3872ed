#!/bin/sh
# The site's time server, at the gateway's address: chrony from the machines' own root. It serves this computer's clock and never moves it.
# Called with the lab's folder, in a mount namespace of its own.
set -eu
cd "$1"
. ./lab.env
. ./groups.sh
join "$GROUP/supervisors"
mount -t tmpfs tmpfs lower/run
mkdir lower/run/chrony
exec nsenter --net="/run/netns/$SWITCH" chroot lower /usr/sbin/chronyd -d -x -F 0 'local stratum 8' 'allow all' 'cmdport 0' 'bindcmdaddress /'
