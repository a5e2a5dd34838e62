#!/bin/sh
# Starts Emberlink, tests secrets.sh against it, and stops it.
set -eu
cd "$(dirname "$0")"
. ./secrets.sh

EMBERLINK_ACCOUNT=ana@example.com:0123456789abcdef
pipes=$(mktemp -d)
mkfifo "$pipes/stdin" "$pipes/stdout"
# The server stops when its standard input closes: in this trap, or when the shell dies.
trap 'exec 3>&-; wait; rm -r "$pipes"' EXIT
trap 'exit 1' HUP INT TERM
${EMBERLINK:-npx emberlink} serve --ephemeral --account "$EMBERLINK_ACCOUNT" <"$pipes/stdin" >"$pipes/stdout" &
exec 3>"$pipes/stdin"
read -r ready <"$pipes/stdout"
EMBERLINK_URL=$(printf '%s' "$ready" | sed 's/^{"url":"\([^"]*\)".*/\1/')
control_url=$(printf '%s' "$ready" | sed 's/.*"control":{"url":"\([^"]*\)".*/\1/')
control_token=$(printf '%s' "$ready" | sed 's/.*"token":"\([^"]*\)".*/\1/')

# control METHOD PATH [JSON]
control() {
  curl --fail-with-body -sS -X "$1" -H "Authorization: Bearer $control_token" "$control_url$2" ${3:+-d "$3"}
}

# expect WHAT EXPECTED ACTUAL
expect() {
  if [ "$2" = "$3" ]; then echo "ok: $1"; else
    echo "not ok: $1: expected '$2', but got '$3'"
    exit 1
  fi
}

# status COMMAND...: prints its exit status.
status() {
  "$@" >/dev/null && echo 0 || echo $?
}

key=$(share tulip ttl=3600)
expect 'reveals a secret' tulip "$(reveal "$key")"
expect 'reveals it once' 3 "$(status reveal "$key")"

control POST /reset >/dev/null
key=$(share tulip ttl=3600)
control POST /clock '{"advance": 3601}' >/dev/null
expect 'knows an expired secret' 3 "$(status reveal "$key")"

control POST /reset >/dev/null
key=$(share tulip recipient=bo@example.com)
link=$(control GET /emails | sed -n 's/.*"to":"bo@example.com","link":"\([^"]*\)".*/\1/p')
expect 'emails the link' "$EMBERLINK_URL/secret/$key" "$link"

control POST /reset >/dev/null
expect 'starts without the emails of other tests' '{"emails":[]}' "$(control GET /emails)"
key=$(share tulip)
control POST /faults '{"fault": "cut-after", "operation": "reveal"}' >/dev/null
expect 'knows that an answer was lost' 4 "$(status reveal "$key")"
expect 'does not take it for a secret that is left' 3 "$(status reveal "$key")"
