#!/bin/sh
# Forms a cluster of the nodes, with two replicas per master, unless they already form one.
#
#   form-cluster.sh HOST:PORT...
set -eu
REDISCLI_AUTH=$(cat "${SECRETS:-/secrets/redis}/password.setup")
export REDISCLI_AUTH
state=$(redis-cli --user setup -h "${1%:*}" -p "${1#*:}" cluster info)
case "$state" in
  *cluster_state:ok*) echo 'the nodes already form a cluster' ;;
  *) redis-cli --user setup --cluster create "$@" --cluster-replicas 2 --cluster-yes ;;
esac
