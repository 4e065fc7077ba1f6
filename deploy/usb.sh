#!/bin/sh
# lanewarden for @ARCH@, with the packages of Debian @RELEASE@ that it needs: sudo sh FILE.run. No network is asked. Made by deploy/usb.mjs.
set -eu
stop() {
    echo "lanewarden: $1" >&2
    echo "lanewarden: $2" >&2
    exit 1
}
[ "$(id -u)" = 0 ] || stop "需要 root：sudo sh $0" "only root may install: sudo sh $0"
has=$(dpkg --print-architecture)
[ "$has" = @ARCH@ ] || stop "本机是 $has，这个文件是给 @ARCH@ 的" "this machine is $has, and this file is for @ARCH@"
# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
[ "$codename" = @RELEASE@ ] || stop "本机不是 Debian @RELEASE@（${codename:-未知}）" "this is not Debian @RELEASE@ (${codename:-unknown})"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
line=$(awk '/^#+ the packages #+$/ { print NR + 1; exit }' "$0")
if ! tail -n "+$line" "$0" | tar -x -C "$work" 2>/dev/null || ! (cd "$work" && sha256sum --quiet --check SHA256SUMS); then
    stop "文件不完整或已损坏，请重新拷贝" "the file is incomplete or damaged: copy it again"
fi
# What the box has in the same or a newer version stays as it is.
DEBIAN_FRONTEND=noninteractive dpkg --install --skip-same-version --refuse-downgrade --force-confold "$work"/*.deb
exit 0
########## the packages ##########
