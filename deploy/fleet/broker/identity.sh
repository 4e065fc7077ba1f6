#!/bin/sh
# Identities at the broker of the centre.
#   identity.sh centre HOST...   the authority (once) and the server's certificate for these names or addresses
#   identity.sh box NAME         a password for a box (or for "consumer"); prints what goes into the box's configuration
#   identity.sh remove NAME      its password no longer works
# Files: MOSQUITTO (default /etc/mosquitto), AUTHORITY (default /etc/lanewarden-centre: its key never leaves this machine; back it up).
set -eu
umask 077
mosquitto=${MOSQUITTO:-/etc/mosquitto}
authority=${AUTHORITY:-/etc/lanewarden-centre}
passwords=$mosquitto/boxes.passwd

# Mosquitto reads its files after it has dropped root.
give() {
  if id mosquitto >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then chown mosquitto: "$@"; fi
}

reload() {
  if command -v systemctl >/dev/null && systemctl -q is-active mosquitto 2>/dev/null; then systemctl reload mosquitto; fi
}

usage() {
  sed -n '3,5s/^# *//p' "$0" >&2
  exit 64
}

[ $# -ge 2 ] || usage
what=$1
shift
case $what in
  centre)
    mkdir -p "$authority" "$mosquitto/certs"
    if ! [ -e "$authority/ca.key" ]; then
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 7300 -subj '/CN=lanewarden centre' \
        -keyout "$authority/ca.key" -out "$authority/ca.pem" 2>/dev/null
      chmod 0644 "$authority/ca.pem"
    fi
    names=''
    for name in "$@"; do
      case $name in
        *[!0-9.:]*) names="$names,DNS:$name" ;;
        *) names="$names,IP:$name" ;;
      esac
    done
    # Valid 825 days; the same command renews it.
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 825 -subj "/CN=$1" \
      -CA "$authority/ca.pem" -CAkey "$authority/ca.key" -addext "subjectAltName=${names#,}" -addext basicConstraints=critical,CA:FALSE \
      -keyout "$mosquitto/certs/server.key" -out "$mosquitto/certs/server.pem" 2>/dev/null
    [ -e "$passwords" ] || : >"$passwords"
    give "$mosquitto/certs/server.key" "$mosquitto/certs/server.pem" "$passwords"
    reload
    echo "$authority/ca.pem"
    ;;
  box)
    name=$1
    case $name in
      *[!A-Za-z0-9_-]* | -*)
        echo "$name: letters, digits, - and _ only" >&2
        exit 64
        ;;
    esac
    password=$(openssl rand -hex 24)
    # By a file: a password on a command line is seen by everybody on the machine.
    fresh=$(mktemp "$passwords.XXXXXX")
    printf '%s:%s\n' "$name" "$password" >"$fresh"
    mosquitto_passwd -U "$fresh"
    grep -v "^$name:" "$passwords" >>"$fresh" || true
    mv "$fresh" "$passwords"
    give "$passwords"
    reload
    if [ "$name" = consumer ]; then echo "$password"; else
      cat <<YAML
# lanewarden.yaml
publish:
  mqtt: { enabled: true, url: mqtts://CENTRE:8883, user: $name, password: { secret: publish.mqtt }, box: $name, ca: centre.pem }
# secrets.yaml
publish.mqtt: "$password"
YAML
    fi
    ;;
  remove)
    mosquitto_passwd -D "$passwords" "$1"
    give "$passwords"
    reload
    ;;
  *) usage ;;
esac
