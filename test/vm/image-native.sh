#!/bin/bash
# The first process of namespaces of its own (test/box/machine.mjs): mounts one root of the card as the kernel of the image would, and becomes its systemd.
#   image-native.sh CARD WORK HOSTNAME a|b    CARD: efi/, root-a.img, root-b.img, data.img, updates/
# The root is below a layer in memory, and FAT is a folder: this kernel may know neither FAT nor the label of a partition.
set -eu
card=$1 work=$2 name=$3 slot=$4

mount --make-rprivate /
mount -t tmpfs -o size=500m,mode=0755 box "$work"
mkdir "$work/lower" "$work/upper" "$work/work" "$work/root"
mount -o loop,ro "$card/root-$slot.img" "$work/lower"
mount -t overlay -o "lowerdir=$work/lower,upperdir=$work/upper,workdir=$work/work" box "$work/root"
cd "$work/root"
mkdir card
mount --bind "$card" card
mount -o loop card/data.img data
cat >usr/sbin/mount <<'TEXT'
#!/bin/sh
case $* in *vfat*) for last; do :; done && exec /usr/bin/mount --bind /card/efi "$last" ;; esac
exec /usr/bin/mount "$@"
TEXT
chmod +x usr/sbin/mount
sed -i '/^LABEL=lanewarden-data/d' etc/fstab
# The times of a real box: nothing is emulated here.
rm -rf etc/systemd/system/lanewarden*.service.d/emulated.conf etc/systemd/system/lanewarden.service.d/feeds.conf etc/systemd/system.conf.d/emulated.conf
mount -t proc -o nosuid,nodev,noexec proc proc
echo "root=PARTLABEL=root-$slot ro quiet" >etc/cmdline
mount --bind etc/cmdline proc/cmdline
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs sys
mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755,nosuid dev dev
mount -t tmpfs -o mode=0755,nosuid,nodev run run
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 0666 "dev/${node%:*}" c 1 "${node#*:}"; done
mknod -m 0666 dev/tty c 5 0
mkdir -p dev/pts dev/shm dev/disk/by-partlabel
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for each in a b; do ln -s "/card/root-$each.img" "dev/disk/by-partlabel/root-$each"; done
hostname "$name"
for unit in getty.target console-getty.service systemd-timesyncd.service systemd-udev-trigger.service systemd-repart.service agent.service; do
    ln -sf /dev/null "etc/systemd/system/$unit"
done
mkdir -p mnt/former
pivot_root . mnt/former
umount -l /mnt/former
exec /usr/bin/env -i container=lanewarden-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /sbin/init
