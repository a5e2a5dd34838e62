#!/bin/sh
# Starts a Redis or a sentinel whose role the others may change: what they told it stands in its own copy of the
# configuration, which is made at the first start. To take over a new one, remove /data/NAME.
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
