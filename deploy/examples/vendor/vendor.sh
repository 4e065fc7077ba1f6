#!/bin/sh
# Tells the box of a payment, again with the same id until it answers, and reads who left unpaid.
#   INTAKE=http://127.0.0.1:8081 TOKEN=... PAGE=http://127.0.0.1:8080 READ_TOKEN=... sh vendor.sh PAY-1 1001 粤B12345 1500
set -eu
message='{"id":"'$1'","lane":"'$2'","plate":"'$3'","amount":'$4',"issuedAt":"'$(date -Iseconds)'"}'

# curl itself tries again without an answer and after 408, 429, 500 and 503, and honours Retry-After. The message stays the same.
curl -sS "$INTAKE/api/v1/grants" --max-time 5 --retry 1000000 --retry-all-errors --retry-max-time 0 \
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d "$message"
echo
curl -sS "$PAGE/api/v2/releases?limit=100" -H "Authorization: Bearer $READ_TOKEN"
echo
