#!/bin/sh
# Starts a Redis or a sentinel whose role the others may change. It saves such changes in its own copy of the
# configuration, created at the first start. Remove /data/NAME to use a new configuration.
#
#   start-node.sh NAME [LINE...]    NAME is redis.conf or sentinel.conf; LINEs are appended
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
