#!/bin/sh
# Runs as the first process of namespaces of its own (machine.mjs): lays a root of Debian out as a box finds it, and becomes its service manager.
#   start.sh BASE WORK HOSTNAME [own]      own: the root is a file system of its own, which can be made read-only; an overlay cannot
set -eu
base=$1 work=$2 name=$3 kind=${4-}

mount --make-rprivate /
# A disk that is there already is that of a machine whose power went.
mountpoint -q "$work" || mount -t tmpfs -o size=4g,mode=0755 box "$work"
mkdir -p "$work/upper" "$work/work" "$work/root"
if [ "$kind" = own ]; then
    mount -t tmpfs -o size=3g,mode=0755 box "$work/root"
    cp -a "$base/." "$work/root"
    # As prepare-pi has it: a log in the root would keep it open for writing.
    mount -t tmpfs -o mode=0755,nosuid,nodev log "$work/root/var/log"
else
    mount -t overlay -o "lowerdir=$base,upperdir=$work/upper,workdir=$work/work" box "$work/root"
fi
cd "$work/root"
mount -t proc -o nosuid,nodev,noexec proc proc
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755,nosuid dev dev
mount -t tmpfs -o mode=0755,nosuid,nodev run run
for node in null:3 zero:5 full:7 random:8 urandom:9; do
    mknod -m 0666 "dev/${node%:*}" c 1 "${node#*:}"
done
mknod -m 0666 dev/tty c 5 0
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout
ln -s /proc/self/fd/2 dev/stderr

hostname "$name"
echo "$name" >etc/hostname
: >etc/machine-id
ln -sf /usr/lib/systemd/system/multi-user.target etc/systemd/system/default.target
# Nobody sits at a console here, and the clock is the machine's.
for unit in getty.target console-getty.service systemd-timesyncd.service systemd-udev-trigger.service apt-daily.timer apt-daily-upgrade.timer; do
    ln -sf /dev/null "etc/systemd/system/$unit"
done

mkdir -p mnt/former
pivot_root . mnt/former
umount -l /mnt/former
exec /usr/bin/env -i container=lanewarden-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
