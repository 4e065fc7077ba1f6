#!/bin/sh
# One provisioning file to the boxes of this centre, and who has it.
#   provision.sh send FILE [BOX...]   to these boxes, or to all: each takes its own row. Those that are away get it at their next connection
#   provision.sh result FILE          a line for each box that answered to this file: box, state, why; then a sum
#   provision.sh clear [BOX...]       takes back what lies at the broker for these boxes, or for all
# Try one box first, then all. CENTRE (default /etc/lanewarden-centre), BROKER (default localhost:8883). Debian: mosquitto-clients, jq
set -eu
centre=${CENTRE:-/etc/lanewarden-centre}
broker=${BROKER:-localhost:8883}

# The password by a file: on a command line everybody on the machine would see it.
settings=$(mktemp -d)
trap 'rm -rf "$settings"' EXIT
for command in mosquitto_pub mosquitto_sub; do
  {
    printf -- '-h %s\n-p %s\n-u operator\n' "${broker%:*}" "${broker##*:}"
    printf -- '--pw %s\n--cafile %s\n' "$(cat "$centre/operator.password")" "$centre/ca.pem"
  } >"$settings/$command"
done
export XDG_CONFIG_HOME="$settings"

usage() {
  sed -n '3,5s/^# *//p' "$0" >&2
  exit 64
}

# Of each of these boxes, or the one of all.
topics() {
  [ $# -gt 0 ] || echo lanewarden/provision
  for box in "$@"; do echo "lanewarden/$box/provision"; done
}

what=${1:-}
[ $# -gt 0 ] && shift
case $what in
  send)
    [ $# -ge 1 ] || usage
    file=$1
    shift
    topics "$@" | while read -r topic; do mosquitto_pub -q 1 -r -t "$topic" -f "$file"; done
    ;;
  result)
    [ $# = 1 ] || usage
    digest=$(sha256sum "$1" | cut -d' ' -f1)
    # What is retained comes at once. 27: the three seconds are over, as they are to be.
    mosquitto_sub -q 1 -t 'lanewarden/+/provision/result' --retained-only -W 3 -F '%t %p' >"$settings/answers" 2>"$settings/faults" || [ $? = 27 ] || {
      cat "$settings/faults" >&2
      exit 1
    }
    sed 's/^lanewarden\///; s/\/provision\/result / /' "$settings/answers" |
      while read -r box answer; do
        printf '%s' "$answer" | jq -r --arg box "$box" --arg file "$digest" \
          'select(.file == $file) | [$box, .state, (if .state == "done" then "" else .text.zh end)] | @tsv'
      done | sort | awk -F'\t' '{ print; sum[$2]++ } 
        END { count = split("done running failed", states, " "); for (at = 1; at <= count; at++) if (sum[states[at]]) print "= " states[at] " " sum[states[at]] }'
    ;;
  clear) topics "$@" | while read -r topic; do mosquitto_pub -q 1 -r -n -t "$topic"; done ;;
  *) usage ;;
esac
