#!/bin/sh
# Starts a Redis or a sentinel whose role the others may change. It saves such changes in its own copy of the
# configuration, created at the first start. Remove /data/NAME to use a new configuration.
#
#   start-node.sh NAME [LINE...] [--OPTION VALUE]...    NAME is redis.conf or sentinel.conf
#
# In the copy, STORE_NET replaces the first three numbers of the addresses, 172.28.7. LINEs are appended to the copy when it is created, OPTIONs apply at every start.
set -eu
umask 077
name=$1
shift
copy=/data/$name
is_new=
if [ ! -f "$copy" ]; then
  is_new=yes
  cat "/etc/emberlink/$name" "/secrets/redis/$name" | sed "s/172\.28\.7\./${STORE_NET:-172.28.7}./" > "$copy.new"
fi
while [ $# -gt 0 ]; do
  case "$1" in --*) break ;; esac
  if [ -n "$is_new" ]; then printf '%s\n' "$1" >> "$copy.new"; fi
  shift
done
if [ -n "$is_new" ]; then mv "$copy.new" "$copy"; fi
case "$name" in
  redis.conf) exec redis-server "$copy" "$@" ;;
  sentinel.conf) exec redis-server "$copy" --sentinel "$@" ;;
esac
