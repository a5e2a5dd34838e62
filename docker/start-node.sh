#!/bin/sh
# Starts a Redis or a sentinel whose role the others may change. It keeps what they told it in its own copy of the
# configuration, created at the first start; remove /data/NAME to adopt a new one.
#
#   start-node.sh NAME [LINE...]    NAME is redis.conf or sentinel.conf; the lines are added to it
set -eu
umask 077
name=$1
shift
if [ ! -f "/data/$name" ]; then
  { cat "/etc/emberlink/$name" "/secrets/redis/$name"; printf '%s\n' "$@"; } > "/data/$name.new"
  mv "/data/$name.new" "/data/$name"
fi
case "$name" in
  redis.conf) exec redis-server /data/redis.conf ;;
  sentinel.conf) exec redis-server /data/sentinel.conf --sentinel ;;
esac
