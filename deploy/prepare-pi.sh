#!/usr/bin/env bash
# Makes a Raspberry Pi (or another Debian box) fit for ten years of power cuts in a cabinet. It says what it changes before it changes it, can be run
# again (what is done is left alone), and can undo everything: the originals are kept in /etc/lanewarden-prepare.
# 让树莓派能在机柜里扛住多年断电：先说要改什么再改，可重复运行，可全部撤销（原文件保存在 /etc/lanewarden-prepare）。
set -euo pipefail

usage() {
    cat <<'TEXT'
prepare-pi [选项 options]
  --dry-run              只说要改什么，不改 · say what would change, change nothing
  --undo                 全部还原 · put everything back
  --root DIR             改的是这个目录下的系统（默认 /）· the system below this folder instead of /
  --data DEVICE          数据分区（ext4），有它才把根分区改为只读，如 LABEL=lanewarden-data
                         the data partition (ext4); only with it the root file system becomes read-only
  --overlay TEXT         RS-485 扩展板的 dtoverlay，可多次，如 sc16is752-spi1,int_pin=24 · a dtoverlay of an RS-485 board; may be repeated
  --uart                 用板载串口接 RS-485（关蓝牙，串口不再作控制台）· the Pi's own UART for RS-485 (no Bluetooth, no console on it)
  --apn NAME             4G 卡的接入点，如 cmnet · access point of the 4G card
  --ntp "A B C"          校时服务器 · time servers
TEXT
}

root=/
dry=no
undo=no
data=
uart=no
apn=
ntp='ntp.aliyun.com ntp.tencent.com cn.pool.ntp.org'
overlays=()
while [ $# -gt 0 ]; do
    case $1 in
    --dry-run) dry=yes ;;
    --undo) undo=yes ;;
    --uart) uart=yes ;;
    --root | --data | --overlay | --apn | --ntp)
        [ $# -ge 2 ] || {
            usage >&2
            exit 2
        }
        case $1 in
        --root) root=${2%/}/ ;;
        --data) data=$2 ;;
        --overlay) overlays+=("$2") ;;
        --apn) apn=$2 ;;
        --ntp) ntp=$2 ;;
        esac
        shift
        ;;
    -h | --help)
        usage
        exit 0
        ;;
    *)
        usage >&2
        exit 2
        ;;
    esac
    shift
done

[ -d "${root}etc" ] || {
    echo "prepare-pi: $root 不是一个系统（没有 etc）· $root is no system (it has no etc)" >&2
    exit 1
}
if [ "$root" = / ] && [ "$(id -u)" != 0 ]; then
    echo 'prepare-pi: 请用 sudo 运行 · run it with sudo' >&2
    exit 77
fi
# What goes into files of others must not bring lines of its own.
for word in "$data" "$apn" "$ntp" "${overlays[@]}"; do
    case $word in
    *[!A-Za-z0-9._,=/:\ -]*)
        echo "prepare-pi: 不能用的字符 · a character that cannot be used: $word" >&2
        exit 2
        ;;
    esac
done

# A box that was prepared before has a read-only root: it is opened for as long as this runs.
close_again() { for place in "${opened[@]}"; do mount -o remount,ro "$place" || true; done; }
opened=()
if [ "$root" = / ] && [ "$dry" = no ]; then
    trap close_again EXIT
    for place in / /boot/firmware; do
        if [ -d "$place" ] && [ ! -w "$place" ]; then
            mount -o remount,rw "$place"
            opened+=("$place")
        fi
    done
fi

kept=${root}etc/lanewarden-prepare
changed=0

# One record for each file: its path, and the sum of what we wrote. The original lies beside it, unless there was none.
record_of() { echo "$kept/$(echo "$1" | tr '/ ' '%_')"; }
sum_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# change PATH WHY: the new content comes on standard input.
change() {
    local path=$1 why=$2 file=${root}$1 record content
    content=$(mktemp)
    cat >"$content"
    record=$(record_of "$path")
    if [ -f "$file" ] && cmp -s "$content" "$file"; then
        echo "  已就绪 as it should be   /$path"
        rm -f "$content"
        return
    fi
    echo "  修改 changes             /$path: $why"
    changed=$((changed + 1))
    if [ "$dry" = no ]; then
        mkdir -p "$kept" "$(dirname "$file")"
        if [ ! -f "$record.sum" ]; then
            if [ -f "$file" ]; then cp -p "$file" "$record.original"; fi
            echo "$path" >"$record.path"
        fi
        sum_of "$content" >"$record.sum"
        # In place of the old one at once: a power cut leaves the one or the other. Owner and mode stay.
        cp "$content" "$file.new"
        if [ -f "$file" ]; then
            chmod --reference="$file" "$file.new"
            chown --reference="$file" "$file.new"
        else chmod "${3:-644}" "$file.new"; fi
        sync "$file.new"
        mv "$file.new" "$file"
    fi
    rm -f "$content"
}

# mask UNIT: a link to nowhere, as systemctl mask makes it.
mask() {
    local path=etc/systemd/system/$1 link=${root}etc/systemd/system/$1 record
    record=$(record_of "$path")
    if [ "$(readlink "$link" 2>/dev/null)" = /dev/null ]; then
        echo "  已就绪 as it should be   /$path"
        return
    fi
    if [ -e "$link" ]; then
        echo "  不动 left alone          /$path: 已有自己的设置 · it has settings of its own"
        return
    fi
    echo "  停用 switches off        $1"
    changed=$((changed + 1))
    [ "$dry" = yes ] && return
    mkdir -p "$kept" "$(dirname "$link")"
    echo "$path" >"$record.path"
    echo link >"$record.sum"
    ln -s /dev/null "$link"
}

undo_all() {
    local record path file
    for record in "$kept"/*.path; do
        [ -f "$record" ] || break
        path=$(cat "$record")
        file=${root}$path
        record=${record%.path}
        if [ "$(cat "$record.sum")" != link ] && [ -f "$file" ] && [ "$(sum_of "$file")" != "$(cat "$record.sum")" ]; then
            echo "  不动 left alone          /$path: 之后又有人改过，原文件在 ${record#"${root%/}"}.original · somebody changed it since"
            continue
        fi
        echo "  还原 puts back           /$path"
        changed=$((changed + 1))
        [ "$dry" = yes ] && continue
        if [ -f "$record.original" ]; then
            cp -p "$record.original" "$file.new"
            mv "$file.new" "$file"
        else rm -f "$file"; fi
        rm -f "$record.original" "$record.sum" "$record.path"
    done
    [ "$dry" = yes ] || rmdir "$kept" 2>/dev/null || true
    if [ "$root" = / ] && mountpoint -q /data; then
        echo '  注意 note                配置和数据仍在数据分区 /data，重启前请自己复制回来 · configuration and data stay on /data: copy them back before the reboot'
    fi
}

# The block of ours in a file of others; lines outside of it stay.
begin='# >>> lanewarden'
end='# <<< lanewarden'
without_block() { if [ -f "$1" ]; then sed "/^$begin\$/,/^$end\$/d" "$1"; fi; }

firmware() { # config.txt and cmdline.txt: Raspberry Pi OS 13 has them in /boot/firmware
    local place
    for place in boot/firmware boot; do
        if [ -f "${root}$place/$1" ]; then
            echo "$place/$1"
            return
        fi
    done
}

step() { printf '%s\n' "$1"; }

hardware_watchdog() {
    step '硬件看门狗：系统卡死 14 秒后重启（树莓派最长 15 秒）· hardware watchdog: a hung system is reset after 14 s'
    change etc/systemd/system.conf.d/50-lanewarden.conf 'RuntimeWatchdogSec=14' <<'TEXT'
# lanewarden: bcm2835_wdt allows 15 s at most.
[Manager]
RuntimeWatchdogSec=14
RebootWatchdogSec=2min
TEXT
    change etc/sysctl.d/50-lanewarden.conf 'kernel.panic=10' <<'TEXT'
# lanewarden: nobody is there to press a button after a panic.
kernel.panic = 10
kernel.panic_on_oops = 1
TEXT
}

# Emergency mode waits for somebody to press Enter. Nobody is there: what failed may be well at the next boot.
no_waiting_for_enter() {
    step '启动失败不等人按键：一分钟后重启 · a failed boot waits for nobody: it is tried again after a minute'
    change etc/systemd/system/emergency.service.d/50-lanewarden.conf 'emergency → reboot' <<'TEXT'
# lanewarden: Enter within a minute gives the shell.
[Service]
ExecStart=
ExecStart=-/bin/bash -c 'read -r -t 60 -p "lanewarden: Enter = shell, reboot in 60 s " && exec /usr/lib/systemd/systemd-sulogin-shell emergency; exec systemctl --force reboot'
TEXT
}

log_in_memory() {
    step '系统日志放内存，不磨损存储卡 · the journal in memory: no wear of the card'
    change etc/systemd/journald.conf.d/50-lanewarden.conf 'Storage=volatile' <<'TEXT'
[Journal]
Storage=volatile
RuntimeMaxUse=32M
RateLimitIntervalSec=30s
RateLimitBurst=2000
TEXT
}

time_sync() {
    step '校时 · time'
    change etc/systemd/timesyncd.conf.d/50-lanewarden.conf "NTP=$ntp" <<TEXT
# lanewarden: a box without a clock battery starts in the past; its records wait for the first answer.
[Time]
NTP=$ntp
FallbackNTP=ntp.ntsc.ac.cn pool.ntp.org
PollIntervalMinSec=32s
PollIntervalMaxSec=256s
SaveIntervalSec=60s
TEXT
}

rs485() {
    local config cmdline overlay
    config=$(firmware config.txt)
    [ "$uart" = yes ] || [ ${#overlays[@]} -gt 0 ] || return 0
    step 'RS-485'
    if [ -z "$config" ]; then
        echo '  跳过 skipped             没有 config.txt，这不是树莓派 · no config.txt: this is no Raspberry Pi'
        return
    fi
    {
        without_block "${root}$config"
        echo "$begin"
        echo '[all]'
        if [ "$uart" = yes ]; then
            echo 'enable_uart=1'
            # The good UART (PL011) to the header; Bluetooth has no work in a cabinet.
            echo 'dtoverlay=disable-bt'
        fi
        for overlay in "${overlays[@]}"; do echo "dtoverlay=$overlay"; done
        echo "$end"
    } | change "$config" 'dtoverlay'
    cmdline=$(firmware cmdline.txt)
    if [ "$uart" = yes ] && [ -n "$cmdline" ]; then
        sed -E 's/console=(serial0|ttyAMA0|ttyS0),[0-9]+ ?//g' "${root}$cmdline" |
            change "$cmdline" '串口不再作控制台：启动信息不能发到 485 总线上 · no console on the bus'
        mask serial-getty@ttyAMA0.service
        mask serial-getty@ttyS0.service
    fi
}

read_only_root() {
    local line
    [ -n "$data" ] || {
        step '根分区保持可写：没有给 --data · the root file system stays writable: no --data'
        return 0
    }
    step "根分区只读，数据在 $data · root read-only, data on $data"
    # shellcheck disable=SC2002 # the file may be missing
    {
        cat "${root}etc/fstab" 2>/dev/null | sed "/^$begin\$/,/^$end\$/d" | while IFS= read -r line; do
            read_only "$line"
        done
        echo "$begin"
        cat <<TEXT
# Everything that must be kept is on the data partition; what must be written and not kept is in memory.
# What counts is flushed by the program itself; what is left, a sign of life each second above all, is written every five minutes (50-lanewarden-data.conf).
$data /data ext4 noatime,lazytime,commit=300,errors=remount-ro,nofail,x-systemd.device-timeout=90s 0 2
/data/lanewarden /var/lib/lanewarden none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
/data/lanewarden-etc /etc/lanewarden none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
/data/timesync /var/lib/systemd/timesync none bind,nofail,x-systemd.requires-mounts-for=/data 0 0
TEXT
        in_memory | while read -r folder mode size; do
            echo "tmpfs /$folder tmpfs mode=$mode,nosuid,nodev,nofail,size=$size 0 0"
        done
        echo "$end"
    } | change etc/fstab '/ 只读 read-only, /data'
    change etc/sysctl.d/50-lanewarden-data.conf 'vm.dirty_expire_centisecs=30000' <<'TEXT'
# lanewarden: as long as commit= of /data.
vm.dirty_expire_centisecs = 30000
TEXT
    make_mount_points
    for line in apt-daily.timer apt-daily-upgrade.timer man-db.timer dphys-swapfile.service systemd-random-seed.service; do mask "$line"; done
    move_data
}

# What must be written and not kept: folder, mode, size. Some of them only where what uses them is installed.
in_memory() {
    printf '%s\n' 'tmp 1777 128M' 'var/tmp 1777 64M' 'var/log 0755 32M' 'var/spool 0755 16M'
    local folder
    for folder in var/lib/NetworkManager var/lib/systemd/network var/lib/dhcp var/lib/dhcpcd; do
        if [ -d "${root}$folder" ]; then echo "$folder 0755 4M"; fi
    done
}

# Where the root is read-only nothing can make a folder to mount on, and a mount that fails takes what needs it along.
make_mount_points() {
    [ "$dry" = no ] || return 0
    local folder
    for folder in data var/lib/systemd/timesync var/lib/systemd/linger $(in_memory | cut -d ' ' -f 1); do mkdir -p "${root}$folder"; done
    # Those of the service have their owner from the package, where it is installed.
    for folder in var/lib/lanewarden etc/lanewarden; do [ -d "${root}$folder" ] || install -d -m 0700 "${root}$folder"; done
}

# A line of fstab with `ro` added to the options of / and of the firmware's partition; and `nofail`, so that nothing but / can keep a box from starting.
read_only() {
    local device place kind options rest
    read -r device place kind options rest <<<"$1"
    case $device:$place:$kind in
    '#'* | *:*:proc | *:*:swap | *:none:* | *::*)
        printf '%s\n' "$1"
        return
        ;;
    *:/:* | *:/boot:* | *:/boot/firmware:*)
        case ,$options, in *,ro,*) ;; *) options=${options/#rw/defaults},ro ;; esac
        ;;
    esac
    if [ "$place" != / ]; then case ,$options, in *,nofail,*) ;; *) options=$options,nofail ;; esac; fi
    printf '%s %s %s %s %s\n' "$device" "$place" "$kind" "$options" "$rest"
}

# On the running system what is there goes along. The partition is made by a person: this script formats nothing.
move_data() {
    [ "$dry" = no ] && [ "$root" = / ] && ! mountpoint -q /data || return 0
    local device=$data
    case $data in LABEL=* | UUID=* | PARTUUID=*) device=$(findfs "$data") || device= ;; esac
    [ -b "$device" ] || {
        echo "prepare-pi: 没有 $data：先建好 ext4 分区（mkfs.ext4 -b 4096 -L lanewarden-data …）再运行，现在先还原 · $data is not there: make it first. Undoing" >&2
        undo_all
        exit 1
    }
    mkdir -p /data
    mount -t ext4 -o noatime "$device" /data
    mkdir -p /data/lanewarden /data/lanewarden-etc /data/timesync /var/lib/systemd/timesync /var/lib/lanewarden /etc/lanewarden
    local pair
    for pair in /var/lib/lanewarden:/data/lanewarden /etc/lanewarden:/data/lanewarden-etc /var/lib/systemd/timesync:/data/timesync; do
        # Only into an empty folder: a second run must not bring old data back.
        [ -z "$(ls -A "${pair#*:}")" ] || continue
        cp -ax "${pair%%:*}/." "${pair#*:}/"
        chown --reference="${pair%%:*}" "${pair#*:}"
        chmod --reference="${pair%%:*}" "${pair#*:}"
    done
    sync -f /data
    umount /data
}

mobile() {
    [ -n "$apn" ] || return 0
    step "4G：接入点 $apn · 4G, access point $apn"
    change etc/NetworkManager/system-connections/lanewarden-4g.nmconnection "apn=$apn" 600 <<TEXT
[connection]
id=lanewarden-4g
type=gsm
autoconnect=true
# For ever: a box in a cabinet has nobody to press connect.
autoconnect-retries=0

[gsm]
apn=$apn

[ipv4]
method=auto
# A cable is better, where there is one.
route-metric=700

[ipv6]
method=auto
route-metric=700
TEXT
    [ -e "${root}usr/sbin/ModemManager" ] || echo '  注意 note                还需要 modemmanager 软件包 · the package modemmanager is needed too'
}

if [ "$undo" = yes ]; then
    step '还原 · undo'
    undo_all
else
    hardware_watchdog
    no_waiting_for_enter
    log_in_memory
    time_sync
    rs485
    mobile
    read_only_root
fi

if [ "$dry" = yes ]; then
    echo "没有改动任何文件（共 $changed 处要改）· nothing was changed ($changed changes are due)"
elif [ "$changed" = 0 ]; then
    echo '一切就绪，无需改动 · everything is as it should be'
else
    echo "改了 $changed 处；重启后生效 · $changed changes; they take effect at the next boot"
fi
