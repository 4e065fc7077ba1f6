#!/bin/sh
# Identities at the centre.
#   identity.sh centre HOST...            the authority (once) and the server's certificate for these names or addresses
#   identity.sh box NAME PARK             a password for a box, at the broker and for its metrics; prints what goes into its configuration
#   identity.sh consumer                  a password for the consumer, and the name of its session
#   identity.sh operator                  a password for whoever sends provisioning files (provision.sh)
#   identity.sh scrape NAME ADDRESS PARK  a box that the centre reaches at ADDRESS (host:port); its token is read from standard input
#   identity.sh remove NAME               none of it works any more
# Files: CENTRE (default /etc/lanewarden-centre; the authority's key never leaves this machine: back it up), MOSQUITTO (default /etc/mosquitto).
# Passwords are written for both brokers, Mosquitto (where it is installed) and NATS: one can take the place of the other.
set -eu
umask 077
mosquitto=${MOSQUITTO:-/etc/mosquitto}
centre=${CENTRE:-/etc/lanewarden-centre}
passwords=$mosquitto/boxes.passwd
users=$centre/metrics-users.yaml
nats=$centre/nats

usage() {
  sed -n '3,8s/^# *//p' "$0" >&2
  exit 64
}

# Each service reads its files as its own user.
readable() {
  group=$1
  shift
  if [ "$(id -u)" = 0 ] && getent group "$group" >/dev/null; then
    chown "root:$group" "$@"
    chmod g=rX "$@"
    # The broker warns of a list of passwords that is not its own.
    if [ "$*" = "$passwords" ]; then chown "$group" "$@"; fi
  fi
}

# The broker reads its passwords anew, and keeps its connections.
reload() {
  command -v systemctl >/dev/null || return 0
  if systemctl -q is-active mosquitto 2>/dev/null; then systemctl reload mosquitto; fi
  if systemctl -q is-active nats-server 2>/dev/null; then systemctl reload nats-server; fi
  if systemctl -q is-active lanewarden-vmauth 2>/dev/null; then systemctl restart lanewarden-vmauth; fi
}

certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "$@" 2>/dev/null
}

# Without a password: none any more. By a file: a password on a command line is seen by everybody on the machine.
at_the_broker() {
  at_nats "$1" "$2"
  command -v mosquitto_passwd >/dev/null || return 0
  fresh=$(mktemp "$passwords.XXXXXX")
  if [ -n "$2" ]; then
    printf '%s:%s\n' "$1" "$2" >"$fresh"
    mosquitto_passwd -U "$fresh"
  fi
  grep -v "^$1:" "$passwords" >>"$fresh" || true
  mv "$fresh" "$passwords"
  readable mosquitto "$passwords"
}

# A user of NATS on a line of its own, with the rights that boxes.acl gives it: NATS has no pattern for the name of a user in a file.
at_nats() {
  [ -d "$nats" ] || mkdir -m 0755 "$nats"
  fresh=$(mktemp "$nats/users.conf.XXXXXX")
  # NATS lets in everybody while its list is empty: the first of it is a user that no password fits.
  # shellcheck disable=SC2016
  printf 'authorization { users: [\n{user: "no box", password: "$2b$04$", permissions: { publish: { deny: ">" }, subscribe: { deny: ">" } } }\n' >"$fresh"
  if [ -n "$2" ]; then
    case $1 in
      consumer) write='allow: ["lanewarden.*.received"]' read='"lanewarden.>"' ;;
      operator) write='allow: ["lanewarden.provision", "lanewarden.*.provision"]' read='"lanewarden.*.provision.result"' ;;
      *) write="allow: [\"lanewarden.$1.>\"]" read="\"lanewarden.$1.provision\", \"lanewarden.provision\", \"lanewarden.$1.received\", \"lanewarden.$1.heartbeat\"" ;;
    esac
    # Nobody guesses 192 bits: the quickest of bcrypt, for many boxes come back at once. $MQTT.sub: how NATS itself delivers QoS 1.
    hash=$(printf %s "$2" | perl -e '$_ = crypt(<STDIN>, $ARGV[0]); /^\$2b/ or die "no bcrypt\n"; print' "\$2b\$04\$$(openssl rand -hex 11)")
    # shellcheck disable=SC2016
    printf '{ user: "%s", password: "%s", allowed_connection_types: ["MQTT"], permissions: { publish: { %s }, subscribe: { allow: [%s, "$MQTT.sub.>"] } } }\n' \
      "$1" "$hash" "$write" "$read" >>"$fresh"
  fi
  grep -s '^{ user:' "$nats/users.conf" | grep -v "^{ user: \"$1\"," >>"$fresh" || true
  echo '] }' >>"$fresh"
  mv "$fresh" "$nats/users.conf"
  readable nats "$nats/users.conf"
}

# Whatever a box says of its name in a sample is replaced by the name it has here.
for_metrics() {
  no_metrics "$1"
  cat >>"$users" <<YAML
  - username: $1
    password: $2
    url_prefix: "http://127.0.0.1:8428/?extra_label=box%3D$1&extra_label=park%3D$(printf %s "$3" | od -An -v -tx1 | tr -d '\n' | tr ' ' %)"
YAML
}

no_metrics() {
  sed -i "/^  - username: $1\$/,+2d" "$users"
}

[ $# -ge 1 ] || usage
what=$1
name=${2:-consumer}
case $what$name in
  centre*) ;;
  # The users of others, and the topic of all boxes.
  boxconsumer | boxoperator | boxprovision)
    echo "$name: not the name of a box" >&2
    exit 64
    ;;
  *[!A-Za-z0-9_-]*)
    echo "$name: letters, digits, - and _ only" >&2
    exit 64
    ;;
esac
case $what in
  centre)
    [ $# -ge 2 ] || usage
    shift
    mkdir -p "$centre/boxes" "$nats" "$mosquitto/certs"
    chmod 0755 "$centre" "$nats" "$mosquitto/certs"
    if ! [ -e "$centre/ca.key" ]; then
      certificate -days 7300 -subj '/CN=lanewarden centre' -keyout "$centre/ca.key" -out "$centre/ca.pem"
      chmod 0644 "$centre/ca.pem"
    fi
    names=''
    for host in "$@"; do
      case $host in
        *[!0-9.:]*) names="$names,DNS:$host" ;;
        *) names="$names,IP:$host" ;;
      esac
    done
    # Valid 825 days; the same command renews it.
    certificate -days 825 -subj "/CN=$1" -CA "$centre/ca.pem" -CAkey "$centre/ca.key" -addext "subjectAltName=${names#,}" \
      -addext basicConstraints=critical,CA:FALSE -keyout "$mosquitto/certs/server.key" -out "$mosquitto/certs/server.pem"
    [ -e "$passwords" ] || : >"$passwords"
    [ -e "$users" ] || echo 'users:' >"$users"
    [ -e "$nats/users.conf" ] || at_nats none ''
    cp "$mosquitto/certs/server.key" "$mosquitto/certs/server.pem" "$centre"
    cp "$mosquitto/certs/server.key" "$mosquitto/certs/server.pem" "$nats"
    readable mosquitto "$mosquitto/certs/server.key" "$mosquitto/certs/server.pem"
    readable mosquitto "$passwords"
    readable nats "$nats/users.conf" "$nats/server.key" "$nats/server.pem"
    readable _victoria-metrics "$centre/boxes" "$centre/server.key" "$centre/server.pem" "$users"
    ;;
  box)
    [ $# = 3 ] || usage
    password=$(openssl rand -hex 24)
    at_the_broker "$name" "$password"
    for_metrics "$name" "$password" "$3"
    cat <<YAML
# lanewarden.yaml (ca: a copy of $centre/ca.pem)
publish:
  mqtt: { enabled: true, url: mqtts://CENTRE:8883, user: $name, password: { secret: publish.mqtt }, box: $name, ca: centre.pem }
# secrets.yaml
publish.mqtt: "$password"
YAML
    ;;
  consumer)
    openssl rand -hex 24 >"$centre/consumer.password"
    # The name of its session, made once. A broker gives a session to any user who knows its name, and throws away what waits in it.
    [ -e "$centre/consumer.session" ] || echo "lanewarden-consumer-$(openssl rand -hex 16)" >"$centre/consumer.session"
    readable lanewarden-consumer "$centre/consumer.password" "$centre/consumer.session"
    at_the_broker consumer "$(cat "$centre/consumer.password")"
    ;;
  operator)
    openssl rand -hex 24 >"$centre/operator.password"
    at_the_broker operator "$(cat "$centre/operator.password")"
    ;;
  scrape)
    [ $# = 4 ] || usage
    cat >"$centre/boxes/$name.token"
    cat >"$centre/boxes/$name.yaml" <<YAML
- job_name: $name
  scheme: https
  # The box's own certificate. To pin it: tls_config: { ca_file: …, server_name: … }
  tls_config: { insecure_skip_verify: true }
  authorization: { credentials_file: $centre/boxes/$name.token }
  static_configs:
    - targets: ['$3']
      labels: { box: '$name', park: '$4' }
YAML
    readable _victoria-metrics "$centre/boxes/$name.token" "$centre/boxes/$name.yaml"
    ;;
  remove)
    [ $# = 2 ] || usage
    at_the_broker "$name" ''
    no_metrics "$name"
    rm -f "$centre/boxes/$name.yaml" "$centre/boxes/$name.token"
    ;;
  *) usage ;;
esac
reload
